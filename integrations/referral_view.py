"""A referral as a person may see it, in JSON's shape: the one place that turns sight into fields."""

from __future__ import annotations

from typing import Any

from assistant.domain.hand_over import Attempt
from assistant.domain.referral import Referral
from assistant.policies.referral_access import Sight
from assistant.route.cases import Seen


def referral_view(seen: Seen) -> dict[str, Any]:
    """STATUS: reference, type, state and dates. OWN: what is still missing too. WHOLE: everything but the original."""
    referral = seen.referral
    view: dict[str, Any] = {
        "reference": referral.reference,
        "id": referral.id,
        "type": referral.type.value,
        "status": referral.status.value,
        "received_at": referral.received_at.isoformat(),
        "due_at": referral.due_at.isoformat(),
        "late": seen.late,
        "complete": referral.complete,
    }
    if seen.sight in (Sight.OWN, Sight.WHOLE):
        view["missing"] = list(referral.missing)
        view["day_zero"] = referral.day_zero.isoformat()
        view["internal"] = referral.internal
    if seen.sight is Sight.WHOLE:
        view |= _whole(referral)
        view["attempts"] = [_attempt(one) for one in seen.attempts]
    return view


def _whole(referral: Referral) -> dict[str, Any]:
    closing = referral.closing
    return {
        "special_situation": referral.special_situation,
        "why": referral.why,
        "details": {name.value: words for name, words in sorted(referral.details.items())},
        "first_heard_at": referral.first_heard_at and referral.first_heard_at.isoformat(),
        "answer_due_at": referral.answer_due_at and referral.answer_due_at.isoformat(),
        "sender": {"id": referral.sender.identity, "role": referral.sender.role and referral.sender.role.value},
        "market": referral.sender.market,
        "customer": referral.customer,
        "content": list(referral.content),
        "target": referral.target,
        "receipt": referral.receipt,
        "dead_letter": referral.dead_letter,
        "acknowledged_by": referral.acknowledged_by,
        "original_kept": referral.original_id is not None,
        "closed": closing
        and {
            "at": closing.at.isoformat(),
            "by": closing.by,
            "reason": closing.reason.value,
            "recheck": closing.sampled,
            "note": closing.note,
        },
        "history": [{"at": one.at.isoformat(), "actor": one.actor, "what": one.what} for one in referral.history],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "started_at": attempt.started_at.isoformat(),
        "outcome": attempt.outcome.value,
        "detail": attempt.detail,
    }
