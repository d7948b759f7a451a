"""What a brief is made from, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.domain.customer import Customer
from assistant.domain.follow_up import FollowUp, FollowUpStatus
from assistant.domain.insight import Insight
from assistant.domain.interaction import Interaction, Visit
from assistant.record.facts import CustomerFacts
from assistant.record.wording import Reader
from knowledge.models import Document

# After this many days a fact counts half: what customers say changes within a quarter or two.
HALF_LIFE_DAYS = 120


@dataclass(frozen=True, slots=True)
class Material:
    """One customer's facts, accounts and planned visits, the approved content in scope, and who reads."""

    facts: CustomerFacts
    places: Mapping[str, Customer]
    account_insights: tuple[Insight, ...]
    visits: tuple[Visit, ...]
    documents: tuple[Document, ...]
    last_mine: Interaction | None
    reader: Reader

    @property
    def customer(self) -> Customer:
        """Whom it is about."""
        return self.facts.customer

    @property
    def last_day(self) -> date | None:
        """The day of the reader's last contact."""
        return self.reader.day(self.last_mine.at) if self.last_mine else None

    def open_promises(self) -> list[FollowUp]:
        """Open ones: overdue first, then the reader's own, then the newest."""
        reader, today = self.reader, self.reader.today
        still_open = [one for one in self.facts.follow_ups if one.status is FollowUpStatus.OPEN]
        return sorted(still_open, key=lambda one: (not one.overdue(today), not reader.is_mine(one.person)))

    def barriers_first(self) -> list[Insight]:
        """The newest insight of each topic; a barrier weighs twice, and what is old weighs less."""
        newest: dict[str, Insight] = {}
        for one in self.facts.insights:
            newest.setdefault(one.topic.value, one)
        return sorted(newest.values(), key=self._weight, reverse=True)

    def _weight(self, one: Insight) -> float:
        days = (self.reader.now - one.provenance.true_at).days
        return float((2.0 if one.barrier else 1.0) * 0.5 ** (days / HALF_LIFE_DAYS))
