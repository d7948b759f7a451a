"""Bringing a database to this program's schema, run by `rep init`."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from integrations.storage.database import Database
from integrations.storage.schema import MIGRATIONS, SchemaFault, current_revision, revisions


def migrate(database: Database, to: str | None = None) -> None:
    """Bring a database up or down to a revision (default: the newest), all or nothing.

    A database of a newer program is refused and left alone. `to="base"` removes every table of ours.
    """
    known, found = revisions(), current_revision(database)
    if found is not None and found not in known:
        raise SchemaFault(f"{database.place} was made by a newer program (schema {found}). Update this program")
    target = to or known[-1]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.write() as connection:
        config.attributes["connection"] = connection
        if target == "base" or (found is not None and target < found):
            command.downgrade(config, target)
        else:
            command.upgrade(config, target)
