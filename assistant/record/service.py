"""Use cases over the customer record itself: list, show, export, erase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.domain.answer import Choice
from assistant.domain.customer import Customer
from assistant.domain.person import Principal
from assistant.domain.record import Erasure
from assistant.errors import NotFound
from assistant.policies.record_access import record_scope, require_steward
from assistant.ports import Clock, CustomerRepository
from assistant.record.facts import CustomerFacts, gather
from assistant.record.resolve import resolve
from assistant.record.wording import Reader

_PAGE = 500


class CustomerService:
    """What a person may see of the record, without the brief's choice and order."""

    def __init__(self, customers: CustomerRepository, clock: Clock) -> None:
        self._customers = customers
        self._clock = clock

    def everyone(self, principal: Principal) -> Iterator[Customer]:
        """The customers in this person's territories, in order of id."""
        scope, after = record_scope(principal), ""
        while page := self._customers.page(scope, after=after, limit=_PAGE):
            yield from page
            after = page[-1].id

    def show(self, principal: Principal, name: str) -> CustomerFacts | tuple[Choice, ...]:
        """One customer's facts, or the choice between several. Raises NotFound when nobody in scope fits."""
        scope = record_scope(principal)
        found = resolve(self._customers, scope, name)
        if found.choices:
            return found.choices
        if found.customer is None:
            words = Reader.of(principal, scope, self._clock.now()).words
            raise NotFound(words.say("nobody", name=name.strip()[:80]))
        return gather(self._customers, scope, found.customer, self._clock.now())


class CustomerRightsService:
    """Access and erasure, on request of the customer; for privacy and the administrator."""

    def __init__(self, customers: CustomerRepository, clock: Clock) -> None:
        self._customers = customers
        self._clock = clock

    def export(self, principal: Principal, customer_id: str) -> Mapping[str, object]:
        """Everything held about one customer, every version."""
        require_steward(principal)
        held = self._customers.export(principal.tenant, customer_id)
        if held is None:
            raise NotFound(f"there is no customer with the id {customer_id!r}; give the id exactly as it was loaded")
        return held

    def erase(self, principal: Principal, customer_id: str) -> Erasure:
        """Remove everything held about one customer, all or nothing."""
        require_steward(principal)
        by = principal.person.id
        erasure = self._customers.erase(principal.tenant, customer_id, by=by, at=self._clock.now())
        if erasure is None:
            raise NotFound(f"there is no customer with the id {customer_id!r}; give the id exactly as it was loaded")
        return erasure
