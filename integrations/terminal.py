"""An answer drawn for a terminal as narrow as a phone: what is said, how it is balanced, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from assistant.domain.answer import Answer, Notice, NoticeKind, Outcome, Sentence
from integrations.messages import Messages, messages
from knowledge.models import Citation, PermittedUse

WIDTH = 72
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WARNINGS = frozenset({NoticeKind.BOXED_WARNING, NoticeKind.IMPORTANT_SAFETY_INFORMATION})

# Where a quote stands, for grouping citations into numbered sources.
_Source = tuple[str, str, str, str]


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer, never wider than a phone screen shows comfortably."""
    console.print(Group(*_parts(answer)), width=min(console.width, WIDTH), highlight=False)


def _parts(answer: Answer) -> Iterator[RenderableType]:
    say = messages(answer.language)
    sources = _Sources(answer)
    for sentence in answer.sentences:
        yield _sentence(sentence, sources)
    yield from _instead(answer, say)
    for notice in answer.notices:
        yield from _notice(notice, sources, say)
    if answer.referrals:
        yield _heading(say("goes_to"))
        for referral in answer.referrals:
            yield Text(f"→ {say(f'referral_{referral.type.value}')}: {referral.why}")
    yield from sources.listed(say)


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


def _notice(notice: Notice, sources: _Sources, say: Messages) -> Iterator[RenderableType]:
    style = "bold red" if notice.kind in _WARNINGS else "bold"
    yield _heading(say(notice.kind.value), style)
    yield Text(notice.text).append(sources.marks(notice.citations), style="cyan")


def _heading(text: str, style: str = "bold") -> RenderableType:
    return Padding(Text(text, style=style), (1, 0, 0, 0))


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
        """The numbers of some citations, raised: "¹ ³"."""
        numbers = dict.fromkeys(self._numbers[_source(citation)] for citation in citations)
        return " ".join(str(number).translate(_SUPERSCRIPT) for number in numbers)

    def listed(self, say: Messages) -> Iterator[RenderableType]:
        """The sources: document, version, section, what may be done with it, and quotes that are not shown above."""
        if self._quotes:
            yield _heading(say("sources"))
        for source, number in self._numbers.items():
            quotes = self._quotes[source]
            yield self._source(number, next(iter(quotes.values())), say)
            for quote in quotes:
                if quote not in self._shown:
                    yield Padding(Text(f"“{quote}”", style="italic"), (0, 0, 0, 2))

    def _source(self, number: int, citation: Citation, say: Messages) -> Text:
        where = [citation.document_title or citation.document_id, say("version", version=citation.version)]
        section = " ".join(part for part in (citation.section_number, citation.section_title) if part)
        where += [say("section", number=section)] if section else []
        line = Text(f"{str(number).translate(_SUPERSCRIPT)} ", style="cyan").append(", ".join(where), style="default")
        if citation.uses:
            uses = ", ".join(say(f"use_{use.value}") for use in PermittedUse if use in citation.uses)
            line.append(f"\n  {say('you_may', uses=uses)}", style="green")
        if citation.expires_on:
            line.append(f"\n  {say('valid_until', day=citation.expires_on.isoformat())}", style="dim")
        return line


def _source(citation: Citation) -> _Source:
    return citation.document_id, citation.version, citation.section_number, citation.section_title
