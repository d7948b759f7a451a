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
    elif draft.lines and is_caption(draft.lines[-1].text):
        draft.lines[-1].kind = BlockKind.TABLE_CAPTION
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


def is_caption(line: str) -> bool:
    """Whether a line reads like a table's caption ("Table 3. ...") rather than a sentence about one."""
    return bool(_NUMBERED_CAPTION.match(line)) and len(line) < 400


def _names_columns(row: Row) -> bool:
    """A row below the top that begins anew: nothing in its first cell, words set bold in the others."""
    texts = [cell.text for cell in row.cells]
    filled = [text for text in texts if text]
    return len(filled) > 1 and not texts[0] and not any(_MOSTLY_FIGURES.fullmatch(text) for text in filled)


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
    if not rows or len(rows) < 2:
        return 0
    first = [cell.text for cell in rows[0].cells if cell.text]
    if rows[0].emphasised or (len(first) > 1 and not any(_MOSTLY_FIGURES.fullmatch(text) for text in first)):
        return 1 + int(rows[0].emphasised and _continues_header(rows))
    return 0


def _continues_header(rows: Sequence[Row]) -> bool:
    """A bold second row below a header with spanning cells names columns as well."""
    spans = any(cell.columns > 1 or cell.rows > 1 for cell in rows[0].cells)
    filled = sum(bool(cell.text) for cell in rows[1].cells)
    return spans and len(rows) > 2 and rows[1].emphasised and filled > 1


def _is_note(row: Row, width: int) -> bool:
    """A single filled cell across the table, below all others, that opens like a footnote or runs like a sentence."""
    texts = [cell.text for cell in row.cells if cell.text]
    if len(texts) != 1 or width < 2:
        return False
    return bool(_NOTE.match(texts[0])) or len(texts[0].split()) > 12
