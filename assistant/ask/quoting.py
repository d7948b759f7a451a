"""Chosen units turned into sentences with citations: exact quotes, readable on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.ask.select import Quoted
from assistant.domain.answer import Sentence
from knowledge.models import Citation, Document, Passage
from knowledge.units import Unit

Places = Mapping[tuple[str, int], Passage]

_CELLS = " | "


def places_of(passages: Sequence[tuple[Document, Passage]]) -> dict[tuple[str, int], Passage]:
    """For each section seen, by document key and ordinal, a passage that carries its number and title."""
    known: dict[tuple[str, int], Passage] = {}
    for document, passage in passages:
        known.setdefault((document.key, passage.section_ordinal), passage)
    return known


def cite(document: Document, passage: Passage, quote: str) -> Citation:
    """A citation of `quote`, which must be exact text of the passage's section."""
    approval = document.approval
    return Citation(
        document_id=document.id,
        version=document.version,
        section_number=passage.number,
        section_title=passage.title,
        quote=quote,
        document_key=document.key,
        document_title=document.title,
        page=passage.page,
        uses=approval.uses,
        expires_on=approval.expires_on,
        approval_id=approval.approval_id,
    )


def sentences_of(chosen: Sequence[Quoted], places: Places) -> tuple[Sentence, ...]:
    """One sentence for each chosen unit. A list item brings its lead-in once, a row its header row every time."""
    said: list[Sentence] = []
    led: set[tuple[str, str]] = set()
    for quoted in chosen:
        unit, document = quoted.unit, quoted.document
        passage = places[(document.key, int(quoted.shelf.section_of[quoted.index]))]
        lead = unit.lead if unit.lead and (document.key, unit.lead) not in led else ""
        led.add((document.key, unit.lead))
        quotes = [part for part in (lead, *_row_context(unit), _bare(unit.text)) if part]
        text = _row_text(unit) if unit.is_row else " ".join(part for part in (lead, _bare(unit.text)) if part)
        said.append(Sentence(text, tuple(cite(document, passage, quote) for quote in quotes)))
    return tuple(said)


def _row_context(unit: Unit) -> tuple[str, ...]:
    group = unit.group if unit.group and unit.group != unit.text else ""
    return tuple(part for part in (unit.header, group) if part)


def _row_text(unit: Unit) -> str:
    """A row as "Nausea: placebo 4; 5 mg 12" where header and row line up, else cell by cell."""
    group = unit.group.strip(" |") if unit.group and unit.group != unit.text else ""
    heads, cells = unit.header.split(_CELLS), unit.text.split(_CELLS)
    if unit.header and len(heads) == len(cells) > 1 and all(head.strip() for head in heads[1:]):
        pairs = "; ".join(f"{head.strip()}: {cell.strip()}" for head, cell in zip(heads[1:], cells[1:], strict=True))
        body = f"{cells[0].strip()} — {pairs}"
    else:
        body = unit.text
    return f"{group}: {body}" if group else body


def _bare(text: str) -> str:
    return text.removeprefix("- ")
