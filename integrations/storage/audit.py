"""The audit chain over SQL: an append takes the tenant's head under a lock, so the chain stays linear."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.audit import GENESIS, chain
from assistant.domain.audit_event import AuditEntry, AuditEvent, AuditText, ChainHead, ContentSeen
from assistant.ports import Ids
from integrations.storage.database import Database
from integrations.storage.tables.audit import audit_events, audit_heads, audit_texts

_PAGE = 500


def new_salt() -> str:
    """Sixteen random bytes in hex."""
    return secrets.token_hex(16)


class SqlAuditLog:
    """`AuditLog` within somebody's transaction."""

    def __init__(
        self, connection: Connection, ids: Ids, *, salts: Callable[[], str] = new_salt, page: int = _PAGE
    ) -> None:
        self._connection = connection
        self._ids = ids
        self._salts = salts
        self._page_size = page

    def append(self, entry: AuditEntry) -> AuditEvent:
        """Record an entry after the tenant's last one; waits for whoever is appending to this chain."""
        event, texts = chain(entry, self._ids.new(), self._locked_head(entry.tenant), self._salts)
        self._connection.execute(insert(audit_events).values(_event_row(event)))
        if texts:
            self._connection.execute(insert(audit_texts), [_text_row(entry.tenant, text) for text in texts])
        moved = {"sequence": event.sequence, "hash": event.hash}
        self._connection.execute(update(audit_heads).where(audit_heads.c.tenant_id == entry.tenant).values(moved))
        return event

    def head(self, tenant: str) -> ChainHead:
        """The last event's place and hash."""
        row = self._connection.execute(select(audit_heads).where(audit_heads.c.tenant_id == tenant)).mappings().first()
        return ChainHead(0, GENESIS) if row is None else ChainHead(row["sequence"], row["hash"])

    def walk(self, tenant: str) -> Iterator[tuple[AuditEvent, Mapping[str, AuditText]]]:
        """Every event in order with its texts, a page at a time, so that any length of chain fits in memory."""
        after = -1
        while rows := self._page(tenant, after):
            texts = self._texts([row["id"] for row in rows])
            for row in rows:
                yield _event(row), {text.name: text for text in texts.get(row["id"], ())}
            after = rows[-1]["sequence"]

    def sequence_of(self, tenant: str, event_hash: str) -> int | None:
        """The place of the event with this hash."""
        wanted = select(audit_events.c.sequence).where(
            audit_events.c.tenant_id == tenant, audit_events.c.hash == event_hash
        )
        found = self._connection.execute(wanted).scalar()
        return None if found is None else int(found)

    def erase(self, tenant: str, subject: str, at: datetime, by: str, why: str) -> int:
        """Take away the texts of every event about a subject, with their salts."""
        about = select(audit_events.c.id).where(audit_events.c.tenant_id == tenant, audit_events.c.subject == subject)
        gone = self._connection.execute(
            update(audit_texts)
            .where(audit_texts.c.event_id.in_(about), audit_texts.c.erased_at.is_(None))
            .values(text=None, salt=None, erased_at=at, erased_by=by, erased_why=why)
        )
        return gone.rowcount

    def _locked_head(self, tenant: str) -> ChainHead:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        self._connection.execute(
            dialect.insert(audit_heads)
            .values(tenant_id=tenant, sequence=0, hash=GENESIS)
            .on_conflict_do_nothing(index_elements=["tenant_id"])
        )
        locked = select(audit_heads).where(audit_heads.c.tenant_id == tenant).with_for_update()
        row = self._connection.execute(locked).mappings().one()
        return ChainHead(row["sequence"], row["hash"])

    def _page(self, tenant: str, after: int) -> list[RowMapping]:
        wanted = (
            select(audit_events)
            .where(audit_events.c.tenant_id == tenant, audit_events.c.sequence > after)
            .order_by(audit_events.c.sequence)
            .limit(self._page_size)
        )
        return list(self._connection.execute(wanted).mappings())

    def _texts(self, event_ids: list[str]) -> dict[str, list[AuditText]]:
        found: dict[str, list[AuditText]] = {}
        wanted = select(audit_texts).where(audit_texts.c.event_id.in_(event_ids))
        for row in self._connection.execute(wanted).mappings():
            found.setdefault(row["event_id"], []).append(_text(row))
        return found


class AuditLedger:
    """The audit chain for use cases that record one entry by itself, each in a transaction of its own."""

    def __init__(self, database: Database, ids: Ids) -> None:
        self._database = database
        self._ids = ids

    def append(self, entry: AuditEntry) -> AuditEvent:
        """Record one entry."""
        with self._database.write() as connection:
            return SqlAuditLog(connection, self._ids).append(entry)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection for walking the chain; wrap it in SqlAuditLog."""
        return self._database.read()


def _event_row(event: AuditEvent) -> dict[str, object]:
    entry = event.entry
    return {
        "id": event.id,
        "tenant_id": entry.tenant,
        "sequence": event.sequence,
        "at": entry.at,
        "actor": entry.actor,
        "actor_role": entry.actor_role,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "content": [[seen.document_id, seen.version] for seen in entry.content],
        "facts": dict(entry.facts),
        "digests": dict(event.digests),
        "previous": event.previous,
        "hash": event.hash,
    }


def _event(row: RowMapping) -> AuditEvent:
    entry = AuditEntry(
        tenant=row["tenant_id"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        actor_role=row["actor_role"],
        reason=row["reason"],
        content=tuple(ContentSeen(document, version) for document, version in row["content"]),
        facts=row["facts"],
    )
    return AuditEvent(row["id"], row["sequence"], entry, row["digests"], row["previous"], row["hash"])


def _text_row(tenant: str, text: AuditText) -> dict[str, object]:
    return {
        "event_id": text.event_id,
        "name": text.name,
        "tenant_id": tenant,
        "text": text.text,
        "salt": text.salt,
        "erased_at": None,
        "erased_by": "",
        "erased_why": "",
    }


def _text(row: RowMapping) -> AuditText:
    return AuditText(
        row["event_id"], row["name"], row["text"], row["salt"], row["erased_at"], row["erased_by"], row["erased_why"]
    )
