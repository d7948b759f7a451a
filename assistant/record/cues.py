"""What an entry of the record tells, read without a model: promises, preferences, needs and fears.

Every fact derived here is an exact sentence of the entry, nothing else; its confidence says that no person typed it.
Facts that people confirmed replace them: see `assistant.record.facts`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files

from assistant.domain.follow_up import FollowUp, FollowUpOwner
from assistant.domain.insight import Insight, InsightKind, Polarity, Topic
from assistant.domain.interaction import Interaction
from assistant.domain.preference import Preference, Stance
from assistant.domain.provenance import Provenance, Source
from assistant.record.dates import due_day
from assistant.record.sentences import Stretch, stretches
from knowledge.text import terms

CONFIDENCE = 0.5

# Topics that stand in the customer's way when the sentence about them is negative.
_BARRIERS = frozenset(Topic) - {Topic.PREFERENCE, Topic.OTHER}
_OWNERS = {
    "msl": FollowUpOwner.MSL,
    "medical_information": FollowUpOwner.MEDICAL_INFORMATION,
    "market_access": FollowUpOwner.MARKET_ACCESS,
    "rep": FollowUpOwner.REP,
    "kam": FollowUpOwner.REP,
    "remote_rep": FollowUpOwner.REP,
    "inside_sales": FollowUpOwner.REP,
}


@dataclass(frozen=True, slots=True)
class Cues:
    """The patterns of `cues.toml`, each group one pattern."""

    skip: re.Pattern[str]
    promise: re.Pattern[str]
    others: Mapping[FollowUpOwner, re.Pattern[str]]
    kept: re.Pattern[str]
    stance: Mapping[Stance, re.Pattern[str]]
    channel: Mapping[str, re.Pattern[str]]
    kind: Mapping[InsightKind, re.Pattern[str]]
    topic: Mapping[Topic, re.Pattern[str]]
    polarity: Mapping[Polarity, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Derived:
    """What one entry tells."""

    insights: tuple[Insight, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    preferences: tuple[Preference, ...] = ()


@cache
def cues() -> Cues:
    """The shipped patterns, read and compiled once."""
    data = tomllib.loads((files("assistant.record") / "cues.toml").read_text(encoding="utf-8"))
    promise = data["promise"]
    return Cues(
        _one(data["skip"]),
        _one(promise["own"]),
        {FollowUpOwner(owner): _one(patterns) for owner, patterns in promise["others"].items()},
        _one(promise["kept"]["any"]),
        {Stance(name): _one(patterns) for name, patterns in data["preference"].items()},
        {name: _one(patterns) for name, patterns in data["channel"].items()},
        {InsightKind(name): _one(patterns) for name, patterns in data["kind"].items()},
        {Topic(name): _one(patterns) for name, patterns in data["topic"].items()},
        {Polarity(name): _one(patterns) for name, patterns in data["polarity"].items()},
    )


def _one(patterns: list[str]) -> re.Pattern[str]:
    """One pattern over lower-case text: twice as fast as ignoring case, and a brief searches thousands of times."""
    return re.compile("|".join(f"(?:{pattern.lower()})" for pattern in patterns))


@lru_cache(maxsize=4096)
def derive(entry: Interaction) -> Derived:
    """The facts an entry tells, in the order of its sentences; each sentence tells at most one thing."""
    insights, follow_ups, preferences = [], [], []
    for number, said in enumerate(stretches(entry.summary)):
        fact_id = f"{entry.id}#{number}"
        if cues().skip.search(said.text.lower()):
            continue
        if promise := _promise(fact_id, entry, said):
            follow_ups.append(promise)
        elif preference := _preference(fact_id, entry, said):
            preferences.append(preference)
        elif insight := _insight(fact_id, entry, said):
            insights.append(insight)
    return Derived(tuple(insights), tuple(follow_ups), tuple(preferences))


@lru_cache(maxsize=4096)
def kept_in(text: str) -> tuple[frozenset[str], ...]:
    """The words of each sentence of a text that says something was done."""
    kept = cues().kept
    return tuple(frozenset(terms(said.text)) for said in stretches(text) if kept.search(said.text.lower()))


@lru_cache(maxsize=8192)
def topics_of(text: str) -> tuple[Topic, ...]:
    """The topics a text speaks of, those of the shipped order first."""
    plain = text.lower()
    return tuple(topic for topic, pattern in cues().topic.items() if pattern.search(plain))


def channel_of(text: str) -> str | None:
    """The channel a text names first, if any."""
    plain = text.lower()
    found = [(match.start(), name) for name, pattern in cues().channel.items() if (match := pattern.search(plain))]
    return min(found)[1] if found else None


def _promise(fact_id: str, entry: Interaction, said: Stretch) -> FollowUp | None:
    plain = said.text.lower()
    owner = next((owner for owner, pattern in cues().others.items() if pattern.search(plain)), None)
    own = owner is None and cues().promise.search(plain)
    if owner is None and not own:
        return None
    due = due_day(said.text, entry.at.date())
    return FollowUp(
        id=fact_id,
        customer_id=entry.customer_id,
        what=said.text,
        owner=owner or _OWNERS.get(entry.author_role, FollowUpOwner.OTHER),
        provenance=_provenance(entry, said),
        person=entry.author if own else "",
        due=due.said if due else None,
        due_on=due.on if due else None,
    )


def _preference(fact_id: str, entry: Interaction, said: Stretch) -> Preference | None:
    plain = said.text.lower()
    stance = next((stance for stance, pattern in cues().stance.items() if pattern.search(plain)), None)
    if stance is None:
        return None
    provenance = _provenance(entry, said)
    return Preference(fact_id, entry.customer_id, said.text, stance, provenance, channel_of(said.text))


def _insight(fact_id: str, entry: Interaction, said: Stretch) -> Insight | None:
    plain = said.text.lower()
    kind = next((kind for kind, pattern in cues().kind.items() if pattern.search(plain)), None)
    topics = topics_of(said.text) if kind else ()
    if kind is None or (kind is InsightKind.INSIGHT and not topics):
        return None
    polarity = next(_polarities(plain), Polarity.NEUTRAL)
    topic = topics[0] if topics else Topic.OTHER
    return Insight(
        id=fact_id,
        customer_id=entry.customer_id,
        kind=kind,
        statement=said.text,
        topic=topic,
        provenance=_provenance(entry, said),
        product=_product(entry, said.text),
        polarity=polarity,
        barrier=polarity is Polarity.NEGATIVE and topic in _BARRIERS,
    )


def _polarities(text: str) -> Iterator[Polarity]:
    return (polarity for polarity, pattern in cues().polarity.items() if pattern.search(text))


def _product(entry: Interaction, text: str) -> str | None:
    named = [product for product in entry.products if product.casefold() in text.casefold()]
    return named[0] if named else (entry.products[0] if len(entry.products) == 1 else None)


def _provenance(entry: Interaction, said: Stretch) -> Provenance:
    source = Source(entry.id, entry.author, entry.author_role, said.text, said.start, said.end)
    learned: datetime = entry.learned_at or entry.at
    return Provenance(source, entry.at, learned, CONFIDENCE, entry.visibility)
