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


def lines_of(page: Page, rows: list[list[Word]]) -> list[Line]:
    """The given rows of a page as lines in reading order."""
    ordered: list[Line] = []
    start = 0
    for first, end, gutter in _column_runs(rows, page.width):
        ordered += [_line(page, row, 0, page.width) for row in rows[start:first]]
        for left, right in ((0.0, gutter), (gutter, page.width)):
            halves = ([w for w in row if left < (w.left + w.right) / 2 <= right] for row in rows[first:end])
            ordered += [_line(page, half, left, right) for half in halves if half]
        start = end
    ordered += [_line(page, row, 0, page.width) for row in rows[start:]]
    _set_margins(ordered)
    return ordered


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Words that share a height, from top to bottom; raised and lowered marks belong to the line they touch."""
    rows: list[tuple[list[Word], list[float]]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        for row, edges in reversed(rows[-3:]):
            if _shared(word, edges[0], edges[1]):
                row.append(word)
                edges[:] = [min(edges[0], word.top), max(edges[1], word.bottom)]
                break
        else:
            rows.append(([word], [word.top, word.bottom]))
    for row, _ in rows:
        row.sort(key=lambda word: word.left)
    return sorted((row for row, _ in rows), key=lambda row: median(word.middle for word in row))


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
    gaps = [_gaps(row) for row in rows]
    for step in range(-12, 13):
        gutter = width / 2 + step * width * 0.0125
        runs = _runs_beside(rows, gaps, gutter, width)
        covered = sum(end - first for first, end, _ in runs)
        if covered > taken:
            best, taken = runs, covered
    return best


def _gaps(row: list[Word]) -> list[tuple[float, float]]:
    """Where a row leaves room for a gutter, its margins included."""
    gaps: list[tuple[float, float]] = []
    reached = float("-inf")
    for word in row:
        if word.left - reached >= _GUTTER:
            gaps.append((reached, word.left))
        reached = max(reached, word.right)
    return [*gaps, (reached, float("inf"))]


def _runs_beside(
    rows: list[list[Word]], gaps: list[list[tuple[float, float]]], gutter: float, width: float
) -> list[tuple[int, int, float]]:
    runs: list[tuple[int, int, float]] = []
    first = 0
    left, right = gutter - _GUTTER / 2, gutter + _GUTTER / 2
    for index in range(len(rows) + 1):
        if index < len(rows) and any(begin <= left and right <= end for begin, end in gaps[index]):
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


def without_running(pages: Sequence[Page]) -> list[list[list[Word]]]:
    """Each page's rows less headers and footers: what recurs, figures aside, at a page's edges, and page numbers."""
    rows = [rows_of(page.words) for page in pages]
    running = [_edge_keys(page, own) for page, own in zip(pages, rows, strict=True)]
    counts = Counter(key for keys in running for key, _ in keys.values())
    often = max(3, round(0.3 * len(pages)))

    def runs(keys: dict[int, tuple[str, str]], index: int) -> bool:
        key, text = keys.get(index, ("", ""))
        return counts[key] >= often or bool(_PAGE_NUMBER.fullmatch(text))

    return [
        [row for index, row in enumerate(own) if not runs(keys, index)] for own, keys in zip(rows, running, strict=True)
    ]


def _edge_keys(page: Page, rows: list[list[Word]]) -> dict[int, tuple[str, str]]:
    """The rows near the edges of a page by index: what makes them alike on other pages, and their text."""
    keys: dict[int, tuple[str, str]] = {}
    for index in {*range(_EDGE_LINES), *range(len(rows) - _EDGE_LINES, len(rows))} & set(range(len(rows))):
        middle = median(word.middle for word in rows[index])
        if not _EDGE_BAND * page.height < middle < (1 - _EDGE_BAND) * page.height:
            text = " ".join(word.text for word in rows[index])
            keys[index] = (f"{round(middle / 12)}:{re.sub('[0-9]+', '#', text)}", text)
    return keys
