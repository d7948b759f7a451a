"""What a product's labels cover: approved conditions and ages, and every condition they speak of at all.

Whether a question is inside the label is decided by the label's own words, so nothing here is a list of drugs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ask.conditions import conditions_in
from assistant.ask.evidence import UnitShelf
from knowledge.models import SectionKind

_LIMITATION = re.compile(
    r"\bnot\b|\blimitations?\b|\bunless\b|\bexcept\b|不建議|不適用|不得|\bn'est pas\b|\bne pas\b|\bnicht\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?:aged? )?(\d{1,2})\s*(?:years|yrs|歲|ans|jahre)?\s*(?:of age|old)?\s*"
    r"(?:and (?:older|above|over)|or older|to (?:less than )?\d+|以上|et plus|und älter|ab)",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"(?:birth|\d+\s*months?)\s*(?:of age|old)?\s*(?:and older|to)", re.IGNORECASE)
_CHILDREN = re.compile(r"pediatric|child|adolescent|兒童|青少年|enfant|kinder|jugendliche", re.IGNORECASE)
_ADULTS = re.compile(r"\badults?\b|成人|adultes?|erwachsene", re.IGNORECASE)
_ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """`approved` conditions stand in an affirmative sentence of the indications; `mentioned` anywhere in the text.

    `minimum_age` in years is the lowest an indication names; None when the label does not say.
    """

    approved: frozenset[str]
    mentioned: frozenset[str]
    minimum_age: int | None

    def standing(self, condition: str) -> str:
        """One of "approved", "mentioned", "absent"."""
        if condition in self.approved:
            return "approved"
        return "mentioned" if condition in self.mentioned else "absent"


def label_facts(shelf: UnitShelf) -> LabelFacts:
    """Read the facts off one document's units."""
    approved: set[str] = set()
    mentioned: set[str] = set().union(*(conditions_in(section.text) for section in shelf.sections.values()))
    indications: list[str] = []
    for unit, ordinal in zip(shelf.units, shelf.section_of, strict=True):
        section = shelf.sections[int(ordinal)]
        if section.kind is SectionKind.INDICATIONS and not _LIMITATION.search(f"{unit.lead} {unit.text}"):
            approved |= conditions_in(unit.text) | conditions_in(section.title)
            indications.append(unit.text)
    return LabelFacts(frozenset(approved), frozenset(mentioned | approved), _minimum_age(indications))


def merged(facts: Sequence[LabelFacts]) -> LabelFacts:
    """What several labels cover together."""
    ages = [fact.minimum_age for fact in facts if fact.minimum_age is not None]
    return LabelFacts(
        frozenset().union(*(fact.approved for fact in facts)),
        frozenset().union(*(fact.mentioned for fact in facts)),
        min(ages) if ages else None,
    )


def _minimum_age(indications: Sequence[str]) -> int | None:
    text = " ".join(indications)
    if _MONTHS.search(text):
        return 0
    ages = [int(match.group(1)) for match in _AGE.finditer(text)]
    if ages:
        return min(ages)
    if _CHILDREN.search(text):
        return None
    return _ADULT_AGE if _ADULTS.search(text) else None
