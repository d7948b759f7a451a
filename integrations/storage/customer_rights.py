"""Rights of the people in the record: everything about one customer read out, or removed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, or_, select

from assistant.domain.record import Erasure
from integrations.storage.customer_rows import plain
from integrations.storage.tables import customers as tables

# Tables that hold something about a customer, in an order in which they can be emptied.
_ABOUT: tuple[Table, ...] = (
    tables.record_versions,
    tables.preferences,
    tables.follow_ups,
    tables.insights,
    tables.shared_documents,
    tables.visits,
    tables.interactions,
    tables.customer_keys,
    tables.customer_affiliations,
    tables.customer_territories,
    tables.customers,
)
_INTERNAL = frozenset({"tenant_id", "digest", "product_keys"})

KEPT: Mapping[str, str] = {
    "audit trail": "it proves what was asked and shown; it holds salted digests, no text about the customer",
    "safety and quality reports": "the law requires reports of adverse events and complaints to be kept",
    "digest of the customer's id": "so that a later load of the same file does not bring the record back",
}


def export(connection: Connection, tenant: str, customer_id: str) -> Mapping[str, object] | None:
    """Everything held, by table, every version; None when there is no such customer."""
    held: dict[str, list[dict[str, Any]]] = {}
    for table in reversed(_ABOUT):
        rows = connection.execute(select(table).where(_about(table, tenant, customer_id))).mappings()
        found = [{name: plain(value) for name, value in row.items() if name not in _INTERNAL} for row in rows]
        if found and table is not tables.customer_keys:
            held[table.name] = found
    return held if "customers" in held else None


def erase(connection: Connection, tenant: str, customer_id: str, *, by: str, at: datetime) -> Erasure | None:
    """Remove every row about a customer and leave a proof that says when and how much, not who."""
    removed = {
        table.name: connection.execute(delete(table).where(_about(table, tenant, customer_id))).rowcount
        for table in _ABOUT
    }
    if not removed["customers"]:
        return None
    removed = {name: count for name, count in removed.items() if count}
    salt = _salt(connection, tenant) or secrets.token_hex(16)
    row = {
        "tenant_id": tenant,
        "digest": _digest(salt, customer_id),
        "salt": salt,
        "erased_at": at,
        "erased_by": by,
        "removed": removed,
    }
    connection.execute(delete(tables.erasures).where(tables.erasures.c.digest == row["digest"]))
    connection.execute(insert(tables.erasures), [row])
    return Erasure(removed, KEPT)


def erased(connection: Connection, tenant: str, ids: Collection[str]) -> set[str]:
    """Which of these ids were erased."""
    salt = _salt(connection, tenant)
    if salt is None:
        return set()
    held = tables.erasures.c
    digests = {_digest(salt, one): one for one in ids}
    query = select(held.digest).where(held.tenant_id == tenant, held.digest.in_(digests))
    return {digests[digest] for digest in connection.execute(query).scalars()}


def _about(table: Table, tenant: str, customer_id: str) -> Any:
    if table is tables.customers:
        return (table.c.tenant_id == tenant) & (table.c.id == customer_id)
    about = table.c.customer_id == customer_id
    if table is tables.customer_affiliations:
        about = or_(about, table.c.organisation_id == customer_id)
    return (table.c.tenant_id == tenant) & about


def _salt(connection: Connection, tenant: str) -> str | None:
    """One salt a tenant, so that an id is looked up by one digest."""
    held = tables.erasures.c
    return connection.execute(select(held.salt).where(held.tenant_id == tenant).limit(1)).scalar()


def _digest(salt: str, customer_id: str) -> str:
    return sha256(f"{salt}:{customer_id}".encode()).hexdigest()
