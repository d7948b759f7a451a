"""Writes of the customer record: idempotent by id, and a correction keeps what it replaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from assistant.domain.customer import Customer
from assistant.domain.interaction import SealedInteraction
from assistant.domain.record import Saved
from assistant.record.names import stored_keys
from integrations.storage.customer_rows import digest, plain
from integrations.storage.tables.customers import (
    customer_affiliations,
    customer_keys,
    customer_territories,
    record_versions,
    shared_documents,
)

_CHUNK = 500
_KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Written:
    """What a save did, and to which ids."""

    saved: Saved = field(default_factory=Saved)
    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


def save_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], learned_at: datetime) -> Written:
    """Insert new rows and correct changed ones."""
    written = Written()
    for batch in _batches(rows):
        held = _held(connection, table, batch)
        stamped = [{**row, "digest": digest(row), "learned_at": row.get("learned_at", learned_at)} for row in batch]
        new = [{**row, "version": 1} for row in stamped if row["id"] not in held]
        changed = [row for row in stamped if row["id"] in held and held[row["id"]][0] != row["digest"]]
        if new:
            connection.execute(insert(table), new)
        if changed:
            _keep_older(connection, table, [row["id"] for row in changed], changed[0]["tenant_id"], learned_at)
            _correct(connection, table, [{**row, "version": held[row["id"]][1] + 1} for row in changed])
        written = Written(
            written.saved + Saved(len(new), len(changed), len(batch) - len(new) - len(changed)),
            written.new | {row["id"] for row in new},
            written.changed | {row["id"] for row in changed},
        )
    return written


def _batches(rows: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Chunks in order, in each of which an id stands once: a second line of one id is a correction of the first."""
    batch: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["id"] in batch or len(batch) == _CHUNK:
            yield list(batch.values())
            batch = {}
        batch[row["id"]] = row
    if batch:
        yield list(batch.values())


def _held(connection: Connection, table: Table, batch: Sequence[dict[str, Any]]) -> dict[str, tuple[str, int]]:
    query = select(table.c.id, table.c.digest, table.c.version).where(
        table.c.tenant_id == batch[0]["tenant_id"], table.c.id.in_([row["id"] for row in batch])
    )
    return {row.id: (row.digest, row.version) for row in connection.execute(query)}


def _keep_older(connection: Connection, table: Table, ids: Sequence[str], tenant: str, replaced_at: datetime) -> None:
    older = connection.execute(select(table).where(table.c.tenant_id == tenant, table.c.id.in_(ids))).mappings()
    bodies = [
        {
            "tenant_id": tenant,
            "noun": table.name,
            "entry_id": row["id"],
            "version": row["version"],
            "customer_id": row.get("customer_id", row["id"]),
            "visibility": row.get("visibility", "commercial"),
            "replaced_at": replaced_at,
            "body": {name: plain(value) for name, value in row.items()},
        }
        for row in older
    ]
    connection.execute(insert(record_versions), bodies)


def _correct(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    statement = update(table).where(table.c.tenant_id == bindparam("own_tenant"), table.c.id == bindparam("own_id"))
    names = [name for name in rows[0] if name not in ("tenant_id", "id")]
    values = [
        {"own_tenant": row["tenant_id"], "own_id": row["id"], **{f"new_{name}": row[name] for name in names}}
        for row in rows
    ]
    connection.execute(
        statement.values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}), values
    )


def index_customers(connection: Connection, tenant: str, customers: Iterable[Customer], written: Written) -> None:
    """Write anew where customers stand, whom they belong to and how they are found."""
    latest = {one.id: one for one in customers if one.id in written.new | written.changed}
    of_each: dict[Table, Callable[[Customer], list[dict[str, str]]]] = {
        customer_territories: lambda one: [{"territory": place} for place in one.territories],
        customer_affiliations: lambda one: [{"organisation_id": place} for place in dict.fromkeys(one.affiliations)],
        customer_keys: _key_rows,
    }
    for table, rows_of in of_each.items():
        for ids in _chunks(sorted(written.changed)):
            connection.execute(delete(table).where(table.c.tenant_id == tenant, table.c.customer_id.in_(ids)))
        rows = [{"tenant_id": tenant, "customer_id": one.id, **row} for one in latest.values() for row in rows_of(one)]
        if rows:
            connection.execute(insert(table), rows)


def _key_rows(customer: Customer) -> list[dict[str, str]]:
    keys = {key[:_KEY_LENGTH] for key in stored_keys(customer)}
    return [{"name_key": key, "territory": place} for key in keys for place in customer.territories or {""}]


def index_documents(connection: Connection, tenant: str, sealed: Iterable[SealedInteraction], written: Written) -> None:
    """Write anew which documents were shared in which interaction."""
    touched = written.new | written.changed
    latest = {one.interaction.id: one.interaction for one in sealed if one.interaction.id in touched}
    held = shared_documents.c
    for ids in _chunks(sorted(written.changed)):
        connection.execute(delete(shared_documents).where(held.tenant_id == tenant, held.interaction_id.in_(ids)))
    rows = [
        {
            "tenant_id": tenant,
            "document_id": document,
            "interaction_id": entry.id,
            "customer_id": entry.customer_id,
            "at": entry.at,
            "visibility": entry.visibility.value,
        }
        for entry in latest.values()
        for document in dict.fromkeys(entry.documents)
    ]
    if rows:
        connection.execute(insert(shared_documents), rows)


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
