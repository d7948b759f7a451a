"""A section cut into what may be quoted: sentences, list items and table rows, each an exact stretch of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.models import Block, BlockKind, Passage, Section
from knowledge.sentences import sentence_spans

_LEAD_IN_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is quoted. `text` is exactly `section.text[start:end]`.

    `header` is the row that names a table row's columns, `lead` the sentence that introduces a list item ("... in
    patients with:"); both are exact text of the same section, since neither row nor item says enough on its own.
    `caption` is the table's title, `group` the nearest row above that names a group of rows ("Overall", "Week 24").
    """

    text: str
    start: int
    end: int
    kind: BlockKind
    header: str = ""
    lead: str = ""
    caption: str = ""
    group: str = ""

    @property
    def is_row(self) -> bool:
        """Whether this is a row of a table."""
        return self.kind is BlockKind.TABLE_ROW

    @property
    def context(self) -> str:
        """What has to be read with it: lead-in, caption, header row and row group."""
        return " ".join(part for part in (self.lead, self.caption, self.header, self.group) if part)


def units_of(section: Section) -> list[Unit]:
    """Every quotable unit of a section in reading order. Captions and header rows are context, not units."""
    units: list[Unit] = []
    lead = caption = group = ""
    for block in section.blocks:
        text = section.text[block.start : block.end]
        if block.kind is BlockKind.TABLE_CAPTION:
            caption, group = text, ""
        elif block.kind is BlockKind.TABLE_HEADER:
            group = ""
        elif block.kind is BlockKind.TABLE_ROW:
            if _names_a_group(text):
                group = text
            header = _header_text(section, block.header)
            units.append(Unit(text, block.start, block.end, block.kind, header, "", caption, group))
        else:
            units.extend(_sentences(section, block, lead if block.kind is BlockKind.LIST_ITEM else ""))
            if block.kind is BlockKind.PARAGRAPH:
                lead, caption = _lead_in(units), ""
    return units


def spans_in(passage: Passage, units: Sequence[Unit]) -> tuple[tuple[int, int], ...]:
    """Where the units that begin in a passage stand in its text; the last one may end where the passage does.

    `units` are those of the passage's section. Every unit begins in exactly one passage.
    """
    return tuple(
        (unit.start - passage.start, min(unit.end, passage.end) - passage.start)
        for unit in units
        if passage.start <= unit.start < passage.end
    )


def heading(section: Section) -> str:
    """A section's own title, or the nearest one above it."""
    return section.title or next((title for title in reversed(section.path) if title), "")


def _names_a_group(row: str) -> bool:
    """Whether a row has one filled cell: a heading inside the table."""
    return sum(bool(cell.strip()) for cell in row.split(" | ")) == 1


def _header_text(section: Section, index: int | None) -> str:
    if index is None:
        return ""
    header: Block = section.blocks[index]
    return section.text[header.start : header.end]


def _sentences(section: Section, block: Block, lead: str) -> list[Unit]:
    text = section.text[block.start : block.end]
    return [
        Unit(text[start:end], block.start + start, block.start + end, block.kind, lead=lead)
        for start, end in sentence_spans(text)
    ]


def _lead_in(units: list[Unit]) -> str:
    last = units[-1].text if units else ""
    return last if last.endswith((":", "：")) and len(last) <= _LEAD_IN_LIMIT else ""
