"""What referrals, their audit and their durable work need from outside. Adapters live in `integrations`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from assistant.domain.audit_event import AuditEntry, AuditEvent, AuditText, ChainHead
from assistant.domain.hand_over import Attempt, InboundMessage, Notice, Packet
from assistant.domain.person import Role
from assistant.domain.referral import Referral, ReferralStatus, ReferralType


class AuditLog(Protocol):
    """The append-only log, one chain a tenant. Concurrent appends wait for each other: the chain stays linear."""

    def append(self, entry: AuditEntry) -> AuditEvent:
        """Record an entry after the tenant's last one."""
        ...

    def head(self, tenant: str) -> ChainHead:
        """The last event's place and hash; (0, GENESIS) for an empty chain."""
        ...

    def walk(self, tenant: str) -> Iterator[tuple[AuditEvent, Mapping[str, AuditText]]]:
        """Every event in order, with its texts by name."""
        ...

    def sequence_of(self, tenant: str, event_hash: str) -> int | None:
        """The place of the event with this hash, or None."""
        ...

    def erase(self, tenant: str, subject: str, at: datetime, by: str, why: str) -> int:
        """Take away the texts of every event about a subject, noting who and why; returns how many texts went."""
        ...


class Vault(Protocol):
    """Encrypted originals. Who may open one is decided, and recorded, by `route.originals`, never here."""

    def put(self, tenant: str, text: str) -> str:
        """Keep a text; returns its id. Any text is kept to the letter, lone surrogates too."""
        ...

    def open(self, tenant: str, original_id: str) -> str:
        """The text. Raises NotFound for one that is not there, PermanentFault when its key is."""
        ...

    def erase(self, tenant: str, original_id: str) -> bool:
        """Take a text away for good; False when it was not there."""
        ...


class ReferralRepository(Protocol):
    """Referrals with their details, history and attempts."""

    def add(self, referral: Referral) -> bool:
        """Write a new one; False, and nothing written, when its key exists."""
        ...

    def save(self, referral: Referral) -> Referral:
        """Write the next version. Raises Conflict when another one was written since it was read."""
        ...

    def get(self, tenant: str, referral_id: str) -> Referral | None:
        """One by id, or None."""
        ...

    def by_reference(self, tenant: str, reference: str) -> Referral | None:
        """One by the short reference people quote ("AE-12AB..."), in any case."""
        ...

    def by_key(self, tenant: str, key: str) -> Referral | None:
        """One by the key that made it, or None."""
        ...

    def find(
        self,
        tenant: str,
        *,
        types: Sequence[ReferralType] | None = None,
        statuses: Sequence[ReferralStatus] | None = None,
        sender: str | None = None,
        senders: Sequence[str] | None = None,
    ) -> list[Referral]:
        """Those that fit every filter given, soonest due first."""
        ...

    def tenants(self) -> list[str]:
        """Every tenant that has referrals: the sweep's way to find all of them."""
        ...

    def erase_details(self, tenant: str, referral_id: str, at: datetime) -> int:
        """Take the words of a referral away, keeping the fact that they were there; returns how many."""
        ...

    def start_attempt(self, attempt: Attempt) -> Attempt:
        """Write a started attempt; the one that is there already under its number wins and is returned."""
        ...

    def settle_attempt(self, attempt: Attempt) -> None:
        """Write how it ended."""
        ...

    def attempts(self, tenant: str, referral_id: str) -> list[Attempt]:
        """Every attempt, in order."""
        ...


class Notifier(Protocol):
    """Tells people. The default keeps notices where `rep referrals list` shows them; a chat surface posts them."""

    def notify(self, notice: Notice) -> bool:
        """Tell once; False when this key was told before."""
        ...

    def notices(self, tenant: str, person: str, role: Role) -> list[Notice]:
        """What a person was told, by name or by role, newest first."""
        ...


class InboundRepository(Protocol):
    """Messages kept before they are worked on."""

    def add(self, message: InboundMessage) -> InboundMessage:
        """Keep it; the one already there for this sender and message id wins and is returned."""
        ...

    def get(self, inbound_id: str) -> InboundMessage | None:
        """One by id, or None."""
        ...

    def mark_done(self, inbound_id: str, at: datetime) -> None:
        """It was worked on; its words go."""
        ...

    def waiting(self, tenant: str) -> list[InboundMessage]:
        """Those not worked on yet, oldest first."""
        ...


class ReferralUnit(Protocol):
    """One transaction over everything a referral touches: all of it is kept, or nothing."""

    @property
    def referrals(self) -> ReferralRepository:
        """Referrals."""
        ...

    @property
    def audit(self) -> AuditLog:
        """The audit chain."""
        ...

    @property
    def vault(self) -> Vault:
        """Encrypted originals."""
        ...

    @property
    def notifier(self) -> Notifier:
        """Who is told what."""
        ...

    @property
    def inbound(self) -> InboundRepository:
        """Messages kept before they are worked on."""
        ...


class ReferralStore(Protocol):
    """Opens transactions."""

    def write(self) -> AbstractContextManager[ReferralUnit]:
        """A transaction that is kept when the block ends well."""
        ...

    def read(self) -> AbstractContextManager[ReferralUnit]:
        """For reading; nothing done in it is kept."""
        ...


class HandOver(Protocol):
    """One way to reach one target."""

    def deliver(self, packet: Packet) -> str:
        """Hand a packet over; returns the target's receipt. The same packet again changes nothing there.

        Raises TransientFault when trying again may help, PermanentFault when it will not.
        """
        ...


class DurableWork(Protocol):
    """Work that survives the process: kept before `start` returns, done once a key however often it is started."""

    def start(self, job: str, row_id: str, key: str, *, not_before: datetime | None = None) -> None:
        """Have `job` done on a row, not before a moment. The same key again is the same work."""
        ...
