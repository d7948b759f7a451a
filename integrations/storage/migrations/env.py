"""Runs the migrations on the connection it is handed; there is no other way to run them."""

from __future__ import annotations

from alembic import context

from integrations.storage.tables.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
