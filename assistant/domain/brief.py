"""The pre-call brief: what to know before a call, each line with where it comes from and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.answer import Clarification
from assistant.domain.customer import Customer


class BriefPart(StrEnum):
    """The parts of a brief, in the order they are read."""

    WHO = "who"
    HOLD = "hold"
    PROMISES = "promises"
    THINKS = "thinks"
    CONTACTS = "contacts"
    ACCESS = "access"
    CHANGED = "changed"
    BRING = "bring"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class BriefItem:
    """One line. `source_id` names a record entry or a document, `source` says it in words, `as_of` when it was true."""

    text: str
    source_id: str
    source: str
    as_of: date
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class BriefSection:
    """One part. The first `on_first_screen` items fit on a phone together with those of the other parts."""

    part: BriefPart
    title: str
    items: tuple[BriefItem, ...]
    on_first_screen: int = 1


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief of one customer or, when a name fits several, the choice. Empty parts are left out."""

    customer: Customer | None
    sections: tuple[BriefSection, ...] = ()
    clarify: Clarification | None = None
    today: date | None = None
