"""Lines and ruled tables of a PDF, in reading order, to sections: what is a heading, a paragraph, an item, a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from knowledge.models import BlockKind, Box, Section, SectionKind
from knowledge.readers.drafting import Draft, Outline, clean
from knowledge.readers.pdf_grid import Grid, words_text
from knowledge.readers.pdf_layout import Line
from knowledge.readers.tables import Cell, Row, add_table, is_caption
from knowledge.sections import kind_of_title, names_part, split_heading

_BULLET = re.compile(r"(?:(?:[•●○▪■◦‣∙·]|[‒–—-](?= )|o(?= [A-Z]))\s*)+(?=\S)")
_ENDS = re.compile(r"[.:;!?。：；][)\]”\"]?$")
_HEADING_WORDS = 30
_PLAIN_HEADING_WORDS = 18
_LABEL_WORDS = 3
_NUMBERS_SKIPPED = 3
_LARGE = 1.15


@dataclass(slots=True)
class _Open:
    """The paragraph being gathered."""

    kind: BlockKind
    lines: list[Line]


class PdfSections:
    """Turns lines into headings, paragraphs, items and rows, one after the other."""

    def __init__(self, body: float) -> None:
        self.outline = Outline()
        self.title: str | None = None
        self._body = body
        self._draft: Draft | None = None
        self._open: _Open | None = None
        self._heading: list[Line] = []
        self._rows: list[Line] = []
        self._number = "0"

    def take(self, item: Line | Grid) -> None:
        """Read the next line or table."""
        if isinstance(item, Grid):
            self._close()
            add_table(self._here(item.page), "", item.rows)
            return
        if self._continues_heading(item):
            self._heading.append(item)
            return
        if self._is_heading(item):
            self._close()
            self._heading = [item]
            return
        self._close_heading()
        if self._wraps(item):
            return
        if self._is_row(item):
            self._close_paragraph()
            self._rows.append(item)
            return
        self._close_rows()
        self._take_text(item)

    def finish(self) -> tuple[Section, ...]:
        """All sections."""
        self._close()
        return self.outline.finish()

    def _is_heading(self, line: Line) -> bool:
        text = clean(line.text)
        if not any(map(str.isalpha, text)) or len(text.split()) > _HEADING_WORDS or _BULLET.match(text):
            return False
        number, title = split_heading(text)
        if number is not None and title and len(line.cells) <= 2:
            return line.bold or (title.isupper() and len(title) > 3) or self._comes_next(number, text, line)
        if len(line.cells) > 1 or text.endswith((".", ",", ";")) or is_caption(text):
            return False
        capitals = text.isupper() and len(text) > 8
        warning = capitals and kind_of_title(text) is SectionKind.BOXED_WARNING
        return line.size >= _LARGE * self._body or warning or (line.bold and (names_part(text) or capitals))

    def _comes_next(self, number: str, text: str, line: Line) -> bool:
        """Whether a plain line is a heading by its number alone: of two parts, next in order, on a short line."""
        if "." not in number or text.endswith((".", ",", ";", ":")) or len(text.split()) > _PLAIN_HEADING_WORDS:
            return False
        wide = line.right > line.column_right - 0.05 * (line.column_right - line.column_left)
        new, old = _parts(number), _parts(self._number)
        return (
            (not wide or _is_title_case(text))
            and new > old
            and new[0] - old[0] <= _NUMBERS_SKIPPED
            and line.left < line.column_left + line.size
        )

    def _continues_heading(self, line: Line) -> bool:
        """A heading that runs over: the next line, as bold or as large, right below, and no heading of its own."""
        if not self._heading:
            return False
        last = self._heading[-1]
        near = line.page == last.page and -0.3 * last.size < line.top - last.bottom < 0.3 * last.size
        turned = line.page == last.page + 1 and line.bold and last.bold
        alike = line.bold == last.bold and abs(line.size - last.size) < 0.1 * last.size
        numbered = split_heading(clean(line.text))[0] is not None
        full = last.right > last.column_right - 0.25 * (last.column_right - last.column_left)
        runs_over = full or last.size >= _LARGE * self._body or clean(line.text).islower()
        capitals = clean(last.text).isupper() and not clean(line.text).isupper() and not line.bold
        return (near or turned) and alike and not numbered and runs_over and not capitals and len(line.cells) == 1

    def _close_heading(self) -> None:
        if not self._heading:
            return
        lines, self._heading = self._heading, []
        text = clean(" ".join(line.text for line in lines))
        number, _ = split_heading(text)
        self._number = number or self._number
        if self.title is None and number is None:
            self.title = text
        large = lines[0].size >= _LARGE * self._body
        level = 2 + number.count(".") if number else 2 if names_part(text) and not large else 1
        self._draft = self.outline.open(level, text, page=lines[0].page)

    def _is_row(self, line: Line) -> bool:
        """Three cells and more, or two below a row: a table without rules."""
        cells = [cell for cell in line.cells if cell]
        if len(cells) >= 3:
            return True
        return len(cells) == 2 and bool(self._rows) and line.page == self._rows[-1].page

    def _wraps(self, line: Line) -> bool:
        """Whether a line only goes on with a cell of the row above; if so it is added there."""
        if not self._rows or len(line.cells) != 1:
            return False
        row = self._rows[-1]
        for cell, after in zip_longest(row.cells, row.cells[1:]):
            if line.page == row.page and line.top - row.bottom < 0.35 * line.size and abs(line.left - cell[0].left) < 4:
                edge = after[0].left if after else line.column_right
                if line.right < edge and after is not None:
                    cell.extend(line.words)
                    row.words.extend(line.words)
                    return True
        return False

    def _take_text(self, line: Line) -> None:
        text = clean(line.text)
        bullet = _BULLET.match(text)
        current = self._open
        if current is None or bullet or self._begins(line, current):
            self._close_paragraph()
            self._open = _Open(BlockKind.LIST_ITEM if bullet else BlockKind.PARAGRAPH, [line])
        else:
            current.lines.append(line)

    @staticmethod
    def _begins(line: Line, current: _Open) -> bool:
        """Whether a line begins a paragraph: below a gap, after a line that ended early, or set otherwise."""
        last = current.lines[-1]
        text, before = clean(line.text), clean(last.text)
        if line.page != last.page or line.column_left != last.column_left:
            return bool(_ENDS.search(before)) or line.bold != last.bold
        gap = line.top - last.bottom
        if gap > 0.35 * last.size or line.bold != last.bold or line.underlined != last.underlined:
            return True
        if len(line.cells) == 2 and len(line.cells[0]) <= _LABEL_WORDS:
            return True
        early = last.right < last.column_right - 0.2 * (last.column_right - last.column_left)
        opens = text[:1].isupper() or text[:1].isdigit() or not text[:1].isalnum()
        return early and opens and (bool(_ENDS.search(before)) or line.left <= current.lines[0].left + 2)

    def _close(self) -> None:
        self._close_paragraph()
        self._close_rows()
        self._close_heading()

    def _close_paragraph(self) -> None:
        if self._open is None:
            return
        current, self._open = self._open, None
        text = _paragraph(current.lines)
        if current.kind is BlockKind.LIST_ITEM:
            text = _BULLET.sub("", text, count=1)
        self._here(current.lines[0].page).add(current.kind, text, box=_box(current.lines))

    def _close_rows(self) -> None:
        lines, self._rows = self._rows, []
        if not lines:
            return
        rows = [Row(tuple(Cell(words_text(cell)) for cell in line.cells), emphasised=line.bold) for line in lines]
        add_table(self._here(lines[0].page), "", rows)

    def _here(self, page: int) -> Draft:
        if self._draft is None:
            self._draft = self.outline.open(1, "", page=page)
        return self._draft


def _is_title_case(text: str) -> bool:
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _paragraph(lines: Sequence[Line]) -> str:
    """Lines of a paragraph as one: a hyphen at a line's end joins, everything else is set apart by a blank."""
    text = ""
    for line in lines:
        piece = clean(line.text)
        joins = text.endswith("-") and not text.endswith(" -") and piece[:1].islower()
        text = f"{text}{piece}" if joins else f"{text} {piece}"
    return text.strip()


def _box(lines: Sequence[Line]) -> Box:
    here = [line for line in lines if line.page == lines[0].page]
    return Box(
        here[0].page,
        min(line.left for line in here),
        min(line.top for line in here),
        max(line.right for line in here),
        max(line.bottom for line in here),
    )
