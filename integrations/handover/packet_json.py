"""A packet as JSON, for webhook and file drop; an adverse event also by its ICH E2B(R3) data elements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.domain.hand_over import Packet
from assistant.domain.referral import Detail, Referral, ReferralType

FORMAT = "field-assistant/referral/1"

_AGE_GROUPS = {"fetus": 0, "neonate": 1, "infant": 2, "child": 3, "adolescent": 4, "adult": 5, "elderly": 6}
"""Codes of E2B(R3) D.2.3, Patient Age Group (as per reporter)."""
_SEXES = {"male": 1, "female": 2}
"""Codes of E2B(R3) D.5 (ISO 5218)."""


def packet_json(packet: Packet) -> dict[str, Any]:
    """Everything the receiving role needs. `key` is the same at every attempt: keep it to tell a repeat."""
    referral = packet.referral
    body: dict[str, Any] = {
        "format": FORMAT,
        "key": packet.key,
        "reference": referral.reference,
        "id": referral.id,
        "revision": referral.revision,
        "type": referral.type.value,
        "special_situation": referral.special_situation,
        "internal_question": referral.internal,
        "role": packet.role.value,
        "market": referral.sender.market,
        "sender": {"id": referral.sender.identity, "role": referral.sender.role and referral.sender.role.value},
        "received_at": _iso(referral.received_at),
        "day_zero": _iso(referral.day_zero),
        "first_heard_at": _iso(referral.first_heard_at),
        "due_at": _iso(referral.due_at),
        "answer_due_at": _iso(referral.answer_due_at),
        "complete": referral.complete,
        "missing": list(referral.missing),
        "why": referral.why,
        "details": {name.value: words for name, words in sorted(referral.details.items())},
        "original_kept": referral.original_id is not None,
        "note": packet.note,
    }
    if referral.type is ReferralType.ADVERSE_EVENT:
        body["e2b_r3"] = e2b(referral)
    return body


def e2b(referral: Referral) -> dict[str, Any]:
    """The data elements an intake can fill an E2B(R3) message from. Names and initials are masked, never known."""
    details = referral.details
    return {
        "C.1.1": referral.id,
        "C.1.2": _iso(referral.received_at),
        "C.1.3": 1,
        "C.1.4": _date(referral.day_zero),
        "C.1.5": _date(referral.received_at),
        "C.2.r.reporter": details.get(Detail.REPORTER),
        "C.2.r.contact_consent": details.get(Detail.CONTACT_CONSENT),
        "D.1": {"nullFlavor": "MSK"},
        "D.2.3": _AGE_GROUPS.get(details.get(Detail.PATIENT_AGE_GROUP, "")),
        "D.5": _SEXES.get(details.get(Detail.PATIENT_SEX, "")),
        "E.i.1.1a": details.get(Detail.EVENT),
        "G.k.1": 1,
        "G.k.2.2": details.get(Detail.PRODUCT),
        "G.k.4.r.7": details.get(Detail.LOT),
        "H.1": details.get(Detail.EVENT),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _date(moment: datetime) -> str:
    return f"{moment:%Y%m%d}"
