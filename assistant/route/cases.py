"""The receiving roles' work: list, show, acknowledge, close, open the original; and what a sender may follow of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.hand_over import Attempt, Notice
from assistant.domain.person import Principal
from assistant.domain.referral import (
    Closing,
    ClosingReason,
    Referral,
    ReferralStatus,
    acknowledged,
    closed,
    noted,
)
from assistant.errors import AccessDenied, BadRequest, Conflict, NotFound
from assistant.policies.referral_access import Sight, may_acknowledge, may_close, may_open_original, sight
from assistant.referral_ports import ReferralUnit
from assistant.route.follow import start_hand_over, start_watching
from assistant.route.hand_over import CLOSED_JOB
from assistant.route.parts import RouteParts, locate, record, row_of, unknown


@dataclass(frozen=True, slots=True)
class Seen:
    """A referral as one person may see it; `attempts` only for those who see the whole."""

    referral: Referral
    sight: Sight
    late: bool
    attempts: tuple[Attempt, ...] = ()


class CaseService:
    """Referrals as people see and work them."""

    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def visible(self, principal: Principal, *, late_only: bool = False, everything: bool = False) -> list[Seen]:
        """What this person may see, soonest due first; closed ones only with `everything`.

        `late_only` keeps what is past its deadline and what could not be handed over.
        """
        statuses = None if everything else [status for status in ReferralStatus if status is not ReferralStatus.CLOSED]
        routing = self._parts.routing
        with self._parts.store.read() as unit:
            found = unit.referrals.find(principal.tenant, statuses=statuses, types=routing.types_for(principal.role))
            found += unit.referrals.find(principal.tenant, statuses=statuses, senders=self._team(principal))
        unique = {one.id: one for one in found}.values()
        now = self._parts.clock.now()
        seen = [Seen(one, sight(principal.person, one, routing), one.late(now)) for one in unique]
        shown = [one for one in seen if one.sight is not Sight.NOTHING]
        if late_only:
            shown = [one for one in shown if one.late or (one.sight is Sight.WHOLE and one.referral.dead_letter)]
        return sorted(shown, key=lambda one: (one.referral.due_at, one.referral.id))

    def show(self, principal: Principal, name: str) -> Seen:
        """One referral, recorded in the audit when all of it is seen. Raises NotFound."""
        routing = self._parts.routing
        with self._parts.store.write() as unit:
            referral = locate(unit, principal.tenant, name)
            seeing = sight(principal.person, referral, routing)
            if seeing is Sight.NOTHING:
                raise unknown(name)
            attempts: list[Attempt] = []
            if seeing is Sight.WHOLE:
                attempts = unit.referrals.attempts(referral.tenant, referral.id)
                record(unit, self._parts, referral, "seen", principal.person.id, role=principal.role)
        return Seen(referral, seeing, referral.late(self._parts.clock.now()), tuple(attempts))

    def acknowledge(self, principal: Principal, name: str) -> Referral:
        """The receiving role has it; twice is the same as once. Raises NotFound, AccessDenied, Conflict."""
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            referral = self._seen(unit, principal, name)
            if not may_acknowledge(principal.person, referral, self._parts.routing):
                raise AccessDenied(f"{referral.reference} is not yours to acknowledge")
            moved = acknowledged(referral, now, principal.person.id)
            if moved is referral:
                return referral
            saved = unit.referrals.save(moved)
            record(
                unit,
                self._parts,
                saved,
                "acknowledged",
                principal.person.id,
                role=principal.role,
                facts={"in_time": now <= saved.due_at},
            )
        start_watching(self._parts.work, saved)
        return saved

    def close(self, principal: Principal, name: str, reason: str, note: str = "") -> Referral:
        """End it, with a reason and a note for the receiving role alone. Raises NotFound, AccessDenied, Conflict."""
        if reason not in set(ClosingReason):
            raise BadRequest(f"{reason} is no reason; give one of: {', '.join(ClosingReason)}")
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            referral = self._seen(unit, principal, name)
            if not may_close(principal.person, referral, self._parts.routing):
                raise AccessDenied(f"{referral.reference} is not yours to close")
            saved = unit.referrals.save(
                closed(referral, self._closing(principal, referral, ClosingReason(reason), note, now))
            )
            record(
                unit,
                self._parts,
                saved,
                "closed",
                principal.person.id,
                role=principal.role,
                reason=reason,
                facts={"recheck": bool(saved.closing and saved.closing.sampled)},
                texts={"note": note} if note else {},
            )
        self._parts.work.start(CLOSED_JOB, row_of(saved), f"closed:{saved.id}")
        return saved

    def retry(self, principal: Principal, name: str) -> Referral:
        """Have a dead letter tried once more, after its cause was mended. Raises NotFound, AccessDenied, Conflict."""
        with self._parts.store.write() as unit:
            referral = self._seen(unit, principal, name)
            if not may_acknowledge(principal.person, referral, self._parts.routing):
                raise AccessDenied(f"{referral.reference} is not yours to send again")
            if referral.dead_letter is None:
                raise Conflict(f"{referral.reference} is no dead letter; nothing to try again")
            cleared = noted(
                replace(referral, dead_letter=None), self._parts.clock.now(), principal.person.id, "sent again by hand"
            )
            saved = unit.referrals.save(cleared)
            record(unit, self._parts, saved, "retried", principal.person.id, role=principal.role)
            number = len(unit.referrals.attempts(saved.tenant, saved.id)) + 1
        start_hand_over(self._parts.work, saved, number)
        return saved

    def original(self, principal: Principal, name: str, reason: str) -> str:
        """The untouched words of a report. Raises NotFound, AccessDenied; every try is recorded, refused ones too."""
        if not reason.strip():
            raise BadRequest("say why the original is opened; it is recorded")
        with self._parts.store.write() as unit:
            referral = locate(unit, principal.tenant, name)
            allowed = may_open_original(principal.person, referral)
            record(
                unit,
                self._parts,
                referral,
                "original_opened" if allowed else "original_refused",
                principal.person.id,
                role=principal.role,
                reason=reason,
            )
            seeing = sight(principal.person, referral, self._parts.routing)
            text = unit.vault.open(referral.tenant, referral.original_id) if allowed and referral.original_id else None
        if seeing is Sight.NOTHING:
            raise unknown(name)
        if not allowed:
            raise AccessDenied("the original is for safety (and quality, for complaints) alone")
        if text is None:
            raise NotFound(f"no original is kept for {referral.reference}")
        return text

    def notices(self, principal: Principal) -> list[Notice]:
        """What this person was told, newest first."""
        with self._parts.store.read() as unit:
            return unit.notifier.notices(principal.tenant, principal.person.id, principal.role)

    def _closing(
        self, principal: Principal, referral: Referral, reason: ClosingReason, note: str, now: datetime
    ) -> Closing:
        sampled = reason is ClosingReason.NOT_A_REAL_PATIENT and _drawn(
            referral.id, self._parts.routing.recheck_percent
        )
        return Closing(now, principal.person.id, reason, sampled, note)

    def _seen(self, unit: ReferralUnit, principal: Principal, name: str) -> Referral:
        referral = locate(unit, principal.tenant, name)
        if sight(principal.person, referral, self._parts.routing) is Sight.NOTHING:
            raise unknown(name)
        return referral

    def _team(self, principal: Principal) -> list[str]:
        everyone: Iterable[str] = (
            one.id for one in self._parts.people.everyone(principal.tenant) if one.manager == principal.person.id
        )
        return [principal.person.id, *everyone]


def _drawn(referral_id: str, percent: int) -> bool:
    """Whether a referral is in the sample: decided by its random id, so nobody can choose it or re-draw."""
    return int(hashlib.sha256(referral_id.encode()).hexdigest()[:8], 16) % 100 < percent
