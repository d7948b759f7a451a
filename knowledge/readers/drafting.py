"""From what a format holds to sections: every reader fills an outline, and this makes sections of it.

Text is cleaned here, once: one kind of blank, no control characters, no soft hyphens or other invisible marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.models import Block, BlockKind, Box, Section, SectionKind
from knowledge.sections import Form, form_of, kind_of, names_part, split_heading

CELL = " | "
ITEM = "- "

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff]"
)
_STRAY_BLANK = re.compile(r"(?<=[(\[]) | (?=[)\]]|[.,](?: |$))")
_NOTE = re.compile(
    r"[*†‡§¶#]+ ?\S|\^?[a-z0-9] (?-i:(?=[^\W\d_a-z]))|\(?[a-z0-9]\) |(?:note|abbreviations?|source) ?:", re.IGNORECASE
)
_TABLE_LINES = frozenset({BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER, BlockKind.FOOTNOTE})
_PARAGRAPH_TITLE_WORDS = 20


def clean(text: str) -> str:
    """One line of plain text: blanks run together, none inside brackets or before a stop, nothing invisible."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = " ".join(_INVISIBLE.sub("", line).split())
    return _STRAY_BLANK.sub("", line) if _STRAY_BLANK.search(line) else line


def row_text(cells: Sequence[str]) -> str:
    """A table row as one line. Empty cells stay, so that columns can be counted from the left; trailing ones go."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    if sum(map(bool, kept)) == 0:
        return ""
    return " ".join(CELL.join(kept).split())


@dataclass(slots=True)
class Line:
    """One block to be: `header` is the index, in the same draft, of the row that names its columns."""

    kind: BlockKind
    text: str
    header: int | None = None
    box: Box | None = None


@dataclass(slots=True)
class Draft:
    """A section while it is read."""

    level: int
    heading: str
    number: str | None = None
    title: str = ""
    code: str | None = None
    page: int | None = None
    parent: Draft | None = None
    path: tuple[str, ...] = ()
    kind: SectionKind = SectionKind.OTHER
    lines: list[Line] = field(default_factory=list)

    def add(self, kind: BlockKind, text: str, *, header: int | None = None, box: Box | None = None) -> int | None:
        """Append a block; None, and nothing appended, when there is no text in it."""
        line = clean(text)
        if not line.strip("-•·| "):
            return None
        if kind is BlockKind.LIST_ITEM:
            line = ITEM + line
        self.lines.append(Line(kind, line, header, box))
        return len(self.lines) - 1


class Outline:
    """Sections in reading order, each under the right ancestors.

    A numbered heading belongs under the nearest open heading whose number it continues, whatever its level says, and
    never under a boxed warning: many files number their headings well and nest them badly.
    """

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._open: list[Draft] = []

    def open(
        self, level: int, heading: str, *, code: str | None = None, page: int | None = None, strict: bool = False
    ) -> Draft:
        """Begin a section at `level` (1 = top). `strict`: the level is the truth, as in a nested format."""
        text = clean(heading)
        number, title = split_heading(text)
        while self._open and not self._holds(self._open[-1], level, number, strict):
            self._open.pop()
        parent = self._open[-1] if self._open else None
        draft = Draft(level, text, number, title, code, page, parent)
        draft.path = (parent.path if parent else ()) + ((text,) if text else ())
        self._drafts.append(draft)
        self._open.append(draft)
        return draft

    @staticmethod
    def _holds(ancestor: Draft, level: int, number: str | None, strict: bool) -> bool:
        if ancestor.level >= level:
            return False
        if strict or number is None:
            return True
        if ancestor.number is None:
            return not names_part(ancestor.title)
        return number.startswith(ancestor.number + ".")

    def finish(self) -> tuple[Section, ...]:
        """The sections that hold text, numbered in reading order, each with the part of the standard form it is."""
        form = form_of((draft.number, draft.title) for draft in self._drafts)
        kept = []
        for draft in self._drafts:
            _settle(draft, form)
            if draft.lines:
                kept.append(draft)
        return tuple(_section(ordinal, draft) for ordinal, draft in enumerate(kept))


def _settle(draft: Draft, form: Form) -> None:
    parent = draft.parent.kind if draft.parent else None
    draft.kind = kind_of(draft.code, draft.number, draft.title, form=form, parent=parent)
    if len(draft.title.split()) > _PARAGRAPH_TITLE_WORDS and draft.title.endswith("."):
        _lead_with_title(draft)
    _mark_notes(draft)


def _mark_notes(draft: Draft) -> None:
    """Paragraphs right below a table that open like a footnote are its footnotes."""
    below = False
    for line in draft.lines:
        if below and line.kind is BlockKind.PARAGRAPH and _NOTE.match(line.text):
            line.kind = BlockKind.FOOTNOTE
        below = line.kind in _TABLE_LINES


def _lead_with_title(draft: Draft) -> None:
    """A title that is a whole paragraph is text too, or nobody would ever find what it says."""
    for line in draft.lines:
        line.header = None if line.header is None else line.header + 1
    draft.lines.insert(0, Line(BlockKind.PARAGRAPH, draft.title))


def _section(ordinal: int, draft: Draft) -> Section:
    blocks: list[Block] = []
    at = 0
    for line in draft.lines:
        blocks.append(Block(line.kind, at, at + len(line.text), line.header, line.box))
        at += len(line.text) + 1
    return Section(
        ordinal=ordinal,
        number=draft.number,
        title=draft.title,
        path=draft.path,
        kind=draft.kind,
        text="\n".join(line.text for line in draft.lines),
        blocks=tuple(blocks),
        code=draft.code,
        page=draft.page,
    )
