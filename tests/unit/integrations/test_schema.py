"""The schema: up, down, the same as the tables say, and refused when it is not this program's."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import integrations.storage.tables
from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from integrations.storage.schema import SchemaFault, current_revision, require_current, revisions
from integrations.storage.tables.base import metadata


def import_every_table() -> None:
    import importlib
    import pkgutil

    for module in pkgutil.iter_modules(integrations.storage.tables.__path__):
        importlib.import_module(f"integrations.storage.tables.{module.name}")


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    import_every_table()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_down_and_up_again(database: Database) -> None:
    migrate(database, "base")
    with database.read() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(database)
    migrate(database)
    assert current_revision(database) == revisions()[-1]


def test_every_revision_steps_down_alone(database: Database) -> None:
    known = revisions()
    for revision in [*reversed(known[:-1]), *known]:
        migrate(database, revision)
        assert current_revision(database) == revision


def test_an_older_schema_names_the_command(database: Database, tmp_path: Path) -> None:
    migrate(database, "base")
    with pytest.raises(SchemaFault, match=r"older version .* rep init --home"):
        require_current(database, tmp_path)


def test_a_newer_schema_is_refused_and_left_alone(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaFault, match="newer program"):
        require_current(database, tmp_path)
    with pytest.raises(SchemaFault, match="newer program"):
        migrate(database)
    assert current_revision(database) == "9999"
