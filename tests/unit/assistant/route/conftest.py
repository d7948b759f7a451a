"""The desk every test here works at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from tests.fakes import FakeClock
from tests.route_fakes import Desk, copy_database


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def desk(migrated: Path, tmp_path: Path) -> Iterator[Desk]:
    """Routing over an empty SQLite database."""
    database = copy_database(migrated, tmp_path / "desk.db")
    yield Desk(database, FakeClock())
    database.close()
