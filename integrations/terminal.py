"""An answer drawn for a terminal as narrow as a phone: what is said, how it is balanced, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.domain.answer import Answer, Notice, NoticeKind, Outcome, Sentence
from integrations.messages import Messages, messages
from knowledge.models import Citation, PermittedUse

WIDTH = 72
MORE_OPTION = "--more"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BALANCE = frozenset({NoticeKind.BOXED_WARNING, NoticeKind.IMPORTANT_SAFETY_INFORMATION})
# A boxed warning is never folded; the rest of the balance leaves the answer on the same screen.
_FOLDED_LINES = 6
_TITLE = 64

# Where a quote stands, for grouping citations into numbered sources.
_Source = tuple[str, str, str, str]


class AnswerView:
    """Draws the answers of one conversation: a balance that was shown in full is then named in a line.

    `more` is how a person asks for what is folded: an option, or in a conversation a command.
    """

    def __init__(self, console: Console, more: str = MORE_OPTION) -> None:
        self._console = console
        self._more = more
        self._seen: set[str] = set()

    def show(self, answer: Answer, *, everything: bool = False) -> None:
        """Print an answer, never wider than a phone screen shows comfortably; `everything` folds nothing."""
        width = min(self._console.width, WIDTH)
        for part in self._parts(answer, width, everything):
            self._console.print(part, width=width, highlight=False)

    def start_over(self) -> None:
        """A new conversation owes its balance in full again."""
        self._seen.clear()

    def _parts(self, answer: Answer, width: int, everything: bool) -> Iterator[RenderableType]:
        say = messages(answer.language)
        sources = _Sources(answer)
        for sentence in answer.sentences:
            yield hanging("•" if len(answer.sentences) > 1 else "", _sentence(sentence, sources))
        yield from _instead(answer, say)
        for notice in answer.notices:
            # What may be done with a source stands beside the source.
            if notice.kind is not NoticeKind.PERMITTED_USE:
                yield from self._notice(notice, sources, say, width, everything)
        if answer.referrals:
            yield from _heading(say("goes_to"))
            for referral in answer.referrals:
                yield hanging("→", Text(f"{say(f'referral_{referral.type.value}')}: {referral.why}"))
        yield from sources.listed(say, None if everything else self._more)

    def _notice(
        self, notice: Notice, sources: _Sources, say: Messages, width: int, everything: bool
    ) -> Iterator[RenderableType]:
        style = "bold red" if notice.kind in _BALANCE else "bold"
        heading = Text(say(notice.kind.value), style=style)
        heading.append(sources.marks(notice.citations), style="not bold cyan")
        seen = notice.kind in _BALANCE and notice.text in self._seen and not everything
        if notice.kind in _BALANCE:
            self._seen.add(notice.text)
        yield Text()
        if seen:
            yield heading.append(f": {say('shown_before')}", style="not bold dim")
            return
        yield heading
        lines = list(Text(notice.text, style="dim").wrap(self._console, width))
        whole = everything or notice.kind is NoticeKind.BOXED_WARNING or len(lines) <= _FOLDED_LINES + 1
        yield from lines if whole else lines[:_FOLDED_LINES]
        if not whole:
            yield Text(say("folded", lines=len(lines) - _FOLDED_LINES, how=self._more), style="yellow")


def _sentence(sentence: Sentence, sources: _Sources) -> Text:
    return Text(sentence.text).append(sources.marks(sentence.citations), style="cyan")


def _instead(answer: Answer, say: Messages) -> Iterator[RenderableType]:
    """What is said when nothing is answered."""
    if answer.outcome is not Outcome.ANSWERED and answer.outcome is not Outcome.CLARIFY:
        yield Text(answer.help or say(f"outcome_{answer.outcome.value}"))
    if answer.clarify is not None:
        yield Text(answer.clarify.question)
        for number, choice in enumerate(answer.clarify.choices, start=1):
            yield Text(f"  {number}. {choice.label}")


def _heading(text: str) -> Iterator[RenderableType]:
    yield Text()
    yield Text(text, style="bold")


class _Sources:
    """The numbered sources of one answer: one number a section of a document version, its quotes under it."""

    def __init__(self, answer: Answer) -> None:
        self._shown = " ".join([*(said.text for said in answer.sentences), *(notice.text for notice in answer.notices)])
        self._quotes: dict[_Source, dict[str, Citation]] = {}
        cited = [said.citations for said in answer.sentences] + [notice.citations for notice in answer.notices]
        for citation in chain.from_iterable(cited):
            self._quotes.setdefault(_source(citation), {}).setdefault(citation.quote, citation)
        self._numbers = {source: number for number, source in enumerate(self._quotes, start=1)}

    def marks(self, citations: Iterable[Citation]) -> str:
        """The numbers of some citations, raised, after a space so that no figure seems to have an exponent."""
        numbers = dict.fromkeys(self._numbers[_source(citation)] for citation in citations)
        return "".join(f" {number}".translate(_SUPERSCRIPT) for number in numbers)

    def listed(self, say: Messages, more: str | None) -> Iterator[RenderableType]:
        """The sources, and what may be done with each.

        Quotes that do not stand above word by word (rows of tables) follow, unless `more` says how to ask for them.
        """
        if not self._quotes:
            return
        unseen = [quote for quotes in self._quotes.values() for quote in quotes if quote not in self._shown]
        hint = f" ({say('rows', how=more)})" if unseen and more else ""
        yield Text()
        yield Text(say("sources"), style="bold").append(hint, style="not bold dim")
        for source, number in self._numbers.items():
            quotes = self._quotes[source]
            body = self._source(next(iter(quotes.values())), say)
            if more is None:
                body.append("".join(f"\n“{quote}”" for quote in quotes if quote in unseen), style="italic")
            yield hanging(str(number).translate(_SUPERSCRIPT), body)

    def _source(self, citation: Citation, say: Messages) -> Text:
        title = citation.document_title or citation.document_id
        section = _clipped(" ".join(part for part in (citation.section_number, citation.section_title) if part))
        if not citation.document_key:  # the customer's record: a contact, named by its day
            return Text(", ".join(part for part in (title, citation.version, section) if part))
        if citation.expires_on:
            title += f" ({say('valid_until', day=citation.expires_on.isoformat())})"
        body = Text(", ".join(part for part in (title, say("version", version=citation.version), section) if part))
        if citation.uses:
            uses = ", ".join(say(f"use_{use.value}") for use in _beyond_reading(citation.uses))
            body.append(f"\n{say('you_may', uses=uses)}", style="green")
        return body


def hanging(mark: str, body: Text) -> RenderableType:
    """A mark, and the text beside it in a column of its own; without a mark the text alone."""
    if not mark:
        return body
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(mark, style="cyan"), body)
    return grid


def _beyond_reading(uses: AbstractSet[PermittedUse]) -> list[PermittedUse]:
    """What may be done besides reading it, which goes without saying; reading alone when there is nothing else."""
    return [use for use in PermittedUse if use in uses - {PermittedUse.INTERNAL}] or [PermittedUse.INTERNAL]


def _clipped(text: str) -> str:
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 1].rstrip()}…"


def _source(citation: Citation) -> _Source:
    return citation.document_id, citation.version, citation.section_number, citation.section_title
