"""One transaction over everything a referral touches, and the small tables beside it: notices, inbound messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, RowMapping, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.audit import storable
from assistant.domain.hand_over import InboundMessage, Notice, NoticeKind
from assistant.domain.person import Role
from assistant.ports import Clock, Ids
from integrations.storage.audit import SqlAuditLog
from integrations.storage.database import Database
from integrations.storage.referral_rows import sender_columns, sender_from
from integrations.storage.referrals import SqlReferralRepository
from integrations.storage.tables.referrals import inbound_messages, notices
from integrations.storage.vault import Keyring, SqlVault

_SHOWN = 200


class SqlNotifier:
    """`Notifier` that keeps notices where `rep referrals list` shows them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def notify(self, notice: Notice) -> bool:
        """Keep it once."""
        row = {
            "tenant_id": notice.tenant,
            "key": notice.key,
            "kind": notice.kind.value,
            "referral_id": notice.referral_id,
            "text": storable(notice.text),
            "at": notice.at,
            "person_id": notice.person,
            "role": notice.role and notice.role.value,
        }
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        added = dialect.insert(notices).values(row).on_conflict_do_nothing().returning(notices.c.key)
        return self._connection.execute(added).first() is not None

    def notices(self, tenant: str, person: str, role: Role) -> list[Notice]:
        """What a person was told, newest first."""
        wanted = (
            select(notices)
            .where(notices.c.tenant_id == tenant, or_(notices.c.person_id == person, notices.c.role == role.value))
            .order_by(notices.c.at.desc(), notices.c.key)
            .limit(_SHOWN)
        )
        return [_notice(row) for row in self._connection.execute(wanted).mappings()]


class SqlInboundRepository:
    """`InboundRepository` on SQLite and PostgreSQL alike."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: InboundMessage) -> InboundMessage:
        """Keep it, or return the one already there."""
        row = {
            "id": message.id,
            "tenant_id": message.sender.tenant,
            "message_id": message.message_id,
            **sender_columns(message.sender),
            "received_at": message.received_at,
            "redacted": storable(message.redacted),
            "original_id": message.original_id,
            "done_at": message.done_at,
        }
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        self._connection.execute(dialect.insert(inbound_messages).values(row).on_conflict_do_nothing())
        wanted = select(inbound_messages).where(
            inbound_messages.c.tenant_id == message.sender.tenant,
            inbound_messages.c.sender_id == row["sender_id"],
            inbound_messages.c.message_id == message.message_id,
        )
        return _inbound(self._connection.execute(wanted).mappings().one())

    def get(self, inbound_id: str) -> InboundMessage | None:
        """One by id."""
        wanted = select(inbound_messages).where(inbound_messages.c.id == inbound_id)
        row = self._connection.execute(wanted).mappings().first()
        return None if row is None else _inbound(row)

    def mark_done(self, inbound_id: str, at: datetime) -> None:
        """It was worked on; its words are needed no longer and go."""
        self._connection.execute(
            update(inbound_messages)
            .where(inbound_messages.c.id == inbound_id, inbound_messages.c.done_at.is_(None))
            .values(done_at=at, redacted="")
        )

    def waiting(self, tenant: str) -> list[InboundMessage]:
        """Those not worked on yet, oldest first."""
        wanted = (
            select(inbound_messages)
            .where(inbound_messages.c.tenant_id == tenant, inbound_messages.c.done_at.is_(None))
            .order_by(inbound_messages.c.id)
        )
        return [_inbound(row) for row in self._connection.execute(wanted).mappings()]


class SqlReferralUnit:
    """`ReferralUnit` on one connection."""

    def __init__(self, connection: Connection, ring: Keyring, clock: Clock, ids: Ids) -> None:
        self.referrals = SqlReferralRepository(connection)
        self.audit = SqlAuditLog(connection, ids)
        self.vault = SqlVault(connection, ring, clock, ids)
        self.notifier = SqlNotifier(connection)
        self.inbound = SqlInboundRepository(connection)


class SqlReferralStore:
    """`ReferralStore` over the home's database."""

    def __init__(self, database: Database, ring: Keyring, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._ring = ring
        self._clock = clock
        self._ids = ids

    @contextmanager
    def write(self) -> Iterator[SqlReferralUnit]:
        """A transaction that is kept when the block ends well."""
        with self._database.write() as connection:
            yield SqlReferralUnit(connection, self._ring, self._clock, self._ids)

    @contextmanager
    def read(self) -> Iterator[SqlReferralUnit]:
        """For reading."""
        with self._database.read() as connection:
            yield SqlReferralUnit(connection, self._ring, self._clock, self._ids)


def _notice(row: RowMapping) -> Notice:
    return Notice(
        key=row["key"],
        tenant=row["tenant_id"],
        kind=NoticeKind(row["kind"]),
        referral_id=row["referral_id"],
        text=row["text"],
        at=row["at"],
        person=row["person_id"],
        role=Role(row["role"]) if row["role"] else None,
    )


def _inbound(row: RowMapping) -> InboundMessage:
    return InboundMessage(
        id=row["id"],
        message_id=row["message_id"],
        sender=sender_from(row),
        received_at=row["received_at"],
        redacted=row["redacted"],
        original_id=row["original_id"],
        done_at=row["done_at"],
    )
