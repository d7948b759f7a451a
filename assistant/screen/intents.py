"""What the sender wants, from the scores of the whole-message model and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.domain.referral import ReferralType
from assistant.screen.elements import Annotated
from assistant.screen.result import Finding, Intent

# Two wishes that go together in one message; of any other two the stronger stands.
_TOGETHER = frozenset(
    frozenset(pair)
    for pair in (
        (Intent.REQUEST_ACTION, Intent.ASK_CONTENT),
        (Intent.BRIEF, Intent.ASK_CONTENT),
        (Intent.BRIEF, Intent.REQUEST_ACTION),
        (Intent.CAPTURE_NOTE, Intent.ASK_CONTENT),
        (Intent.CAPTURE_NOTE, Intent.BRIEF),
        (Intent.QUERY_INSIGHTS, Intent.REQUEST_ACTION),
        (Intent.QUERY_INSIGHTS, Intent.BRIEF),
    )
)
# Whoever tells of one of these wants something done about it, even when it reads like a note.
_ACTED_ON = frozenset(
    (
        ReferralType.PRODUCT_COMPLAINT, ReferralType.COMPLIANCE, ReferralType.PRIVACY, ReferralType.IT_SUPPORT,
        ReferralType.PATIENT_SUPPORT, ReferralType.SAMPLE_REQUEST, ReferralType.SPEAKER_PROGRAM,
        ReferralType.MARKET_ACCESS,
    )
)  # fmt: skip
_LEANING = 0.6
_OPENING = 9


def intents_of(note: Annotated, ratios: Mapping[Intent, float], findings: Sequence[Finding]) -> tuple[Intent, ...]:
    """One or two intents, the stronger first. `ratios` are scores by their thresholds: 1 and more passes."""
    ranked = sorted(ratios, key=lambda intent: -ratios[intent])
    kept = [intent for intent in ranked if ratios[intent] >= 1.0] or ranked[:1]
    if _asks_for_brief(note) and ratios[Intent.BRIEF] >= _LEANING:
        kept = [Intent.BRIEF, *(i for i in kept if i not in (Intent.BRIEF, Intent.CAPTURE_NOTE))]
    if Intent.CAPTURE_NOTE in kept and _wants_action(ratios, findings):
        kept = [Intent.REQUEST_ACTION, *(i for i in kept if i not in (Intent.CAPTURE_NOTE, Intent.REQUEST_ACTION))]
    first = kept[0]
    second = next((i for i in kept[1:] if frozenset((first, i)) in _TOGETHER), None)
    return (first,) if second is None else (first, second)


def _asks_for_brief(note: Annotated) -> bool:
    return any(h.name == "BRIEFING" for h in note.classes_in(0, _OPENING))


def _wants_action(ratios: Mapping[Intent, float], findings: Sequence[Finding]) -> bool:
    ratio = ratios[Intent.REQUEST_ACTION]
    return ratio >= 1.0 or (ratio >= _LEANING and any(f.type in _ACTED_ON for f in findings))
