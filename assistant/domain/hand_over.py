"""Handing over: what leaves for the receiving role, each attempt at it, and what people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.person import Role
from assistant.domain.referral import Referral, Sender


@dataclass(frozen=True, slots=True)
class Packet:
    """What a target gets. `key` is the same at every attempt, so a target that got it twice can tell.

    It holds the redacted words alone; the original stays in the vault, which the receiving role opens by reference.
    """

    key: str
    referral: Referral
    role: Role
    note: str = ""


class AttemptOutcome(StrEnum):
    """How an attempt ended. A started one that never settled was cut short, and is made again."""

    STARTED = "started"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at handing a revision of a referral over, numbered from 1."""

    tenant: str
    referral_id: str
    number: int
    started_at: datetime
    revision: int = 1
    outcome: AttemptOutcome = AttemptOutcome.STARTED
    detail: str = ""
    settled_at: datetime | None = None


class NoticeKind(StrEnum):
    """Why somebody is told."""

    RECEIPT = "receipt"
    NEW = "new"
    REMINDER = "reminder"
    LATE = "late"
    ESCALATION = "escalation"
    DEAD_LETTER = "dead_letter"
    CLOSED = "closed"
    RECHECK = "recheck"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person, or everybody of a role, is told once. `key` makes telling twice the same as once.

    `text` names the reference, the type and the clock, never what was reported.
    """

    key: str
    tenant: str
    kind: NoticeKind
    referral_id: str
    text: str
    at: datetime
    person: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message kept before anything is done about it: redacted words here, the original in the vault."""

    id: str
    message_id: str
    sender: Sender
    received_at: datetime
    redacted: str
    original_id: str
    done_at: datetime | None = None
