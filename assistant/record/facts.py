"""Everything the record holds of one customer that a reader may see: typed facts, and what untyped entries tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from assistant.domain.customer import Customer, RecordScope
from assistant.domain.follow_up import FollowUp, FollowUpStatus
from assistant.domain.insight import Insight
from assistant.domain.interaction import Interaction
from assistant.domain.preference import Preference
from assistant.domain.record import Period
from assistant.ports import CustomerRepository
from assistant.record.cues import derive, kept_in
from knowledge.text import terms

RECENT = 60
REACH_BACK = timedelta(days=548)
_SHARED_WORDS = 2
_DOING = (
    "will send sent bring brought drop dropped deliver delivered email emailed mailed left gave share shared promise "
    "promised need follow up get back next visit call week month day friday monday today the copy her him them "
    "dr owe since last time right she he i we it is said would by end of that this"
)
_Fact = TypeVar("_Fact", Insight, FollowUp, Preference)


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What is known of one customer, each list newest first. `contacts` are past; medical ones may be mere dates."""

    customer: Customer
    contacts: tuple[Interaction, ...]
    insights: tuple[Insight, ...]
    follow_ups: tuple[FollowUp, ...]
    preferences: tuple[Preference, ...]


def gather(repository: CustomerRepository, scope: RecordScope, customer: Customer, now: datetime) -> CustomerFacts:
    """Read one customer's facts. Entries that people have typed facts for are not read again for cues."""
    ids = [customer.id]
    period = Period(since=now - REACH_BACK, until=now)
    contacts = tuple(repository.interactions(scope, ids, period=period, limit=RECENT))
    insights = repository.insights(scope, ids)
    follow_ups = repository.follow_ups(scope, ids)
    preferences = repository.preferences(scope, ids)
    facts: list[Insight | FollowUp | Preference] = [*insights, *follow_ups, *preferences]
    typed = {fact.provenance.source.entry_id for fact in facts}
    told = [derive(entry) for entry in contacts if entry.summary and entry.id not in typed]
    promised = settled([fact for one in told for fact in one.follow_ups], contacts)
    insights += [fact for one in told for fact in one.insights]
    preferences += [fact for one in told for fact in one.preferences]
    return CustomerFacts(customer, contacts, _newest(insights), _newest(follow_ups + promised), _newest(preferences))


def settled(promises: Iterable[FollowUp], contacts: Sequence[Interaction]) -> list[FollowUp]:
    """Derived promises: done where a later entry says so, and one that was made again only once."""
    found: list[tuple[frozenset[str], FollowUp]] = []
    for promise in sorted(promises, key=lambda one: one.provenance.true_at, reverse=True):
        about = _about(promise)
        if not about:
            continue
        kept = _kept(promise, about, contacts)
        restated = next((place for place, (other, _) in enumerate(found) if _same(about, other)), None)
        if restated is None or kept:
            found.append((about, replace(promise, status=FollowUpStatus.DONE) if kept else promise))
        elif found[restated][1].due_on is None and promise.due_on is not None:
            # The newer words leave out the day that was promised first: the day still stands.
            found[restated] = (found[restated][0], replace(found[restated][1], due=promise.due, due_on=promise.due_on))
    return [promise for _, promise in found]


@cache
def _verbs() -> frozenset[str]:
    """Words of doing that every promise and every delivery shares."""
    return frozenset(terms(_DOING, "en"))


def _about(promise: FollowUp) -> frozenset[str]:
    """What a promise is about; empty when its words name nothing ("will follow up")."""
    return frozenset(terms(promise.what)) - _verbs()


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= min(_SHARED_WORDS, len(one), len(other))


def _kept(promise: FollowUp, about: frozenset[str], contacts: Sequence[Interaction]) -> bool:
    later = (entry for entry in contacts if entry.at > promise.provenance.true_at)
    return any(_same(about, done) for entry in later for done in kept_in(entry.summary))


def _newest(facts: list[_Fact]) -> tuple[_Fact, ...]:
    return tuple(sorted(facts, key=lambda fact: fact.provenance.true_at, reverse=True))
