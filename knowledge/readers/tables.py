"""Tables to lines: a caption, the rows that name the columns, rows that point at them, then the notes.

A spanned position is an empty cell, so a cell stands under the header cell of the same place; a row's text is what the
row itself says, nothing repeated from above, so that quoting it quotes the approved text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.models import BlockKind
from knowledge.readers.drafting import Draft, row_text

_NUMBERED_CAPTION = re.compile(
    r"(?:table|tabelle|tableau|tabla|tabel|表)\s*\w{1,4}\s*(?:[.:：–—-]|$|(?-i:(?=[A-Z])))", re.IGNORECASE
)
_NOTE = re.compile(
    r"[*†‡§¶#]|\^?[\[(]?[a-z0-9][\])]?(?:[ .:=]|(?-i:(?=[A-Z])))|(?:note|abbreviations?|source)\b", re.IGNORECASE
)
_CAPTION_REACH = 14
_MOSTLY_FIGURES = re.compile(r"[\d.,%±()<>=≤≥/\s–-]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its text and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A table row as the file has it. `named`: all its cells are header cells; `emphasised`: all are set bold.

    `lines`, when given, are what the row's only filled cell holds, to stand as lines of their own.
    """

    cells: tuple[Cell, ...]
    group: str = "tbody"
    named: bool = False
    emphasised: bool = False
    lines: tuple[tuple[BlockKind, str], ...] = ()


def add_table(draft: Draft, caption: str, rows: Sequence[Row]) -> None:
    """Append a table's lines to a draft."""
    if caption:
        draft.add(BlockKind.TABLE_CAPTION, caption)
    else:
        _find_caption(draft)
    body = [row for row in rows if row.group != "tfoot"]
    grid = _grid(body)
    width = max((len(line) for line in grid), default=0)
    headers = _header_rows(body)
    header: int | None = None
    last_filled = max((i for i, row in enumerate(body) if sum(bool(c.text) for c in row.cells) > 1), default=-1)
    for index, (row, line) in enumerate(zip(body, grid, strict=True)):
        text = row_text(line)
        if index < headers or (row.emphasised and _names_columns(row)):
            added = draft.add(BlockKind.TABLE_HEADER, text, header=header)
            header = added if added is not None else header
        elif row.lines:
            for kind, line_text in row.lines:
                draft.add(kind, line_text)
        elif index > last_filled and _is_note(row, width):
            draft.add(BlockKind.FOOTNOTE, text)
        else:
            draft.add(BlockKind.TABLE_ROW, text, header=header)
    for row in rows:
        if row.group == "tfoot":
            draft.add(BlockKind.FOOTNOTE, " ".join(cell.text for cell in row.cells if cell.text))


def _find_caption(draft: Draft) -> None:
    """Mark the caption that stands as a paragraph above the table, and the notes between the two."""
    between: list[int] = []
    for index in range(len(draft.lines) - 1, max(-1, len(draft.lines) - _CAPTION_REACH), -1):
        line = draft.lines[index]
        if line.kind not in (BlockKind.PARAGRAPH, BlockKind.FOOTNOTE):
            return
        if is_caption(line.text):
            line.kind = BlockKind.TABLE_CAPTION
            for note in between:
                draft.lines[note].kind = BlockKind.FOOTNOTE
            return
        between.append(index)


def is_caption(line: str) -> bool:
    """Whether a line reads like a table's caption ("Table 3. ...") rather than a sentence about one."""
    return bool(_NUMBERED_CAPTION.match(line)) and len(line) < 400


def _names_columns(row: Row) -> bool:
    """A row below the top that begins anew: nothing in its first cell, words set bold in the others."""
    filled = _filled(row)
    return len(filled) > 1 and not row.cells[0].text and not any(map(_is_figure, filled))


def _grid(rows: Sequence[Row]) -> list[list[str]]:
    """Cell texts by column; positions that a cell merely covers are empty."""
    grid: list[list[str]] = []
    covered: dict[int, int] = {}
    for row in rows:
        line: list[str] = []
        free = {column: left - 1 for column, left in covered.items() if left > 1}
        for cell in row.cells:
            while covered.get(len(line), 0) > 0:
                line.append("")
            at = len(line)
            line += [cell.text] + [""] * (cell.columns - 1)
            if cell.rows > 1:
                free.update(dict.fromkeys(range(at, at + cell.columns), cell.rows - 1))
        covered = free
        grid.append(line)
    return grid


def _header_rows(rows: Sequence[Row]) -> int:
    """How many rows at the top name the columns: marked as such, or failing that a first row that reads like one."""
    marked = 0
    for row in rows:
        if not (row.group == "thead" or row.named):
            break
        marked += 1
    if marked and marked < len(rows):
        return marked
    if len(rows) < 2:
        return 0
    first = _filled(rows[0])
    if not (rows[0].emphasised or (len(first) > 1 and not any(map(_is_figure, first)))):
        return 0
    return 1 + int(_continues_header(rows))


def _continues_header(rows: Sequence[Row]) -> bool:
    """Whether the second row names columns as well: bold below spanning cells, or one word group a figure below."""
    if len(rows) < 3:
        return False
    second, third = _filled(rows[1]), _filled(rows[2])
    spans = any(cell.columns > 1 or cell.rows > 1 for cell in rows[0].cells)
    if rows[0].emphasised and rows[1].emphasised and spans:
        return len(second) > 1
    below = next((texts for texts in map(_filled, rows[2:]) if len(texts) > 1), third)
    if rows[0].cells[0].text or len(second) < 2 or any(map(_is_figure, second)):
        return False
    return len(below) == len(second) + 1 and all(map(_is_figure, below[1:]))


def _filled(row: Row) -> list[str]:
    return [cell.text for cell in row.cells if cell.text]


def _is_figure(text: str) -> bool:
    return bool(_MOSTLY_FIGURES.fullmatch(text))


def _is_note(row: Row, width: int) -> bool:
    """A single filled cell across the table, below all others, that opens like a footnote or runs like a sentence."""
    texts = _filled(row)
    if len(texts) != 1 or width < 2:
        return False
    return bool(_NOTE.match(texts[0])) or len(texts[0].split()) > 12
