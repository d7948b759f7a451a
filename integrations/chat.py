"""The terminal's side of a conversation: lines in, answers drawn, a few commands of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console

from assistant.errors import AssistantError
from integrations.conversation import Conversation
from integrations.messages import messages
from integrations.terminal import show_answer


class Chat:
    """Reads until the end of input or /quit. A question that fails is told in one line; the conversation goes on."""

    def __init__(self, conversation: Conversation, language: str, console: Console | None = None) -> None:
        self._conversation = conversation
        self._say = messages(language)
        self._console = console or Console()

    def run(self, lines: TextIO) -> None:
        """Hold the conversation."""
        interactive = lines.isatty()
        if interactive:
            self._tell("chat_hello")
        for line in self._prompted(lines) if interactive else lines:
            text = line.strip()
            if text in ("/quit", "/exit"):
                return
            if text.startswith("/"):
                self._command(text)
            elif text:
                self.put(text, echo=not interactive)

    def put(self, text: str, *, echo: bool) -> None:
        """Ask one thing and draw the answer; with `echo` the question is shown first."""
        if echo:
            self._console.print(f"› {text}", style="bold", markup=False, highlight=False)
        try:
            show_answer(self._console, self._conversation.say(text))
        except AssistantError as fault:
            self._console.print(str(fault), style="red", markup=False, highlight=False)
        self._console.print()

    def _command(self, text: str) -> None:
        name, _, rest = text.partition(" ")
        if name == "/new":
            self._conversation.start_over()
            self._tell("chat_new")
        elif name == "/product":
            self._conversation.product = rest.strip() or None
            key = "chat_product" if self._conversation.product else "chat_product_none"
            self._tell(key, product=self._conversation.product)
        else:
            self._tell("chat_unknown")

    def _tell(self, key: str, **values: object) -> None:
        self._console.print(self._say(key, **values), style="dim", markup=False, highlight=False)

    def _prompted(self, lines: TextIO) -> Iterator[str]:
        while True:
            self._console.print("› ", style="bold", end="")
            line = lines.readline()
            if not line:
                return
            yield line
