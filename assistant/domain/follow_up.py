"""Follow-ups: promises made to a customer, by whom, until when, and whether they were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.provenance import Provenance


class FollowUpOwner(StrEnum):
    """The function that has to act."""

    REP = "rep"
    MSL = "msl"
    MEDICAL_INFORMATION = "medical_information"
    MARKET_ACCESS = "market_access"
    OTHER = "other"


class FollowUpStatus(StrEnum):
    """Where a promise stands. Overdue follows from the due date and the clock, it is not a status."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One promise. `due` is what was said, `due_on` the day it comes to; `person` names who has to act, when known."""

    id: str
    customer_id: str
    what: str
    owner: FollowUpOwner
    provenance: Provenance
    person: str = ""
    due: str | None = None
    due_on: date | None = None
    status: FollowUpStatus = FollowUpStatus.OPEN

    def overdue(self, today: date) -> bool:
        """Whether its day has passed with the promise still open."""
        return self.status is FollowUpStatus.OPEN and self.due_on is not None and self.due_on < today
