"""A derived index in one SQLite file: made when first written, checked when opened, replaced by one command.

Connections are opened for each use, which costs a tenth of a millisecond and makes the file safe to use from any
thread and from forked workers. Several processes may read while one writes (write-ahead log).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from knowledge.errors import IndexFault

REBUILD = "rebuild it with: rep content reindex"
_WAIT_SECONDS = 30.0
_META = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"


class DerivedFile:
    """One index file. `layout` names what is in it and in which format: a file with another one is refused."""

    def __init__(self, path: Path, layout: str, schema: tuple[str, ...]) -> None:
        self.path = path
        self._layout = layout
        self._schema = schema

    def generation(self) -> int:
        """Grows with every write, by whatever process; 0 while there is no file."""
        with self.reading() as connection:
            if connection is None:
                return 0
            return int(connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection to read one consistent state from, or None while there is no file.

        Raises IndexFault for a file that is damaged, of another layout, or held too long by a writer.
        """
        if not self.path.exists():
            yield None
            return
        with self._explained(), closing(self._connect()) as connection:
            connection.execute("BEGIN")
            self._require_layout(connection)
            try:
                yield connection
            except ValueError as fault:
                raise IndexFault(f"{self.path}: damaged ({fault}); {REBUILD}") from fault

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together at the end, or not at all."""
        with self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("BEGIN IMMEDIATE")
                self._prepare(connection)
                yield connection
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
                connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        made = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
        if made:
            self._require_layout(connection)
            return
        for statement in (_META, *self._schema):
            connection.execute(statement)
        rows = [("layout", self._layout), ("generation", "0")]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)

    def _require_layout(self, connection: sqlite3.Connection) -> None:
        row = connection.execute("SELECT value FROM meta WHERE key = 'layout'").fetchone()
        if row is None or row[0] != self._layout:
            raise IndexFault(
                f"{self.path}: made by another version of the assistant or for another embedding model; {REBUILD}"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as fault:
            if "locked" in str(fault):
                raise IndexFault(f"{self.path}: another process is writing to it; wait until it is done") from fault
            raise IndexFault(f"{self.path}: cannot be used ({fault}); {REBUILD}") from fault
        except sqlite3.DatabaseError as fault:
            raise IndexFault(f"{self.path}: damaged ({fault}); {REBUILD}") from fault
        except OSError as fault:
            raise IndexFault(f"{self.path}: cannot be written ({fault.strerror})") from fault
