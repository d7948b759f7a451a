"""One database behind the repositories: SQLite in the home or PostgreSQL by URL, the same statements on both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.errors import PermanentFault, TransientFault

BUSY_TIMEOUT_MS = 10_000

# What SQLite says, and what a person should read instead. The first that fits is taken.
_SQLITE_FAULTS = (
    ("disk is full", PermanentFault, "the disk is full; nothing was half-written. Free some space and run it again"),
    (
        "readonly database",
        PermanentFault,
        "the database cannot be written (read-only). Change its permissions or use --home",
    ),
    (
        "unable to open",
        PermanentFault,
        "the database cannot be opened. Look at the folder's permissions, or run: rep init",
    ),
    (
        "not a database",
        PermanentFault,
        "the file is not a database. Put a backup in its place, or make a new home with: rep init",
    ),
    (
        "malformed",
        PermanentFault,
        "the database is damaged. Put a backup in its place, or make a new home with: rep init",
    ),
    ("locked", TransientFault, "the database is busy with another process. Try again in a moment"),
    ("disk I/O error", PermanentFault, "the disk cannot be read or written. Look at its health and permissions"),
)


class Database:
    """Read and write transactions. Errors of the driver leave as PermanentFault or TransientFault, in one line."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else create_engine(url, pool_pre_ping=True)
        self.place = self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; nothing done on it is kept."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it or, on any error, nothing.

        On SQLite the write lock is taken at once, so two writers wait for each other instead of failing half-way.
        """
        with self._translated(), self.engine.connect() as connection:
            immediate = connection.execution_options(immediate=True)
            with immediate.begin():
                yield immediate

    def forget_connections(self) -> None:
        """To be called in a forked child: connections of the parent must not be used, nor closed, there."""
        self.engine.dispose(close=False)

    def close(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as fault:
            if (translated := _translate(fault, self.place)) is None:
                raise
            raise translated from fault


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes too late (before the first write only); the event below replaces it.
        connection.isolation_level = None
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _translate(fault: DBAPIError, place: str) -> PermanentFault | TransientFault | None:
    """The fault in our words; None for one that is not about the database as a whole (a broken constraint)."""
    if isinstance(fault.orig, sqlite3.Error):
        said = str(fault.orig)
        for sign, kind, text in _SQLITE_FAULTS:
            if sign in said:
                return kind(f"{place}: {text}")
    if isinstance(fault, OperationalError):
        first_line = str(fault.orig).strip().splitlines()[0]
        return TransientFault(f"{place}: the database does not answer ({first_line}). See that it runs, then try again")
    return None
