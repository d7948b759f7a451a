"""What the assistant needs from outside, in its own words. Adapters live in `integrations`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from assistant.domain.customer import Customer, RecordScope
from assistant.domain.follow_up import FollowUp
from assistant.domain.insight import Insight
from assistant.domain.interaction import Interaction, SealedInteraction, Visit
from assistant.domain.person import Person
from assistant.domain.preference import Preference
from assistant.domain.record import Erasure, NameHit, Period, Saved


class Clock(Protocol):
    """The time, injected so that tests and `--at` can fix it."""

    def now(self) -> datetime:
        """The current moment, in UTC with a time zone."""
        ...


class Ids(Protocol):
    """New identifiers, injected for the same reason."""

    def new(self) -> str:
        """A fresh UUIDv7 as text."""
        ...


class CustomerRepository(Protocol):
    """The customer record's tables. Every read takes a `RecordScope`: territories, products and the firewall are part
    of the query, so nothing outside the scope is ever read.

    Writes are idempotent by (tenant, id): the same entry again changes nothing, another content makes a new version
    and keeps the old one.
    """

    def save_customers(self, tenant: str, customers: Sequence[Customer], learned_at: datetime) -> Saved:
        """Create or update customers."""
        ...

    def save_interactions(self, tenant: str, sealed: Sequence[SealedInteraction], learned_at: datetime) -> Saved:
        """Create or correct interactions of customers that exist."""
        ...

    def save_visits(self, tenant: str, visits: Sequence[Visit], learned_at: datetime) -> Saved:
        """Create or change planned visits of customers that exist."""
        ...

    def save_facts(self, tenant: str, facts: Sequence[Insight | FollowUp | Preference]) -> Saved:
        """Create or correct typed facts; their provenance holds both dates."""
        ...

    def known(self, tenant: str, ids: Collection[str]) -> set[str]:
        """Which of these customer ids exist, for checking what is loaded; never shown to a reader."""
        ...

    def erased(self, tenant: str, ids: Collection[str]) -> set[str]:
        """Which of these customer ids were erased and must not come back by a reload."""
        ...

    def find(self, scope: RecordScope, keys: Collection[str], *, limit: int) -> list[NameHit]:
        """Customers in scope stored under any of these name keys, those with most keys first."""
        ...

    def get(self, scope: RecordScope, ids: Collection[str]) -> list[Customer]:
        """The customers of these ids that are in scope, by id; affiliations outside the scope are left out."""
        ...

    def page(self, scope: RecordScope, *, after: str, limit: int) -> list[Customer]:
        """Customers in scope in order of id, from the first id greater than `after`."""
        ...

    def members(self, scope: RecordScope, organisation_id: str, *, limit: int) -> list[Customer]:
        """Customers in scope that belong to an organisation."""
        ...

    def interactions(
        self, scope: RecordScope, customer_ids: Collection[str], *, period: Period, limit: int
    ) -> list[Interaction]:
        """Contacts with these customers, newest first, each as far as the scope may read it."""
        ...

    def last_by_reader(self, scope: RecordScope, customer_id: str, *, before: datetime) -> Interaction | None:
        """The reader's own last contact with a customer."""
        ...

    def visits(self, scope: RecordScope, customer_ids: Collection[str], *, period: Period) -> list[Visit]:
        """Planned contacts in a period, soonest first, each as far as the scope may read it."""
        ...

    def insights(self, scope: RecordScope, customer_ids: Collection[str]) -> list[Insight]:
        """Confirmed insights the scope may read, newest first."""
        ...

    def follow_ups(self, scope: RecordScope, customer_ids: Collection[str]) -> list[FollowUp]:
        """Promises the scope may read, whatever their status, newest first."""
        ...

    def preferences(self, scope: RecordScope, customer_ids: Collection[str]) -> list[Preference]:
        """Preferences and opt-outs the scope may read, newest first."""
        ...

    def export(self, tenant: str, customer_id: str) -> Mapping[str, object] | None:
        """Everything held about one customer, every version, as plain data; None when there is no such customer."""
        ...

    def erase(self, tenant: str, customer_id: str, *, by: str, at: datetime) -> Erasure | None:
        """Remove everything held about one customer, all or nothing; None when there is no such customer."""
        ...


class PeopleRepository(Protocol):
    """The roster."""

    def save(self, people: Sequence[Person]) -> None:
        """Create or update people by tenant and id, all or nothing. Raises Conflict when two would share an address."""
        ...

    def by_email(self, key: str) -> Person | None:
        """The person with this address (as `identify.email_key` writes it), active or not."""
        ...

    def by_slack_user(self, slack_user_id: str) -> Person | None:
        """The person with this Slack user id, active or not."""
        ...

    def everyone(self, tenant: str) -> list[Person]:
        """All people of a tenant, by name."""
        ...
