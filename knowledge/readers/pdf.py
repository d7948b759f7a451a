"""PDF: text in reading order with page and box, numbered headings of US and EU labels, ruled tables as rows.

Highlights and contents of a US label repeat what follows and are left out, as are headers and footers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pypdfium2 as pdfium

from knowledge.errors import ContentFault
from knowledge.models import BlockKind, Box, ReadFile, Section, SectionKind
from knowledge.readers.drafting import Draft, Outline, clean
from knowledge.readers.pdf_grid import Grid, grids_of, words_text
from knowledge.readers.pdf_layout import Line, lines_of, without_running
from knowledge.readers.pdf_page import Page, open_document, read_page
from knowledge.readers.tables import Cell, Row, add_table, is_caption
from knowledge.sections import kind_of_title, names_part, split_heading

MAX_PAGES = 1_000

_BULLET = re.compile(r"(?:(?:[•●○▪■◦‣∙·]|[‒–—-](?= )|o(?= [A-Z]))\s*)+(?=\S)")
_CONTENTS = re.compile(r"(?:full prescribing information: contents|table of contents|contents)\b", re.IGNORECASE)
_CONTENTS_END = re.compile(r"\*?\s*sections or subsections omitted", re.IGNORECASE)
_HIGHLIGHTS = re.compile(r"highlights of prescribing information", re.IGNORECASE)
_FULL = re.compile(r"full prescribing information$", re.IGNORECASE)
_ENDS = re.compile(r"[.:;!?。：；][)\]”\"]?$")
_BOILERPLATE = re.compile(
    r"these highlights do not include.*?safely and effectively\.|see full prescribing information for [^.]*\."
    r"|initial u\.s\. approval.*",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\.(?:docx?|pptx?|indd|pdf)\b|^(?:microsoft|untitled|powerpoint|presentation)", re.IGNORECASE)
_TITLE_LENGTH = (5, 200)
_HEADING_WORDS = 30
_PLAIN_HEADING_WORDS = 18
_LABEL_WORDS = 3
_NUMBERS_SKIPPED = 3
_LARGE = 1.15
_LEFT_AT_LEAST = 0.3


def read_pdf(data: bytes, place: str) -> ReadFile:
    """Sections of a PDF. ContentFault when it is encrypted, damaged, too long, or holds pictures of text only."""
    if b"%%EOF" not in data[-2048:]:
        raise ContentFault(place, "ends before its end mark; get a complete copy")
    document = _open(data, place)
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise ContentFault(place, f"has {count:,} pages, more than the {MAX_PAGES:,} that are read; split it")
        pages = [read_page(document, index) for index in range(count)]
        own_title = clean(str(document.get_metadata_value("Title")))
    except pdfium.PdfiumError as error:
        raise ContentFault(place, f"is damaged ({error}); get a complete copy") from error
    finally:
        document.close()
    if not any(page.words for page in pages):
        raise ContentFault(place, "holds no text, only pictures of it; run text recognition first")
    items = _items(pages)
    reader = _Reader(_body_size(items))
    for item in _without_repeats(items):
        reader.take(item)
    sections = reader.finish()
    if not sections:
        raise ContentFault(place, "holds no text that could be read; replace the file")
    return ReadFile(sections, title=_title(own_title, reader.title, items))


def _title(own: str, heading: str | None, items: Sequence[Line | Grid]) -> str | None:
    """The file's own title without the boilerplate of highlights, else its first heading, else its first line."""
    own = _BOILERPLATE.sub(" ", own).strip()
    if len(own) > _TITLE_LENGTH[0] and not _PROGRAM.search(own):
        return own[: _TITLE_LENGTH[1]]
    first = next((clean(item.text) for item in items if isinstance(item, Line)), None)
    return heading or first


def _open(data: bytes, place: str) -> Any:
    try:
        return open_document(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ContentFault(place, "is encrypted; save it without a password") from error
        raise ContentFault(place, "is no readable PDF; get a complete copy") from error


def _items(pages: Sequence[Page]) -> list[Line | Grid]:
    """Lines and ruled tables of the whole file in reading order."""
    items: list[Line | Grid] = []
    for page, rows in zip(pages, without_running(pages), strict=True):
        grids = grids_of(page, [word for row in rows for word in row])
        free = ([word for word in row if not any(grid.holds(word) for grid in grids)] for row in rows)
        pending = list(grids)
        for line in lines_of(page, [row for row in free if row]):
            while pending and pending[0].top < line.top:
                items.append(pending.pop(0))
            items.append(line)
        items += pending
    return _merged(items)


def _merged(items: list[Line | Grid]) -> list[Line | Grid]:
    """Ruled tables that go on over the page as one, a header row that is repeated there only once."""
    merged: list[Line | Grid] = []
    for item in items:
        last = merged[-1] if merged else None
        if isinstance(item, Grid) and isinstance(last, Grid) and last.goes_on_in(item):
            merged[-1] = last.joined_with(item)
        else:
            merged.append(item)
    return merged


def _body_size(items: Sequence[Line | Grid]) -> float:
    sizes: Counter[float] = Counter()
    for item in items:
        if isinstance(item, Line):
            sizes[round(item.size, 1)] += len(item.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _without_repeats(items: list[Line | Grid]) -> list[Line | Grid]:
    """Everything from the full prescribing information on, when highlights or contents stand before it."""
    texts = [clean(item.text) if isinstance(item, Line) else "" for item in items]
    start = next((i for i, text in enumerate(texts) if _HIGHLIGHTS.match(text)), None)
    contents = next((i for i, text in enumerate(texts) if _CONTENTS.match(text)), None)
    if contents is None:
        return items
    end = next((i for i in range(contents + 1, len(texts)) if _CONTENTS_END.match(texts[i])), None)
    full = next((i for i in range((end or contents) + 1, len(texts)) if _FULL.match(texts[i])), None)
    if full is None and end is None:
        return items
    after = (full if full is not None else end or 0) + 1
    if len(items) - after < _LEFT_AT_LEAST * len(items):
        return items
    return items[: start if start is not None else contents] + items[after:]


@dataclass(slots=True)
class _Open:
    """The paragraph being gathered."""

    kind: BlockKind
    lines: list[Line]


class _Reader:
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
            not wide and new > old and new[0] - old[0] <= _NUMBERS_SKIPPED and line.left < line.column_left + line.size
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
