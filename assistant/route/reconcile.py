"""Reconciling: what was sent against what was acknowledged, daily; and picking up what a crash left lying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.audit_event import AuditEntry
from assistant.domain.hand_over import Notice, NoticeKind
from assistant.domain.person import Role
from assistant.domain.referral import Referral, ReferralStatus
from assistant.referral_ports import ReferralUnit
from assistant.route.follow import start_hand_over, start_watching
from assistant.route.hand_over import concluded
from assistant.route.inbound import INBOUND
from assistant.route.parts import ASSISTANT, RouteParts

RECONCILE = "reconcile"

_OPEN = (ReferralStatus.OPENED, ReferralStatus.HANDED_OVER, ReferralStatus.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of `rep doctor` and of the daily reconciliation."""

    opened: int
    handed_over: int
    acknowledged: int
    late: int
    dead_lettered: int
    incomplete: int
    waiting_messages: int

    @property
    def open(self) -> int:
        """Everything that is not closed."""
        return self.opened + self.handed_over + self.acknowledged


class ReconcileService:
    """Counts, compares and restarts."""

    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def counts(self, tenant: str) -> Counts:
        """How many stand where."""
        now = self._parts.clock.now()
        with self._parts.store.read() as unit:
            held = unit.referrals.find(tenant, statuses=_OPEN)
            waiting = len(unit.inbound.waiting(tenant))
        by_status = {status: sum(one.status is status for one in held) for status in _OPEN}
        return Counts(
            opened=by_status[ReferralStatus.OPENED],
            handed_over=by_status[ReferralStatus.HANDED_OVER],
            acknowledged=by_status[ReferralStatus.ACKNOWLEDGED],
            late=sum(one.late(now) for one in held),
            dead_lettered=sum(one.dead_letter is not None for one in held),
            incomplete=sum(not one.complete for one in held),
            waiting_messages=waiting,
        )

    def pick_up(self, tenant: str, everything: bool = False) -> int:
        """Restart whatever a crash between "written" and "work asked for" left lying; returns how many were looked at.

        Everything restarted has the key it had, so what is running already is left alone. `everything` looks at the
        clocks of those that were handed over as well.
        """
        with self._parts.store.read() as unit:
            waiting = unit.inbound.waiting(tenant)
            held = unit.referrals.find(tenant, statuses=_OPEN)
            unsent = [one for one in held if one.sent_revision < one.revision and one.dead_letter is None]
            attempts = {one.id: unit.referrals.attempts(tenant, one.id) for one in unsent}
        for message in waiting:
            self._parts.work.start(INBOUND, f"{tenant}/{message.id}", f"inbound:{message.id}")
        for referral in held if everything else unsent:
            start_watching(self._parts.work, referral)
        for referral in unsent:
            made = attempts[referral.id]
            under_way = bool(made) and not concluded(made[-1], referral)
            start_hand_over(self._parts.work, referral, len(made) + (not under_way))
        when = self.next_time()
        self._parts.work.start(RECONCILE, f"{tenant}/daily", f"reconcile:{tenant}:{when:%Y-%m-%d}", not_before=when)
        return len(waiting) + len(held if everything else unsent)

    def compare(self, row: str) -> bool:
        """Sent against acknowledged: every one that is late or lies undelivered is told to its role, once a day."""
        tenant = row.rpartition("/")[0]
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            held = unit.referrals.find(tenant, statuses=_OPEN)
            unmatched = [one for one in held if one.late(now) or one.dead_letter is not None]
            for referral in unmatched:
                self._tell(unit, referral, now)
            unit.audit.append(
                AuditEntry(
                    tenant=tenant,
                    at=now,
                    actor=ASSISTANT,
                    action="referrals.reconciled",
                    subject=f"tenant:{tenant}",
                    facts={
                        "open": len(held),
                        "sent": sum(one.receipt is not None for one in held),
                        "acknowledged": sum(one.status is ReferralStatus.ACKNOWLEDGED for one in held),
                        "unmatched": len(unmatched),
                    },
                )
            )
        return True

    def restart(self, row: str) -> bool:
        """Pick up what lies, and ask to be woken tomorrow."""
        self.pick_up(row.rpartition("/")[0], everything=True)
        return True

    def _tell(self, unit: ReferralUnit, referral: Referral, now: datetime) -> None:
        day = self._parts.routing.default_calendar.local(now).date()
        role: Role = self._parts.routing.target(referral.target).role
        what = "could not be handed over" if referral.dead_letter else "was sent and not acknowledged in time"
        unit.notifier.notify(
            Notice(
                key=f"reconcile:{referral.id}:{day}",
                tenant=referral.tenant,
                kind=NoticeKind.DISCREPANCY,
                referral_id=referral.id,
                text=f"{referral.reference} {what}.",
                at=now,
                role=role,
            )
        )

    def next_time(self) -> datetime:
        """The next reconciliation, in the default calendar's zone."""
        calendar = self._parts.routing.default_calendar
        local = calendar.local(self._parts.clock.now())
        today = datetime.combine(local.date(), self._parts.routing.reconcile_at, tzinfo=calendar.zone)
        return today if today > local else today + timedelta(days=1)
