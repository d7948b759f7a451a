"""Customers: the professionals, organisations and payers the record is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

ALL_TERRITORIES = "*"


class CustomerKind(StrEnum):
    """What a customer is."""

    HCP = "hcp"
    HCO = "hco"
    PAYER = "payer"


class ConsentStatus(StrEnum):
    """What a customer said about being contacted through a channel."""

    GRANTED = "granted"
    DENIED = "denied"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent or an opt-out for one channel. `until` is the last day it holds; None: until it is changed."""

    channel: str
    status: ConsentStatus
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force that day."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer. `affiliations` are ids of the organisations they belong to; `attributes` hold what else is known.

    `attributes` read by the assistant: `town` or `city`, `access` (how to get in), `aliases` (a list of other names).
    """

    id: str
    kind: CustomerKind
    name: str
    specialty: str = ""
    territories: frozenset[str] = frozenset()
    affiliations: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    learned_at: datetime | None = None

    @property
    def town(self) -> str:
        """Where they are, or "" when it is not known."""
        return str(self.attributes.get("town") or self.attributes.get("city") or "")

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names they go by, such as one in another script."""
        held = self.attributes.get("aliases") or ()
        return tuple(str(name) for name in held) if isinstance(held, list | tuple) else (str(held),)


@dataclass(frozen=True, slots=True)
class RecordScope:
    """What part of the record may be read: every read takes one, made by `policies.record_access` alone.

    `territories` and `products` hold exact names or "*" alone. `medical` opens what lies behind the firewall. `names`
    are the ways an author field may name the reader, so that "mine" can be told from "others'".
    """

    tenant: str
    territories: frozenset[str]
    products: frozenset[str]
    medical: bool
    names: frozenset[str] = frozenset()

    @property
    def everywhere(self) -> bool:
        """Whether every territory is theirs."""
        return ALL_TERRITORIES in self.territories
