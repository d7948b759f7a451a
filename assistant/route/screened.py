"""What routing takes from the screen's result: matters with redacted evidence, and the card fields it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.domain.referral import Detail
from assistant.route.card import age_group
from assistant.route.heard import Heard, HeardMatter
from assistant.screen.identifiers import redact
from assistant.screen.result import Finding, Identifier, ScreenResult

_NUMBER = re.compile(r"\d{1,3}")
_AGE_WORDS = {
    "elderly": "elderly",
    "adolescent": "adolescent",
    "teen": "adolescent",
    "teenager": "adolescent",
    "child": "child",
    "infant": "infant",
}
_OLDEST = 120
_DECADE_OF_TWO_GROUPS = 60
_LONGEST_EXCERPT = 500


def heard_from(result: ScreenResult) -> Heard:
    """The screen's findings as matters. A special situation without one of its own is a matter without a type."""
    matters = [_matter(finding, result.identifiers) for finding in result.findings]
    situation = result.special_situation
    if situation is not None and not any(finding.special_situation for finding in result.findings):
        why = f"{situation.value.replace('_', ' ')} is told, and no reaction"
        matters.append(HeardMatter(None, result.redacted[:_LONGEST_EXCERPT], why, situation.value))
    return Heard(result.redacted, tuple(matters))


def _matter(finding: Finding, identifiers: Sequence[Identifier]) -> HeardMatter:
    inside = [
        Identifier(one.kind, max(one.start, finding.start) - finding.start, min(one.end, finding.end) - finding.start)
        for one in identifiers
        if one.start < finding.end and one.end > finding.start
    ]
    return HeardMatter(
        type=finding.type,
        evidence=redact(finding.evidence, tuple(inside)),
        reason=finding.reason,
        special_situation=finding.special_situation and finding.special_situation.value,
        own_question=finding.own_question,
        hints=_answers(finding.hints),
    )


def _answers(hints: Mapping[str, tuple[str, ...]]) -> dict[Detail, str]:
    """Card fields the message answers beyond doubt. A pronoun may be the doctor's, so it makes no patient's sex."""
    answers: dict[Detail, str] = {}
    if products := hints.get("products"):
        answers[Detail.PRODUCT] = ", ".join(products)
    if lots := hints.get("lot"):
        answers[Detail.LOT] = ", ".join(lot.upper() for lot in lots)
    groups = {group for age in hints.get("age", ()) if (group := _group(age)) is not None}
    if len(groups) == 1:
        answers[Detail.PATIENT_AGE_GROUP] = groups.pop()
    return answers


def _group(age: str) -> str | None:
    if (word := _AGE_WORDS.get(age.strip().lower())) is not None:
        return word
    number = _NUMBER.search(age)
    if number is None or int(number.group()) > _OLDEST:
        return None
    years = int(number.group())
    # "In her 60s" may be 64 or 65: an adult or an elderly patient.
    return None if age.rstrip().endswith("s") and years == _DECADE_OF_TWO_GROUPS else age_group(years)
