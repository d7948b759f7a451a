"""A thread in the terminal: what was said before, and what it is about."""

from __future__ import annotations

from collections import deque

from assistant.application import Application
from assistant.domain.answer import Answer
from assistant.domain.person import Principal

REMEMBERED = 10


class Conversation:
    """Asks with the thread's earlier questions as history, and carries the product that was named or chosen."""

    def __init__(self, application: Application, principal: Principal, product: str | None = None) -> None:
        self._application = application
        self._principal = principal
        self._history: deque[str] = deque(maxlen=REMEMBERED)
        self._last: Answer | None = None
        self.product = product

    def say(self, text: str) -> Answer:
        """One question, or the number of a choice that was offered last."""
        question = self._chosen(text.strip())
        if question is None:
            question = text
        answer = self._application.ask.ask(self._principal, question, list(self._history), self.product)
        if not self._history or self._history[-1] != question:
            self._history.append(question)
        self._last = answer
        return answer

    def mention(self, text: str) -> None:
        """Something the thread is about that needs no answer: a customer about to be seen."""
        self._history.append(text)

    def start_over(self) -> None:
        """Forget what was said and what it was about."""
        self._history.clear()
        self._last = None
        self.product = None

    def _chosen(self, text: str) -> str | None:
        """The question to ask again after a choice of product; None when `text` is no choice."""
        if self._last is None or self._last.clarify is None or not text.isdecimal() or not self._history:
            return None
        choices = self._last.clarify.choices
        number = int(text)
        if not 1 <= number <= len(choices):
            return None
        self.product = choices[number - 1].label
        return self._history.pop()
