"""Erasing what people wrote, without a hole in the trail: facts and chain stay, the words and their salts go."""

from __future__ import annotations

from assistant.domain.audit_event import AuditEntry
from assistant.domain.person import Principal, Role
from assistant.domain.referral import ReferralStatus
from assistant.errors import AccessDenied, BadRequest
from assistant.route.parts import RouteParts, locate, unknown


class ErasureService:
    """Erases a closed referral's words."""

    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def erase(self, principal: Principal, name: str, why: str) -> int:
        """Take the words of a referral, its original and its audit texts away; returns how many texts went.

        Privacy's duty alone, and never before the matter is closed. Raises NotFound, AccessDenied, BadRequest.
        """
        if principal.role is not Role.PRIVACY:
            raise unknown(name)
        if not why.strip():
            raise BadRequest("say why the words are erased; it is recorded")
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            referral = locate(unit, principal.tenant, name)
            if referral.status is not ReferralStatus.CLOSED:
                raise AccessDenied(f"{referral.reference} is not closed; its words are needed until then")
            subject = f"referral:{referral.id}"
            gone = unit.referrals.erase_details(referral.tenant, referral.id, now)
            if referral.original_id is not None:
                gone += unit.vault.erase(referral.tenant, referral.original_id)
            gone += unit.audit.erase(referral.tenant, subject, now, principal.person.id, why)
            unit.audit.append(
                AuditEntry(
                    tenant=referral.tenant,
                    at=now,
                    actor=principal.person.id,
                    action="referral.texts_erased",
                    subject=subject,
                    actor_role=principal.role,
                    reason=why,
                    facts={"texts": gone},
                )
            )
        return gone
