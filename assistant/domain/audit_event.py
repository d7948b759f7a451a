"""Audit events: who did or saw what, when and why. Chained, so that none can be changed or taken out unnoticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class ContentSeen:
    """One document version that was shown or used."""

    document_id: str
    version: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What is to be recorded.

    `facts` stay for ever, so they hold ids, numbers and codes, never what anyone wrote. `texts` are kept beside the
    chain under salted digests and can be erased without breaking it.
    """

    tenant: str
    at: datetime
    actor: str
    action: str
    subject: str
    actor_role: str = ""
    reason: str = ""
    content: tuple[ContentSeen, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """A recorded entry: its place in the tenant's chain, its texts' digests, the hash before it and its own."""

    id: str
    sequence: int
    entry: AuditEntry
    digests: Mapping[str, str]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditText:
    """A text beside the chain. Erased: `text` and `salt` are gone, and who did it, when and why is kept."""

    event_id: str
    name: str
    text: str | None
    salt: str | None
    erased_at: datetime | None = None
    erased_by: str = ""
    erased_why: str = ""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last event of a tenant's chain; sequence 0 and GENESIS before the first."""

    sequence: int
    hash: str
