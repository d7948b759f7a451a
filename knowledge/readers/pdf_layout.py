"""Words to lines in reading order: columns one after the other, what recurs at the edges of pages left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from knowledge.readers.pdf_page import Page, Rule, Word, joined

_EDGE_LINES = 4
_EDGE_BAND = 0.12
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|side|página)\s*)?\d{1,4}(?:\s*(?:/|of|von|de|af|sur)\s*\d{1,4})?", re.IGNORECASE
)
_GAP = 0.9
_COLUMN_LINES = 8
_GUTTER = 7.0


@dataclass(slots=True)
class Line:
    """A line of text as it stands on the page: words from left to right, `cells` where wide gaps part them."""

    page: int
    words: list[Word]
    column_left: float = 0.0
    column_right: float = 0.0
    cells: list[list[Word]] = field(default_factory=list)
    underlined: bool = False

    @property
    def text(self) -> str:
        """What it says."""
        return joined(self.words)

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return max(word.right for word in self.words)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        """Its usual font size."""
        return median(word.size for word in self.words)

    @property
    def bold(self) -> bool:
        """Whether all its words are set bold."""
        letters = [word for word in self.words if any(map(str.isalpha, word.text))]
        return bool(letters) and all(word.bold for word in letters)


def lines_of(page: Page, words: Sequence[Word]) -> list[Line]:
    """The given words of a page as lines in reading order."""
    rows = _rows(words)
    ordered: list[Line] = []
    start = 0
    for first, end, gutter in _column_runs(rows, page.width):
        ordered += [_line(page, row, 0, page.width) for row in rows[start:first]]
        for side in (0, 1):
            half = [
                [w for w in row if (w.left + w.right) / 2 > gutter]
                if side
                else [w for w in row if (w.left + w.right) / 2 <= gutter]
                for row in rows[first:end]
            ]
            ordered += [_line(page, row, gutter if side else 0, page.width if side else gutter) for row in half if row]
        start = end
    ordered += [_line(page, row, 0, page.width) for row in rows[start:]]
    _set_margins(ordered)
    return ordered


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words that share a height, from top to bottom; raised and lowered marks belong to the line they touch."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        for row in reversed(rows[-3:]):
            top, bottom = min(w.top for w in row), max(w.bottom for w in row)
            if _shared(word, top, bottom):
                row.append(word)
                break
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word.left)
    return sorted(rows, key=lambda row: median(word.middle for word in row))


def _shared(word: Word, top: float, bottom: float) -> bool:
    overlap = min(word.bottom, bottom) - max(word.top, top)
    return overlap > 0.5 * min(word.bottom - word.top, bottom - top)


def _line(page: Page, words: list[Word], left: float, right: float) -> Line:
    line = Line(page.number, words, left, right)
    line.underlined = any(_underlines(rule, line) for rule in page.rules)
    cells: list[list[Word]] = [[words[0]]]
    for word in words[1:]:
        far = word.left - max(w.right for w in cells[-1]) > _GAP * max(word.size, 6.0)
        if far and cells[-1][-1].text != "•":
            cells.append([])
        cells[-1].append(word)
    line.cells = cells
    return line


def _underlines(rule: Rule, line: Line) -> bool:
    """Whether a rule runs right below a line, under most of it."""
    below = rule.across and -3 < rule.top - line.bottom + 0.15 * line.size < 3
    return below and min(rule.right, line.right) - max(rule.left, line.left) > 0.7 * (line.right - line.left)


def _column_runs(rows: list[list[Word]], width: float) -> list[tuple[int, int, float]]:
    """Runs of rows set in two columns: [first, end) and where the gutter is."""
    best: list[tuple[int, int, float]] = []
    taken = 0
    for step in range(-12, 13):
        gutter = width / 2 + step * width * 0.0125
        runs = _runs_beside(rows, gutter, width)
        covered = sum(end - first for first, end, _ in runs)
        if covered > taken:
            best, taken = runs, covered
    return best


def _runs_beside(rows: list[list[Word]], gutter: float, width: float) -> list[tuple[int, int, float]]:
    runs: list[tuple[int, int, float]] = []
    first = 0
    for index in range(len(rows) + 1):
        crossed = index == len(rows) or any(
            w.left < gutter + _GUTTER / 2 and w.right > gutter - _GUTTER / 2 for w in rows[index]
        )
        if not crossed:
            continue
        if index - first >= _COLUMN_LINES and _is_columns(rows[first:index], gutter, width):
            runs.append((first, index, gutter))
        first = index + 1
    return runs


def _is_columns(rows: list[list[Word]], gutter: float, width: float) -> bool:
    """Whether both sides hold prose: most of their lines fill most of the column."""
    sides = (
        ([w for w in row if w.right <= gutter] for row in rows),
        ([w for w in row if w.left >= gutter] for row in rows),
    )
    for side in sides:
        spans = [max(w.right for w in row) - row[0].left for row in side if row]
        full = [span for span in spans if span > 0.26 * width]
        if len(spans) < 0.5 * len(rows) or len(full) < 0.5 * len(spans):
            return False
    return True


def _set_margins(lines: Sequence[Line]) -> None:
    """Where the text of each column really begins and ends on this page."""
    for key in {(line.column_left, line.column_right) for line in lines}:
        members = [line for line in lines if (line.column_left, line.column_right) == key]
        left, right = min(line.left for line in members), max(line.right for line in members)
        for line in members:
            line.column_left, line.column_right = left, right


def running_lines(pages: Sequence[Page]) -> set[tuple[int, str]]:
    """(page, text) of headers and footers: what recurs, figures aside, at the edges of pages, and page numbers."""
    edges: dict[tuple[int, str], str] = {}
    counts: Counter[str] = Counter()
    for page in pages:
        rows = _rows(page.words)
        candidates = rows[:_EDGE_LINES] + rows[-_EDGE_LINES:]
        for row in {id(row): row for row in candidates}.values():
            middle = median(word.middle for word in row)
            if _EDGE_BAND * page.height < middle < (1 - _EDGE_BAND) * page.height:
                continue
            text = " ".join(word.text for word in row)
            place = round(middle / 12)
            key = f"{place}:{re.sub(r'[0-9]+', '#', text)}"
            edges[(page.number, text)] = key
            counts[key] += 1
    often = max(3, round(0.3 * len(pages)))
    return {place for place, key in edges.items() if counts[key] >= often or _PAGE_NUMBER.fullmatch(place[1])}


def without_running(page: Page, running: set[tuple[int, str]]) -> list[Word]:
    """A page's words less its header and footer."""
    kept: list[Word] = []
    for row in _rows(page.words):
        text = " ".join(word.text for word in row)
        middle = median(word.middle for word in row)
        edge = not _EDGE_BAND * page.height < middle < (1 - _EDGE_BAND) * page.height
        if not (edge and (page.number, text) in running):
            kept += row
    return kept
