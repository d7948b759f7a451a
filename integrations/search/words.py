"""The word index: BM25 over terms, kept in a SQLite file and searched in memory.

FTS5 was measured first: a common word among 100,000 passages cost it 50 ms, and its tokenisers know no Chinese. Here
each term's weights stand ready in one array, so that a question is a few additions.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from integrations.search.derived_file import DerivedFile
from knowledge.ports import Scored

_LAYOUT = "words-1"
_SCHEMA = (
    "CREATE TABLE terms (number INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE)",
    # counts: pairs of unsigned 32-bit term number and count
    "CREATE TABLE passages (id TEXT PRIMARY KEY, length INTEGER NOT NULL, counts BLOB NOT NULL) WITHOUT ROWID",
)
# Okapi BM25 with the usual constants (Robertson and Zaragoza 2009).
_SATURATION = 1.2
_LENGTH_SHARE = 0.75
# What a term that matches well contributes, in multiples of its idf: most passages stay below it.
_GOOD_MATCH = 1.6


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """Postings by term: passages `rows[starts[t]:starts[t + 1]]` with their BM25 `weights`, idf included."""

    generation: int
    names: tuple[str, ...]
    numbers: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    row_of: Mapping[str, int]

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)): highest for a term no passage has."""
        number = self.numbers.get(term)
        having = 0 if number is None else int(self.starts[number + 1] - self.starts[number])
        return math.log(1 + (len(self.names) - having + 0.5) / (having + 0.5))


class SqliteLexicalIndex:
    """A `LexicalIndex`. Thread-safe; sees what other processes write before the next search."""

    def __init__(self, path: Path) -> None:
        self._file = DerivedFile(path, _LAYOUT, _SCHEMA)
        self._snapshot: _Snapshot | None = None
        self._chosen: tuple[Sequence[str], _Snapshot, NDArray[np.intp]] | None = None
        self._lock = threading.Lock()

    def upsert(self, passages: Mapping[str, Sequence[str]]) -> None:
        """Store the terms of passages by id, replacing what was there."""
        with self._file.writing() as connection:
            numbers = _numbers(connection, {term for terms in passages.values() for term in terms})
            rows = []
            for passage_id, terms in passages.items():
                counts = [(numbers[term], count) for term, count in Counter(terms).items()]
                rows.append((passage_id, len(terms), np.asarray(counts, dtype=np.uint32).tobytes()))
            connection.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?, ?)", rows)

    def delete(self, ids: Iterable[str]) -> None:
        """Forget passages; unknown ids are no error."""
        wanted = [(key,) for key in ids]
        if wanted:
            with self._file.writing() as connection:
                connection.executemany("DELETE FROM passages WHERE id = ?", wanted)

    def ids(self) -> set[str]:
        """Every passage id held."""
        with self._file.reading() as connection:
            return set() if connection is None else {row[0] for row in connection.execute("SELECT id FROM passages")}

    def search(self, terms: Sequence[str], *, among: Sequence[str], limit: int) -> list[Scored]:
        """BM25 among the given ids, best first; passages without any of the terms are left out.

        Scores are absolute: how rare a term is counts over all passages, whatever is searched.
        A tuple of ids that is passed again costs no second look-up.
        """
        snapshot = self._current()
        scores = np.zeros(len(snapshot.names), dtype=np.float32)
        for term in dict.fromkeys(terms):
            number = snapshot.numbers.get(term)
            if number is not None:
                part = slice(snapshot.starts[number], snapshot.starts[number + 1])
                scores[snapshot.rows[part]] += snapshot.weights[part]
        chosen = self._rows_of(among, snapshot)
        held = scores[chosen]
        matched = np.flatnonzero(held)
        if not len(matched) or limit < 1:
            return []
        best = matched[np.argpartition(-held[matched], min(limit, len(matched)) - 1)[:limit]]
        ordered = best[np.lexsort((chosen[best], -held[best]))]
        return [Scored(snapshot.names[chosen[index]], float(held[index])) for index in ordered]

    def ceiling(self, terms: Sequence[str]) -> float:
        """What a passage that answers all of these terms well would score; terms nobody has count as the rarest.

        Dividing scores by it makes them comparable with cosines, and near zero for a question in another language.
        """
        snapshot = self._current()
        return _GOOD_MATCH * sum(snapshot.idf(term) for term in dict.fromkeys(terms))

    def _rows_of(self, among: Sequence[str], snapshot: _Snapshot) -> NDArray[np.intp]:
        chosen = self._chosen
        if chosen is not None and chosen[0] is among and chosen[1] is snapshot:
            return chosen[2]
        found = (snapshot.row_of[key] for key in dict.fromkeys(among) if key in snapshot.row_of)
        rows = np.fromiter(found, dtype=np.intp)
        if isinstance(among, tuple):
            self._chosen = (among, snapshot, rows)
        return rows

    def _current(self) -> _Snapshot:
        with self._lock:
            if self._snapshot is None or self._snapshot.generation != self._file.generation():
                with self._file.reading() as connection:
                    self._snapshot = _load(connection)
            return self._snapshot


def _numbers(connection: Connection, terms: set[str]) -> dict[str, int]:
    connection.executemany("INSERT OR IGNORE INTO terms (term) VALUES (?)", [(term,) for term in sorted(terms)])
    find = "SELECT number FROM terms WHERE term = ?"
    return {term: connection.execute(find, (term,)).fetchone()[0] for term in terms}


def _load(connection: Connection | None) -> _Snapshot:
    if connection is None:
        empty = np.zeros(0, dtype=np.int32)
        return _Snapshot(0, (), {}, np.zeros(1, dtype=np.int64), empty, empty.astype(np.float32), {})
    generation = int(connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
    passages = connection.execute("SELECT id, length, counts FROM passages").fetchall()
    names = tuple(row[0] for row in passages)
    lengths = np.array([row[1] for row in passages], dtype=np.float32)
    pairs = np.frombuffer(b"".join(row[2] for row in passages), dtype=np.uint32).reshape(-1, 2)
    rows = np.repeat(np.arange(len(names), dtype=np.int32), [len(row[2]) // 8 for row in passages])
    found = connection.execute("SELECT term, number FROM terms").fetchall()
    terms = max((number for _, number in found), default=-1) + 1
    order = np.argsort(pairs[:, 0], kind="stable")
    numbers, rows = pairs[order, 0], rows[order]
    having = np.bincount(numbers, minlength=terms)
    starts = np.concatenate(([0], np.cumsum(having)))
    counts = pairs[order, 1].astype(np.float32)
    relative = lengths / max(float(lengths.mean()), 1.0) if len(names) else lengths
    damping = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * relative)
    idf = np.log1p((len(names) - having + 0.5) / (having + 0.5)).astype(np.float32)
    weights = idf[numbers] * counts * (_SATURATION + 1) / (counts + damping[rows])
    row_of = {name: row for row, name in enumerate(names)}
    return _Snapshot(generation, names, dict(found), starts, rows, weights.astype(np.float32), row_of)
