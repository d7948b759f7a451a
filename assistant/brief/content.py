"""Approved content worth bringing: what fits a promise, a barrier or a need heard, and what is new."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from assistant.domain.follow_up import FollowUp
from assistant.domain.insight import Insight, Topic
from assistant.domain.provenance import Provenance
from assistant.record.cues import topics_of
from knowledge.models import Document, DocumentType, PermittedUse
from knowledge.text import terms

_USES = (PermittedUse.LEAVE_BEHIND, PermittedUse.EMAIL, PermittedUse.SHOW, PermittedUse.DISCUSS)


@dataclass(frozen=True, slots=True)
class Fit:
    """A document, and the promise or insight it answers."""

    document: Document
    fact: FollowUp | Insight


@cache
def fitting_types() -> Mapping[Topic, tuple[DocumentType, ...]]:
    """Which types of document speak to which topic, best first: `content_fit.toml`."""
    data = tomllib.loads((files("assistant.brief") / "content_fit.toml").read_text(encoding="utf-8"))
    return {Topic(topic): tuple(DocumentType(kind) for kind in kinds) for topic, kinds in data["topic"].items()}


def worth_bringing(documents: Sequence[Document], facts: Iterable[FollowUp | Insight], limit: int) -> list[Fit]:
    """The best document for each fact, facts in the order given, each document once."""
    usable = [document for document in documents if uses_outside(document)]
    found: dict[str, Fit] = {}
    for fact in facts:
        ranked = [(score, document.id, document) for document in usable if (score := _fit(document, fact)) > 0]
        if ranked and (best := max(ranked, key=lambda one: (one[0], one[1]))[2]).id not in found:
            found[best.id] = Fit(best, fact)
        if len(found) == limit:
            break
    return list(found.values())


def newly_effective(documents: Sequence[Document], since: date) -> list[Document]:
    """Documents that came into effect after a day, the newest first."""
    new = [document for document in documents if document.approval.effective_from > since]
    return sorted(new, key=lambda document: (document.approval.effective_from, document.id), reverse=True)


def uses_outside(document: Document) -> tuple[PermittedUse, ...]:
    """What may be done with a document in front of a customer, the most lasting first; () for internal ones."""
    return tuple(use for use in _USES if use in document.approval.uses)


def said(fact: FollowUp | Insight) -> str:
    """The exact words a fact rests on."""
    held: Provenance = fact.provenance
    return held.source.quote or (fact.what if isinstance(fact, FollowUp) else fact.statement)


def _fit(document: Document, fact: FollowUp | Insight) -> float:
    """How well a document answers a fact: its type by topic, and the words its title shares; 0 for another product."""
    if isinstance(fact, Insight) and fact.product and fact.product not in document.approval.products:
        return 0.0
    topics = (fact.topic,) if isinstance(fact, Insight) else topics_of(said(fact))[:2]
    by_type = max((_type_fit(document.approval.type, topic) for topic in topics), default=0.0)
    by_type += _named(document.approval.type, said(fact))
    shared = _words(document.title) & _words(said(fact))
    return by_type + 0.4 * len(shared) if by_type or len(shared) > 1 else 0.0


@cache
def _naming() -> Mapping[DocumentType, re.Pattern[str]]:
    data = tomllib.loads((files("assistant.brief") / "content_fit.toml").read_text(encoding="utf-8"))
    return {DocumentType(kind): re.compile("|".join(names), re.IGNORECASE) for kind, names in data["named"].items()}


def _named(kind: DocumentType, words: str) -> float:
    """What a type gains when the words name it outright."""
    pattern = _naming().get(kind)
    return 1.5 if pattern and pattern.search(words) else 0.0


def _type_fit(kind: DocumentType, topic: Topic) -> float:
    kinds = fitting_types().get(topic, ())
    return 1.0 - 0.25 * kinds.index(kind) if kind in kinds else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(terms(text))
