"""Referrals: what another role must handle. Never called tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from assistant.domain.person import Role
from assistant.errors import Conflict


class ReferralType(StrEnum):
    """What kind of matter it is; `policies/routing.toml` says which role receives each."""

    ADVERSE_EVENT = "adverse_event"
    PRODUCT_COMPLAINT = "product_complaint"
    MEDICAL_INFORMATION_REQUEST = "medical_information_request"
    MSL_ENGAGEMENT = "msl_engagement"
    MARKET_ACCESS = "market_access"
    SAMPLE_REQUEST = "sample_request"
    SPEAKER_PROGRAM = "speaker_program"
    PATIENT_SUPPORT = "patient_support"
    PRIVACY = "privacy"
    COMPLIANCE = "compliance"
    IT_SUPPORT = "it_support"


SAFETY_TYPES = frozenset({ReferralType.ADVERSE_EVENT, ReferralType.PRODUCT_COMPLAINT})
"""Reports the law asks for: they open whoever sent them, and safety or quality alone may close them."""


@dataclass(frozen=True, slots=True)
class ReferralSuggestion:
    """A referral an answer points to, before anything is opened. `why` is a sentence a person can check."""

    type: ReferralType
    why: str


class ReferralStatus(StrEnum):
    """Where a referral stands; it moves forward only. Complete or not is told beside it."""

    OPENED = "opened"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Detail(StrEnum):
    """What a card may hold. `routing.toml` says which of them a type requires and which it merely asks for."""

    PATIENT_AGE_GROUP = "patient_age_group"
    PATIENT_SEX = "patient_sex"
    REPORTER = "reporter"
    CONTACT_CONSENT = "contact_consent"
    PRODUCT = "product"
    LOT = "lot"
    EVENT = "event"
    FIRST_HEARD_AT = "first_heard_at"
    QUESTION = "question"
    UNSOLICITED = "unsolicited"
    DELIVERY_PREFERENCE = "delivery_preference"
    URGENCY = "urgency"
    REQUEST = "request"


class ClosingReason(StrEnum):
    """Why a referral was closed. A NOT_A_REAL_PATIENT is kept, and a share of them is looked at again."""

    HANDLED = "handled"
    DUPLICATE = "duplicate"
    NOT_A_REAL_PATIENT = "not_a_real_patient"
    NOT_OURS = "not_ours"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote the message, known to the roster or not: a report counts whoever sends it.

    `identity` is the roster id, else what the surface knows (an e-mail address, a user id); `role` is None for a
    person the roster does not know.
    """

    tenant: str
    identity: str
    market: str
    role: Role | None = None
    timezone: str = "UTC"
    manager: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a referral, in words that hold nobody's data."""

    at: datetime
    actor: str
    what: str


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended. `sampled` marks one that a second person looks at again. `note` is for the receiving role alone."""

    at: datetime
    by: str
    reason: ClosingReason
    sampled: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One matter for another role, with its own clock.

    `day_zero` is when the clock started, `first_heard_at` when somebody first heard of it as far as is told; both are
    kept. `missing` names what the receiving role still lacks ("patient_age_group|patient_sex": either will do).
    `details` are the customer's and the sender's words, less patient identifiers; `original_id` points at the
    untouched original in the vault. `internal` marks a colleague's own question, never a customer's. `key` is what
    makes opening it twice the same as once. `revision` grows when words are added, and the target has had it up to
    `sent_revision`. `version` grows with every change.
    """

    id: str
    tenant: str
    type: ReferralType
    key: str
    message_id: str
    sender: Sender
    target: str
    received_at: datetime
    day_zero: datetime
    due_at: datetime
    why: str
    missing: tuple[str, ...]
    status: ReferralStatus = ReferralStatus.OPENED
    special_situation: str | None = None
    internal: bool = False
    customer: str | None = None
    content: tuple[str, ...] = ()
    first_heard_at: datetime | None = None
    answer_due_at: datetime | None = None
    acknowledged_by: str | None = None
    receipt: str | None = None
    dead_letter: str | None = None
    closing: Closing | None = None
    original_id: str | None = None
    details: Mapping[Detail, str] = field(default_factory=dict)
    history: tuple[HistoryEntry, ...] = ()
    revision: int = 1
    sent_revision: int = 0
    version: int = 1

    @property
    def complete(self) -> bool:
        """Whether nothing the receiving role requires is missing."""
        return not self.missing

    @property
    def reference(self) -> str:
        """The short reference people quote; the id's last twelve characters, which are its random ones."""
        return f"{PREFIXES[self.type]}-{self.id[-12:].upper()}"

    def late(self, now: datetime) -> bool:
        """Whether the receiving role has not acknowledged it in time."""
        return self.status in (ReferralStatus.OPENED, ReferralStatus.HANDED_OVER) and now > self.due_at


PREFIXES = {
    ReferralType.ADVERSE_EVENT: "AE",
    ReferralType.PRODUCT_COMPLAINT: "PQC",
    ReferralType.MEDICAL_INFORMATION_REQUEST: "MIR",
    ReferralType.MSL_ENGAGEMENT: "MSL",
    ReferralType.MARKET_ACCESS: "MA",
    ReferralType.SAMPLE_REQUEST: "SMP",
    ReferralType.SPEAKER_PROGRAM: "SPK",
    ReferralType.PATIENT_SUPPORT: "PSP",
    ReferralType.PRIVACY: "PRV",
    ReferralType.COMPLIANCE: "CMP",
    ReferralType.IT_SUPPORT: "IT",
}


def handed_over(referral: Referral, at: datetime, receipt: str, revision: int) -> Referral:
    """Its words up to `revision` reached its target, which gave `receipt`. An acknowledgement that came first stays."""
    status = ReferralStatus.HANDED_OVER if referral.status is ReferralStatus.OPENED else referral.status
    moved = replace(referral, status=status, receipt=receipt, sent_revision=revision, dead_letter=None)
    what = "handed over" if referral.receipt is None else "update handed over"
    return noted(moved, at, "assistant", f"{what} to {referral.target}, receipt {receipt}")


def dead_lettered(referral: Referral, at: datetime, reason: str) -> Referral:
    """Handing over failed for good; it stays open, and a person must look."""
    return noted(replace(referral, dead_letter=reason), at, "assistant", f"could not be handed over: {reason}")


def acknowledged(referral: Referral, at: datetime, by: str) -> Referral:
    """The receiving role has it. Doing so twice changes nothing; a closed one cannot be acknowledged."""
    if referral.status is ReferralStatus.CLOSED:
        raise Conflict(f"{referral.reference} is closed already; open a new one if there is more")
    if referral.status is ReferralStatus.ACKNOWLEDGED:
        return referral
    moved = replace(referral, status=ReferralStatus.ACKNOWLEDGED, acknowledged_by=by, dead_letter=None)
    return noted(moved, at, by, "acknowledged")


def closed(referral: Referral, closing: Closing) -> Referral:
    """It ended. Only what was acknowledged can end, so that nothing is closed unseen."""
    if referral.status is ReferralStatus.CLOSED:
        raise Conflict(f"{referral.reference} is closed already")
    if referral.status is not ReferralStatus.ACKNOWLEDGED:
        raise Conflict(f"{referral.reference} is {referral.status.replace('_', ' ')}; acknowledge it before closing it")
    moved = replace(referral, status=ReferralStatus.CLOSED, closing=closing)
    return noted(moved, closing.at, closing.by, f"closed: {closing.reason.replace('_', ' ')}")


def noted(referral: Referral, at: datetime, actor: str, what: str) -> Referral:
    """The referral with one more line of history."""
    return replace(referral, history=(*referral.history, HistoryEntry(at, actor, what)))
