"""Which schema a database has, checked whenever a home is opened.

Revisions are the numbers that start their files' names, so the check need not import the migration library (slow).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from assistant.errors import PermanentFault
from integrations.storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaFault(PermanentFault):
    """The database is of another version than this program; the text says which is older and what to do."""

    code = "schema"


def revisions() -> list[str]:
    """Every revision this program knows, oldest first."""
    return sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(database: Database) -> str | None:
    """The revision a database is at; None when it holds none of our tables."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
        return None if row is None else str(row[0])


def require_current(database: Database, home: Path) -> None:
    """Raise SchemaFault unless the database is exactly at this program's newest revision."""
    known, found = revisions(), current_revision(database)
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise SchemaFault(
            f"{database.place} was made by a newer program (schema {found}; this one knows {known[-1]}). "
            "Update this program"
        )
    raise SchemaFault(
        f"{database.place} is of an older version (schema {found or 'none'}; this program needs {known[-1]}). "
        f"Bring it forward with: rep init --home {home}"
    )
