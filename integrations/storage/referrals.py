"""Referrals over SQL, within somebody's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.audit import storable
from assistant.domain.hand_over import Attempt, AttemptOutcome
from assistant.domain.referral import Detail, HistoryEntry, Referral, ReferralStatus, ReferralType
from assistant.errors import Conflict
from integrations.storage.referral_rows import referral_from, referral_row
from integrations.storage.tables.referrals import hand_over_attempts, referral_details, referral_history, referrals

_MANY = 500


class SqlReferralRepository:
    """`ReferralRepository` on SQLite and PostgreSQL alike."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = postgresql if connection.dialect.name == "postgresql" else sqlite

    def add(self, referral: Referral) -> bool:
        """Write a new one; False when its key exists."""
        added = self._dialect.insert(referrals).values(referral_row(referral)).on_conflict_do_nothing()
        if self._connection.execute(added.returning(referrals.c.id)).first() is None:
            return False
        self._write_details(referral)
        self._write_history(referral, 0)
        return True

    def save(self, referral: Referral) -> Referral:
        """Write the next version; details that were erased stay so."""
        row = referral_row(referral) | {"version": referral.version + 1}
        changed = (
            update(referrals)
            .where(
                referrals.c.tenant_id == referral.tenant,
                referrals.c.id == referral.id,
                referrals.c.version == referral.version,
            )
            .values(row)
        )
        if self._connection.execute(changed).rowcount == 0:
            raise Conflict(f"{referral.reference} was changed by somebody else just now; look at it again")
        self._write_details(referral)
        written = select(referral_history.c.position).where(referral_history.c.referral_id == referral.id)
        self._write_history(referral, len(self._connection.execute(written).all()))
        return self._one(referrals.c.id == referral.id, referral.tenant) or referral

    def get(self, tenant: str, referral_id: str) -> Referral | None:
        """One by id."""
        return self._one(referrals.c.id == referral_id, tenant)

    def by_reference(self, tenant: str, reference: str) -> Referral | None:
        """One by its short reference."""
        return self._one(referrals.c.reference == reference.strip().upper(), tenant)

    def by_key(self, tenant: str, key: str) -> Referral | None:
        """One by the key that made it."""
        return self._one(referrals.c.key == key, tenant)

    def find(
        self,
        tenant: str,
        *,
        types: Sequence[ReferralType] | None = None,
        statuses: Sequence[ReferralStatus] | None = None,
        sender: str | None = None,
        senders: Sequence[str] | None = None,
    ) -> list[Referral]:
        """Those that fit every filter, soonest due first."""
        wanted = select(referrals).where(referrals.c.tenant_id == tenant)
        if types is not None:
            wanted = wanted.where(referrals.c.type.in_([type_.value for type_ in types]))
        if statuses is not None:
            wanted = wanted.where(referrals.c.status.in_([status.value for status in statuses]))
        if sender is not None:
            wanted = wanted.where(referrals.c.sender_id == sender)
        if senders is not None:
            wanted = wanted.where(referrals.c.sender_id.in_(list(senders)))
        rows = self._connection.execute(wanted.order_by(referrals.c.due_at, referrals.c.id)).mappings()
        return self._whole(list(rows))

    def tenants(self) -> list[str]:
        """Every tenant that has referrals."""
        return sorted(self._connection.execute(select(referrals.c.tenant_id).distinct()).scalars())

    def erase_details(self, tenant: str, referral_id: str, at: datetime) -> int:
        """Take the words away, the closing note with them; that they were there stays."""
        noted = (referrals.c.tenant_id == tenant, referrals.c.id == referral_id)
        self._connection.execute(update(referrals).where(*noted).values(closed_note=None))
        gone = (
            update(referral_details)
            .where(
                referral_details.c.tenant_id == tenant,
                referral_details.c.referral_id == referral_id,
                referral_details.c.erased_at.is_(None),
            )
            .values(text=None, erased_at=at)
        )
        return self._connection.execute(gone).rowcount

    def start_attempt(self, attempt: Attempt) -> Attempt:
        """Write a started attempt, or return the one under its number."""
        row = {
            "referral_id": attempt.referral_id,
            "number": attempt.number,
            "tenant_id": attempt.tenant,
            "started_at": attempt.started_at,
            "revision": attempt.revision,
            "outcome": attempt.outcome.value,
            "detail": attempt.detail,
            "settled_at": attempt.settled_at,
        }
        self._connection.execute(self._dialect.insert(hand_over_attempts).values(row).on_conflict_do_nothing())
        return next(one for one in self.attempts(attempt.tenant, attempt.referral_id) if one.number == attempt.number)

    def settle_attempt(self, attempt: Attempt) -> None:
        """Write how an attempt ended."""
        outcome = {
            "revision": attempt.revision,
            "outcome": attempt.outcome.value,
            "detail": storable(attempt.detail),
            "settled_at": attempt.settled_at,
        }
        self._connection.execute(
            update(hand_over_attempts)
            .where(
                hand_over_attempts.c.tenant_id == attempt.tenant,
                hand_over_attempts.c.referral_id == attempt.referral_id,
                hand_over_attempts.c.number == attempt.number,
            )
            .values(outcome)
        )

    def attempts(self, tenant: str, referral_id: str) -> list[Attempt]:
        """Every attempt, in order."""
        wanted = (
            select(hand_over_attempts)
            .where(hand_over_attempts.c.tenant_id == tenant, hand_over_attempts.c.referral_id == referral_id)
            .order_by(hand_over_attempts.c.number)
        )
        return [
            Attempt(
                row["tenant_id"],
                row["referral_id"],
                row["number"],
                row["started_at"],
                row["revision"],
                AttemptOutcome(row["outcome"]),
                row["detail"],
                row["settled_at"],
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def _one(self, condition: object, tenant: str) -> Referral | None:
        wanted = select(referrals).where(referrals.c.tenant_id == tenant, condition)  # type: ignore[arg-type]
        row = self._connection.execute(wanted).mappings().first()
        return None if row is None else self._whole([row])[0]

    def _whole(self, rows: list[RowMapping]) -> list[Referral]:
        """Referrals with their details and history, in two queries for many rows."""
        details: dict[str, dict[Detail, str]] = {}
        history: dict[str, list[HistoryEntry]] = {}
        for start in range(0, len(rows), _MANY):
            ids = [row["id"] for row in rows[start : start + _MANY]]
            held = select(referral_details).where(referral_details.c.referral_id.in_(ids))
            for row in self._connection.execute(held.where(referral_details.c.text.is_not(None))).mappings():
                details.setdefault(row["referral_id"], {})[Detail(row["name"])] = row["text"]
            lines = select(referral_history).where(referral_history.c.referral_id.in_(ids))
            for row in self._connection.execute(lines.order_by(referral_history.c.position)).mappings():
                history.setdefault(row["referral_id"], []).append(HistoryEntry(row["at"], row["actor"], row["what"]))
        return [referral_from(row, details.get(row["id"], {}), tuple(history.get(row["id"], ()))) for row in rows]

    def _write_details(self, referral: Referral) -> None:
        rows = [
            {"referral_id": referral.id, "name": name.value, "tenant_id": referral.tenant, "text": storable(text)}
            for name, text in referral.details.items()
        ]
        if not rows:
            return
        written = self._dialect.insert(referral_details)
        self._connection.execute(
            written.on_conflict_do_update(
                index_elements=["referral_id", "name"],
                set_={"text": written.excluded.text},
                where=referral_details.c.erased_at.is_(None),
            ),
            rows,
        )

    def _write_history(self, referral: Referral, written: int) -> None:
        rows = [
            {
                "referral_id": referral.id,
                "position": position,
                "tenant_id": referral.tenant,
                "at": entry.at,
                "actor": entry.actor,
                "what": storable(entry.what),
            }
            for position, entry in enumerate(referral.history)
            if position >= written
        ]
        if rows:
            self._connection.execute(insert(referral_history), rows)
