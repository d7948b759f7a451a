"""The terminal's side of a conversation: lines in, answers drawn, a few commands of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TextIO

from rich.console import Console

from assistant.domain.person import Principal
from assistant.errors import AssistantError
from integrations.bootstrap import Assistant
from integrations.conversation import Conversation
from integrations.messages import messages
from integrations.receiving import receive_typed
from integrations.terminal import AnswerView
from integrations.terminal_brief import show_brief
from integrations.terminal_receipts import show_receipts

_MORE = "/more"


class Chat:
    """Reads until the end of input or /quit. A question that fails is told in one line; the conversation goes on.

    Every message is screened first, as everywhere: what another role must hear opens before anything is answered.
    """

    def __init__(
        self, assistant: Assistant, principal: Principal, product: str | None = None, console: Console | None = None
    ) -> None:
        self._assistant = assistant
        self._principal = principal
        self._conversation = Conversation(assistant.application, principal, product)
        self._say = messages(principal.person.language)
        self._console = console or Console()
        self._view = AnswerView(self._console, _MORE)
        self._whole: Callable[[], None] | None = None
        self._commands: dict[str, Callable[[str], None]] = {
            "/new": self._new,
            "/product": self._product,
            "/brief": self._brief,
            _MORE: self._more,
        }

    def run(self, lines: TextIO) -> None:
        """Hold the conversation; what it opened is handed over at its end."""
        interactive = lines.isatty()
        if interactive:
            self._tell("chat_hello")
        try:
            for line in self._prompted(lines) if interactive else lines:
                text = line.strip()
                if text in ("/quit", "/exit"):
                    return
                if text:
                    self._put(text, echo=not interactive)
        finally:
            self._assistant.finish_work()

    def _put(self, text: str, *, echo: bool) -> None:
        """Do one line; with `echo` it is shown first."""
        if echo:
            self._console.print(f"› {text}", style="bold", markup=False, highlight=False)
        try:
            if text.startswith("/"):
                name, _, rest = text.partition(" ")
                self._commands.get(name, self._unknown)(rest.strip())
            else:
                self._ask(text)
        except AssistantError as fault:
            self._console.print(str(fault), style="red", markup=False, highlight=False)
        self._console.print()

    def _ask(self, text: str) -> None:
        opened = receive_typed(self._assistant, self._principal.person.email, text)
        try:
            answer = self._conversation.say(text)
            self._view.show(answer)
            self._whole = partial(self._view.show, answer, everything=True)
            if answer.clarify is not None:
                self._tell("choose")
        finally:
            show_receipts(self._console, opened, self._say.language, self._assistant.clock.now())

    def _new(self, _: str) -> None:
        self._conversation.start_over()
        self._view.start_over()
        self._whole = None
        self._tell("chat_new")

    def _product(self, name: str) -> None:
        self._conversation.product = name or None
        self._tell("chat_product" if name else "chat_product_none", product=name)

    def _brief(self, customer: str) -> None:
        brief = self._assistant.application.brief.brief(self._principal, customer)
        show_brief(self._console, brief, more=_MORE)
        self._whole = partial(show_brief, self._console, brief, everything=True)
        self._conversation.mention(customer)

    def _more(self, _: str) -> None:
        if self._whole is not None:
            self._whole()

    def _unknown(self, _: str) -> None:
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
