"""Vectors of the quotable units inside passages, one row a passage in a SQLite file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from integrations.search.derived_file import DerivedFile
from knowledge.ports import Vectors

_SCHEMA = ("CREATE TABLE quotes (id TEXT PRIMARY KEY, units INTEGER NOT NULL, vectors BLOB NOT NULL) WITHOUT ROWID",)
_AT_ONCE = 500


class SqliteQuoteIndex:
    """A `QuoteIndex` of one embedding model, half precision: about 4 KB a passage. Thread- and fork-safe."""

    def __init__(self, path: Path, model: str) -> None:
        self._file = DerivedFile(path, f"quotes-1 {model}", _SCHEMA)

    def upsert(self, vectors: Mapping[str, Vectors]) -> None:
        """Store units' vectors by passage id, replacing what was there."""
        rows = [(key, len(matrix), matrix.astype(np.float16).tobytes()) for key, matrix in vectors.items()]
        with self._file.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", rows)

    def delete(self, ids: Iterable[str]) -> None:
        """Forget passages; unknown ids are no error."""
        with self._file.writing() as connection:
            connection.executemany("DELETE FROM quotes WHERE id = ?", [(key,) for key in ids])

    def ids(self) -> set[str]:
        """Every passage id held."""
        with self._file.reading() as connection:
            return set() if connection is None else {row[0] for row in connection.execute("SELECT id FROM quotes")}

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The units' vectors of those passages that are held, shape (units, dimension) each."""
        found: dict[str, Vectors] = {}
        with self._file.reading() as connection:
            if connection is None:
                return found
            for at in range(0, len(ids), _AT_ONCE):
                part = ids[at : at + _AT_ONCE]
                marks = ",".join("?" * len(part))
                query = f"SELECT id, units, vectors FROM quotes WHERE id IN ({marks})"  # noqa: S608 (marks only)
                for key, units, blob in connection.execute(query, part):
                    matrix = np.frombuffer(blob, np.float16).astype(np.float32)
                    found[key] = matrix.reshape(units, -1) if units else np.zeros((0, 0), dtype=np.float32)
        return found
