"""Make a brief: find whom it is about, read what the reader may know, and put it in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from assistant.brief import field, person
from assistant.brief.material import Material
from assistant.domain.answer import Clarification
from assistant.domain.brief import Brief, BriefItem, BriefPart, BriefSection
from assistant.domain.customer import Customer
from assistant.domain.insight import Insight
from assistant.domain.person import Principal
from assistant.domain.record import Period
from assistant.errors import BadRequest, NotFound
from assistant.policies.access import content_scope
from assistant.policies.record_access import record_scope
from assistant.ports import Clock, CustomerRepository
from assistant.record.cues import derive
from assistant.record.facts import gather
from assistant.record.resolve import resolve, workplaces
from assistant.record.wording import Reader
from knowledge.models import Document
from knowledge.ports import DocumentRepository

_PLANNED_WITHIN = timedelta(days=60)
_ACCOUNT_WITHIN = timedelta(days=180)
_ACCOUNT_CONTACTS = 20
_ALREADY_TODAY = timedelta(hours=12)

# Each part: how it is made, how many lines it may have, how many of them stand on the first screen (13 in all).
_PARTS: dict[BriefPart, tuple[Callable[[Material], Iterator[BriefItem]], int, int]] = {
    BriefPart.WHO: (person.who, 2, 1),
    BriefPart.HOLD: (person.hold, 8, 2),
    BriefPart.PROMISES: (person.promises, 6, 2),
    BriefPart.THINKS: (person.thinks, 6, 2),
    BriefPart.CONTACTS: (field.contacts, 8, 2),
    BriefPart.ACCESS: (field.access, 5, 1),
    BriefPart.CHANGED: (field.changed, 6, 1),
    BriefPart.BRING: (field.bring, 3, 1),
    BriefPart.ASK: (field.ask, 3, 1),
}


class BriefService:
    """The use case behind `rep brief` and the `brief` operation."""

    def __init__(self, customers: CustomerRepository, documents: DocumentRepository, clock: Clock) -> None:
        self._customers = customers
        self._documents = documents
        self._clock = clock

    def brief(self, principal: Principal, name: str) -> Brief:
        """A brief of the customer a name means, or the choice between several.

        Raises NotFound when nobody in the reader's territories fits, without saying who exists elsewhere.
        """
        if not name.strip():
            raise BadRequest('whom is the brief about? Give a customer\'s name, like: rep brief "Dr. Chen"')
        scope = record_scope(principal)
        reader = Reader.of(principal, scope, self._clock.now())
        found = resolve(self._customers, scope, name)
        if found.choices:
            question = reader.words.say("which_more" if found.more else "which", more=found.more)
            return Brief(None, clarify=Clarification(question, found.choices))
        if found.customer is None:
            raise NotFound(reader.words.say("nobody", name=name.strip()[:80]))
        material = self._material(principal, reader, found.customer)
        return Brief(found.customer, tuple(_sections(material)), today=reader.today)

    def _material(self, principal: Principal, reader: Reader, customer: Customer) -> Material:
        scope, now = reader.scope, reader.now
        places = workplaces(self._customers, scope, [customer])
        planned = Period(now - _ALREADY_TODAY, now + _PLANNED_WITHIN)
        return Material(
            facts=gather(self._customers, scope, customer, now),
            places=places,
            account_insights=self._account_insights(reader, tuple(places)),
            visits=tuple(self._customers.visits(scope, [customer.id], period=planned)),
            documents=self._content(principal, reader),
            last_mine=self._customers.last_by_reader(scope, customer.id, before=now),
            reader=reader,
        )

    def _account_insights(self, reader: Reader, places: tuple[str, ...]) -> tuple[Insight, ...]:
        if not places:
            return ()
        period = Period(reader.now - _ACCOUNT_WITHIN, reader.now)
        entries = self._customers.interactions(reader.scope, places, period=period, limit=_ACCOUNT_CONTACTS)
        typed = self._customers.insights(reader.scope, places)
        return (*typed, *(one for entry in entries for one in derive(entry).insights))

    def _content(self, principal: Principal, reader: Reader) -> tuple[Document, ...]:
        valid = set(self._documents.keys_in_scope(content_scope(principal, reader.now)))
        if not valid:
            return ()
        return tuple(held for held in self._documents.documents(reader.scope.tenant) if held.key in valid)


def _sections(material: Material) -> Iterator[BriefSection]:
    for part, (make, most, first) in _PARTS.items():
        items = list(dict.fromkeys(make(material)))[:most]
        if items:
            yield BriefSection(part, material.reader.words.say(f"title_{part.value}"), tuple(items), first)
