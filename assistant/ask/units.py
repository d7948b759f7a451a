"""A section cut into what may be quoted: sentences, list items and table rows, each an exact stretch of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.models import Block, BlockKind, Section
from knowledge.sentences import sentence_spans

_LEAD_IN_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is quoted. `text` is exactly `section.text[start:end]`.

    `header` is the row that names a table row's columns, `lead` the sentence that introduces a list item ("... in
    patients with:"); both are exact text of the same section, since neither row nor item says enough on its own.
    """

    text: str
    start: int
    end: int
    kind: BlockKind
    header: str = ""
    lead: str = ""
    caption: str = ""

    @property
    def is_row(self) -> bool:
        """Whether this is a row of a table."""
        return self.kind is BlockKind.TABLE_ROW


def units_of(section: Section) -> list[Unit]:
    """Every quotable unit of a section in reading order. Captions and header rows are context, not units."""
    units: list[Unit] = []
    lead = caption = ""
    for block in section.blocks:
        text = section.text[block.start : block.end]
        if block.kind is BlockKind.TABLE_CAPTION:
            caption = text
        elif block.kind is BlockKind.TABLE_ROW:
            units.append(_row(section, block, caption))
        elif block.kind is not BlockKind.TABLE_HEADER:
            units.extend(_sentences(section, block, lead if block.kind is BlockKind.LIST_ITEM else ""))
        if block.kind is BlockKind.PARAGRAPH:
            lead = _lead_in(units)
            caption = ""
    return units


def _row(section: Section, block: Block, caption: str) -> Unit:
    header = _header_text(section, block.header)
    return Unit(section.text[block.start : block.end], block.start, block.end, block.kind, header, "", caption)


def _header_text(section: Section, index: int | None) -> str:
    if index is None:
        return ""
    header: Block = section.blocks[index]
    return section.text[header.start : header.end]


def _sentences(section: Section, block: Block, lead: str) -> list[Unit]:
    text = section.text[block.start : block.end]
    spans: Sequence[tuple[int, int]] = sentence_spans(text)
    return [
        Unit(text[start:end], block.start + start, block.start + end, block.kind, lead=lead) for start, end in spans
    ]


def _lead_in(units: list[Unit]) -> str:
    last = units[-1].text if units else ""
    return last if last.endswith((":", "：")) and len(last) <= _LEAD_IN_LIMIT else ""
