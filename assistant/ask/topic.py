"""Whose product a question is about, and whether the asker may know anything of it.

What is not assigned is denied before anything is looked up, and in the same way whether it is held or not: neither the
register nor the drug vocabulary shows through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.ask.cues import cue_counts
from assistant.domain.person import Principal
from assistant.policies.access import is_assigned
from knowledge.models import ALL_PRODUCTS
from knowledge.names import Match, Mention, ProductNames

OtherDrugs = Callable[[str], Sequence[str]]

_SURE = frozenset({Match.EXACT, Match.FUZZY})


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about. `products` are assigned register names, empty when nobody has said.

    `beside` are drugs named that are none of them: comparators, co-medication, other companies' products.
    """

    products: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()
    denied: bool = False


def find_topic(
    principal: Principal,
    names: ProductNames,
    other_drugs: OtherDrugs,
    question: str,
    history: Sequence[str] = (),
    product: str | None = None,
) -> Topic:
    """Decide what is asked about. `names` must know every product of the tenant, assigned or not."""
    given = names.resolve(product) if product else frozenset()
    ours, foreign = _split(principal, names.mentions(question))
    outside = tuple(other_drugs(question))
    known = frozenset(name for name in given if is_assigned(principal, name))
    if product and not known and ALL_PRODUCTS not in principal.person.products:
        return Topic(denied=True)
    if given and not known:
        return Topic(denied=True)
    earlier = known or ours or _from_history(principal, names, history)
    if not ours and (foreign or (outside and _sees_part(principal))) and not _only_beside(earlier, question):
        return Topic(denied=True)
    about = _about(known, ours) or earlier
    beside = tuple(sorted(foreign | (ours - about))) + outside
    return Topic(products=about, beside=beside)


def _split(principal: Principal, mentions: Sequence[Mention]) -> tuple[frozenset[str], frozenset[str]]:
    """Products named that are assigned, and those that are not. A clipped word names only what is assigned."""
    ours: set[str] = set()
    foreign: set[str] = set()
    for mention in mentions:
        assigned = {name for name in mention.products if is_assigned(principal, name)}
        ours |= assigned
        if not assigned and mention.match in _SURE:
            foreign |= mention.products
    return frozenset(ours), frozenset(foreign)


def _about(known: frozenset[str], ours: frozenset[str]) -> frozenset[str]:
    """What the conversation is known to be about, unless the question names other products of ours instead."""
    if not known or (ours and not ours & known):
        return ours | known
    return known


def _from_history(principal: Principal, names: ProductNames, history: Sequence[str]) -> frozenset[str]:
    for message in reversed(history):
        ours, _ = _split(principal, names.mentions(message))
        if ours:
            return ours
    return frozenset()


def _sees_part(principal: Principal) -> bool:
    return ALL_PRODUCTS not in principal.person.products


def _only_beside(earlier: frozenset[str], question: str) -> bool:
    """Whether a foreign product is only mentioned beside what the thread is about: taken with it, or compared to it."""
    return bool(earlier) and cue_counts(question)["beside"] > 0
