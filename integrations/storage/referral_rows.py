"""A referral as a row of its table, and back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import RowMapping

from assistant.audit import storable
from assistant.domain.person import Role
from assistant.domain.referral import (
    Closing,
    ClosingReason,
    Detail,
    HistoryEntry,
    Referral,
    ReferralStatus,
    ReferralType,
    Sender,
)


def referral_row(referral: Referral) -> dict[str, object]:
    """The columns of `referrals`."""
    closing = referral.closing
    return {
        "id": referral.id,
        "tenant_id": referral.tenant,
        "reference": referral.reference,
        "type": referral.type.value,
        "key": referral.key,
        "message_id": referral.message_id,
        "status": referral.status.value,
        **sender_columns(referral.sender),
        "target": referral.target,
        "received_at": referral.received_at,
        "day_zero": referral.day_zero,
        "first_heard_at": referral.first_heard_at,
        "due_at": referral.due_at,
        "answer_due_at": referral.answer_due_at,
        "why": storable(referral.why),
        "missing": list(referral.missing),
        "special_situation": referral.special_situation,
        "internal": referral.internal,
        "customer_id": referral.customer,
        "content": list(referral.content),
        "acknowledged_by": referral.acknowledged_by,
        "receipt": referral.receipt and storable(referral.receipt),
        "dead_letter": referral.dead_letter and storable(referral.dead_letter),
        "closed_at": closing and closing.at,
        "closed_by": closing and closing.by,
        "closed_reason": closing and closing.reason.value,
        "closed_sampled": closing and closing.sampled,
        "closed_note": closing and storable(closing.note),
        "original_id": referral.original_id,
        "revision": referral.revision,
        "sent_revision": referral.sent_revision,
        "version": referral.version,
    }


def referral_from(row: RowMapping, details: Mapping[Detail, str], history: tuple[HistoryEntry, ...]) -> Referral:
    """The referral of a row, with its details and history."""
    return Referral(
        id=row["id"],
        tenant=row["tenant_id"],
        type=ReferralType(row["type"]),
        key=row["key"],
        message_id=row["message_id"],
        sender=sender_from(row),
        target=row["target"],
        received_at=row["received_at"],
        day_zero=row["day_zero"],
        due_at=row["due_at"],
        why=row["why"],
        missing=tuple(row["missing"]),
        status=ReferralStatus(row["status"]),
        special_situation=row["special_situation"],
        internal=row["internal"],
        customer=row["customer_id"],
        content=tuple(row["content"]),
        first_heard_at=row["first_heard_at"],
        answer_due_at=row["answer_due_at"],
        acknowledged_by=row["acknowledged_by"],
        receipt=row["receipt"],
        dead_letter=row["dead_letter"],
        closing=_closing(row),
        original_id=row["original_id"],
        details=details,
        history=history,
        revision=row["revision"],
        sent_revision=row["sent_revision"],
        version=row["version"],
    )


def sender_columns(sender: Sender) -> dict[str, object]:
    """The columns that say who sent a message."""
    return {
        "sender_id": storable(sender.identity),
        "sender_role": sender.role and sender.role.value,
        "sender_timezone": sender.timezone,
        "sender_manager": sender.manager,
        "market": sender.market,
    }


def sender_from(row: RowMapping) -> Sender:
    """The sender of a row."""
    return Sender(
        tenant=row["tenant_id"],
        identity=row["sender_id"],
        market=row["market"],
        role=Role(row["sender_role"]) if row["sender_role"] else None,
        timezone=row["sender_timezone"],
        manager=row["sender_manager"],
    )


def _closing(row: RowMapping) -> Closing | None:
    if row["closed_at"] is None:
        return None
    reason = ClosingReason(row["closed_reason"])
    return Closing(row["closed_at"], row["closed_by"], reason, row["closed_sampled"], row["closed_note"] or "")
