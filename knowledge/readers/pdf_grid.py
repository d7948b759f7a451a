"""Ruled tables: the lines drawn on a page make a grid, and words fall into its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.readers.drafting import clean
from knowledge.readers.pdf_page import Page, Rule, Word, joined
from knowledge.readers.tables import Cell, Row

_SNAP = 4.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table on a page: where it stands and its rows, each row with the top of its first line."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[Row, ...]
    last_page: int

    def holds(self, word: Word) -> bool:
        """Whether a word stands inside."""
        return self.left <= (word.left + word.right) / 2 <= self.right and self.top <= word.middle <= self.bottom

    def goes_on_in(self, other: Grid) -> bool:
        """Whether another grid is the rest of this one: on the next page, between the same margins."""
        same = abs(self.left - other.left) < 2 * _SNAP and abs(self.right - other.right) < 2 * _SNAP
        return same and other.page == self.last_page + 1

    def joined_with(self, other: Grid) -> Grid:
        """This table with the rows of the other, less a header row that is repeated."""
        rows = other.rows[1:] if other.rows[0] == self.rows[0] else other.rows
        return replace(self, rows=self.rows + rows, last_page=other.last_page)


def grids_of(page: Page, words: Sequence[Word]) -> list[Grid]:
    """The ruled tables of a page, from top to bottom. One column is a box around text, not a table."""
    found = []
    for rules in _clusters(page.rules):
        grid = _grid(page, rules, words)
        if grid is not None:
            found.append(grid)
    return sorted(found, key=lambda grid: grid.top)


def _clusters(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch each other, directly or through others."""
    clusters: list[list[Rule]] = []
    for rule in rules:
        touching = [cluster for cluster in clusters if any(_touch(rule, other) for other in cluster)]
        merged = [rule]
        for cluster in touching:
            merged += cluster
            clusters.remove(cluster)
        clusters.append(merged)
    return clusters


def _touch(a: Rule, b: Rule) -> bool:
    return (
        a.left <= b.right + _SNAP
        and b.left <= a.right + _SNAP
        and a.top <= b.bottom + _SNAP
        and b.top <= a.bottom + _SNAP
    )


def _grid(page: Page, rules: list[Rule], words: Sequence[Word]) -> Grid | None:
    across = [rule for rule in rules if rule.across]
    down = [rule for rule in rules if not rule.across]
    ys = _levels(
        [(rule.top + rule.bottom) / 2 for rule in across] + [y for rule in down for y in (rule.top, rule.bottom)]
    )
    xs = _levels([(rule.left + rule.right) / 2 for rule in down])
    if len(ys) < 3 or len(xs) < 3:
        return None
    inside = [w for w in words if xs[0] <= (w.left + w.right) / 2 <= xs[-1] and ys[0] <= w.middle <= ys[-1]]
    if not inside:
        return None
    rows = []
    for top, bottom in pairwise(ys):
        cells = _row_cells(top, bottom, xs, down, [w for w in inside if top < w.middle <= bottom])
        if any(cell.text for cell in cells):
            rows.append(Row(cells, emphasised=_bold(inside, top, bottom)))
    return Grid(page.number, xs[0], ys[0], xs[-1], ys[-1], tuple(rows), page.number) if rows else None


def _levels(values: list[float]) -> list[float]:
    """Distinct positions: those nearer than a few points are one."""
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _SNAP:
            levels.append(value)
    return levels


def _row_cells(top: float, bottom: float, xs: list[float], down: list[Rule], words: list[Word]) -> tuple[Cell, ...]:
    """Cells between the upright rules that pass this row; where one is missing the cell spans."""
    middle = (top + bottom) / 2
    standing = [
        x for x in xs if any(r.left - _SNAP <= x <= r.right + _SNAP and r.top <= middle <= r.bottom for r in down)
    ]
    edges = sorted({xs[0], *standing, xs[-1]})
    cells = []
    for left, right in pairwise(edges):
        columns = sum(left <= x < right for x in xs)
        inside = [w for w in words if left <= (w.left + w.right) / 2 < right]
        cells.append(Cell(words_text(inside), columns=max(columns, 1)))
    return tuple(cells)


def words_text(words: Sequence[Word]) -> str:
    """Words of a cell in reading order."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.middle):
        if lines and word.middle - lines[-1][0].middle < 0.6 * max(lines[-1][0].size, 4.0):
            lines[-1].append(word)
        else:
            lines.append([word])
    return clean(" ".join(joined(sorted(line, key=lambda w: w.left)) for line in lines))


def _bold(words: Sequence[Word], top: float, bottom: float) -> bool:
    row = [w for w in words if top < w.middle <= bottom and any(map(str.isalpha, w.text))]
    return bool(row) and all(w.bold for w in row)
