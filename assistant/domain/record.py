"""Small values the customer record answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assistant.domain.customer import Customer


@dataclass(frozen=True, slots=True)
class Saved:
    """What a write did, in entries."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(self.new + other.new, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time `[since, until)`; None leaves that side open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameHit:
    """A customer in scope with the name keys they were found by."""

    customer: Customer
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing one customer removed, in rows by table, and what was kept with the reason."""

    removed: Mapping[str, int]
    kept: Mapping[str, str] = field(default_factory=dict)
