"""Every vector of the dense index in memory, loaded from a file beside it.

Exact cosine over 100,000 vectors takes milliseconds in numpy; a vector store asked for a scope of thousands of ids
takes tens, and importing it two seconds. The file can be read by many processes at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from integrations.search.derived_file import DerivedFile
from knowledge.errors import IndexFault
from knowledge.ports import Scored, Vectors

_SCHEMA = ("CREATE TABLE vectors (id TEXT PRIMARY KEY, vector BLOB NOT NULL)",)
# Picking rows out costs as much as multiplying four times as many where they stand.
_WORTH_PICKING = 4


@dataclass(frozen=True, slots=True)
class _Snapshot:
    generation: int
    names: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    matrix: Vectors = field(default_factory=lambda: np.zeros((0, 1), dtype=np.float32))


class ResidentVectors:
    """The vectors of one embedding model. Thread-safe; sees what other processes write before the next search."""

    def __init__(self, path: Path, model: str) -> None:
        self._file = DerivedFile(path, f"vectors-1 {model}", _SCHEMA)
        self._snapshot = _Snapshot(-1)
        self._chosen: tuple[Sequence[str], _Snapshot, NDArray[np.intp]] | None = None
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """Where the file stands."""
        return self._file.path

    def upsert(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by id, replacing what was there."""
        rows = [(key, np.asarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors.items()]
        with self._file.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def delete(self, ids: Iterable[str]) -> None:
        """Forget vectors; unknown ids are no error."""
        with self._file.writing() as connection:
            connection.executemany("DELETE FROM vectors WHERE id = ?", [(key,) for key in ids])

    def ids(self) -> set[str]:
        """Every id held."""
        with self._file.reading() as connection:
            return set() if connection is None else {row[0] for row in connection.execute("SELECT id FROM vectors")}

    def search(self, query: Vectors, among: Sequence[str], limit: int) -> list[Scored]:
        """The nearest of the given ids, best first. A tuple that is passed again costs no second look-up."""
        snapshot = self._current()
        chosen = np.zeros(len(snapshot.names) + 1, dtype=bool)
        chosen[self._rows_of(among, snapshot)] = True
        # The last place stands for every unknown id (row -1).
        held = np.flatnonzero(chosen[:-1])
        if not len(held) or limit < 1:
            return []
        scores = _cosines(snapshot.matrix, held, self._fitting(query, snapshot))
        best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
        ordered = best[np.lexsort((held[best], -scores[best]))]
        return [Scored(snapshot.names[held[index]], float(scores[index])) for index in ordered]

    def similarities(self, query: Vectors, ids: Sequence[str]) -> Vectors:
        """Cosine of each id, 0.0 for an id that is not held."""
        snapshot = self._current()
        rows = self._rows_of(ids, snapshot)
        scores = np.zeros(len(rows), dtype=np.float32)
        known = rows >= 0
        if known.any():
            scores[known] = _cosines(snapshot.matrix, rows[known], self._fitting(query, snapshot))
        return scores

    def _current(self) -> _Snapshot:
        with self._lock:
            if self._snapshot.generation != self._file.generation():
                self._snapshot = self._load()
            return self._snapshot

    def _load(self) -> _Snapshot:
        with self._file.reading() as connection:
            if connection is None:
                return _Snapshot(0)
            generation = int(connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
            found = connection.execute("SELECT id, vector FROM vectors").fetchall()
            if not found:
                return _Snapshot(generation)
            flat = np.frombuffer(b"".join(row[1] for row in found), dtype=np.float32)
            matrix = flat.reshape(len(found), -1)
        names = tuple(row[0] for row in found)
        return _Snapshot(generation, names, {name: row for row, name in enumerate(names)}, matrix)

    def _rows_of(self, ids: Sequence[str], snapshot: _Snapshot) -> NDArray[np.intp]:
        chosen = self._chosen
        if chosen is not None and chosen[0] is ids and chosen[1] is snapshot:
            return chosen[2]
        find = snapshot.rows.get
        rows = np.fromiter((find(key, -1) for key in ids), dtype=np.intp, count=len(ids))
        if isinstance(ids, tuple):
            self._chosen = (ids, snapshot, rows)
        return rows

    def _fitting(self, query: Vectors, snapshot: _Snapshot) -> Vectors:
        if query.shape != snapshot.matrix.shape[1:]:
            raise IndexFault(
                f"{self.path}: holds vectors of length {snapshot.matrix.shape[1]}, the question has {query.size}; "
                "the embedding model was changed: run rep content reindex"
            )
        return query


def _cosines(matrix: Vectors, rows: NDArray[np.intp], query: Vectors) -> Vectors:
    if len(rows) * _WORTH_PICKING < len(matrix):
        return np.asarray(matrix[rows] @ query)
    return np.asarray((matrix @ query)[rows])
