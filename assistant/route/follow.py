"""Following a referral to its end: reminders before and at the deadline, the manager after it, each told once.

One job tells whatever is due and asks to be woken at the next moment, so a moved deadline, a restart or a second run
needs no bookkeeping: what was told is known by the notice's key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.hand_over import Notice, NoticeKind
from assistant.domain.person import Person
from assistant.domain.referral import Referral, ReferralStatus
from assistant.policies.deadlines import hours_left
from assistant.policies.routing import Rule
from assistant.referral_ports import DurableWork, ReferralUnit
from assistant.route.parts import ASSISTANT, RouteParts, record, row_of, tenant_and_id

HAND_OVER = "hand_over"
FOLLOW = "follow"

_WAITING = (ReferralStatus.OPENED, ReferralStatus.HANDED_OVER)


def start_following(work: DurableWork, referral: Referral) -> None:
    """See to it that a referral is watched and handed over. Safe to repeat; a sweep repeats it after a crash.

    Watched first: one that was handed over is then known to be watched, and the sweep need not look at it.
    """
    start_watching(work, referral)
    start_hand_over(work, referral, 1)


def start_watching(work: DurableWork, referral: Referral) -> None:
    """Have a referral's clock looked at now; every change of the referral may have moved it."""
    work.start(FOLLOW, row_of(referral), f"follow:{referral.id}:v{referral.version}")


def start_hand_over(work: DurableWork, referral: Referral, attempt: int, not_before: datetime | None = None) -> None:
    """Have a numbered attempt at handing over made; the same number is the same attempt."""
    work.start(HAND_OVER, row_of(referral), f"hand_over:{referral.id}:{attempt}", not_before=not_before)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to be told at a time."""

    at: datetime
    kind: NoticeKind
    name: str


class FollowUpService:
    """The steps of the job `follow`."""

    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def tell(self, row: str) -> bool:
        """Tell what is due by now; of several missed reminders only the latest. False once nothing more can come."""
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            referral = unit.referrals.get(*tenant_and_id(row))
            if referral is None or referral.status is ReferralStatus.CLOSED:
                return False
            passed = [moment for moment in self._moments(referral) if moment.at <= now]
            reminders = [moment for moment in passed if moment.kind is NoticeKind.REMINDER]
            for moment in passed:
                if moment.kind is not NoticeKind.REMINDER or moment is reminders[-1]:
                    self._announce(unit, referral, moment, now)
        return True

    def wake_again(self, row: str) -> bool:
        """Ask to be woken at the next moment, if there is one."""
        now = self._parts.clock.now()
        with self._parts.store.read() as unit:
            referral = unit.referrals.get(*tenant_and_id(row))
        if referral is None:
            return False
        coming = min((moment.at for moment in self._moments(referral) if moment.at > now), default=None)
        if coming is None:
            return False
        self._parts.work.start(FOLLOW, row, f"follow:{referral.id}:{int(coming.timestamp())}", not_before=coming)
        return True

    def _moments(self, referral: Referral) -> list[Moment]:
        rule = self._parts.routing.rule(referral.type, referral.sender.market)
        if referral.status in _WAITING:
            return sorted(_until_acknowledged(referral, rule), key=lambda moment: moment.at)
        if referral.status is ReferralStatus.ACKNOWLEDGED and referral.answer_due_at is not None:
            return [Moment(referral.answer_due_at, NoticeKind.LATE, "answer")]
        return []

    def _announce(self, unit: ReferralUnit, referral: Referral, moment: Moment, now: datetime) -> None:
        told = False
        for notice in self._notices(referral, moment, now):
            told = unit.notifier.notify(notice) or told
        if told:
            record(unit, self._parts, referral, moment.kind.value, ASSISTANT, facts={"moment": moment.name})

    def _notices(self, referral: Referral, moment: Moment, now: datetime) -> Iterator[Notice]:
        role = self._parts.routing.target(referral.target).role
        key = f"{moment.kind}:{referral.id}:{moment.name}:{int(moment.at.timestamp())}"
        text = _text(referral, moment, now)

        def notice(to: str, person: str | None = None) -> Notice:
            return Notice(
                f"{key}:{to}", referral.tenant, moment.kind, referral.id, text, now, person, None if person else role
            )

        yield notice(role)
        if moment.kind is NoticeKind.ESCALATION:
            for manager in sorted(self._managers(referral)):
                yield notice(manager, manager)
        elif referral.missing:
            yield notice(referral.sender.identity, referral.sender.identity)

    def _managers(self, referral: Referral) -> set[str]:
        """The managers of the receiving role's people and of the sender; they learn reference, type and clock only."""
        role = self._parts.routing.target(referral.target).role
        people: list[Person] = [one for one in self._parts.people.everyone(referral.tenant) if one.active]
        managers = {one.manager for one in people if one.role is role} | {referral.sender.manager}
        return {one.id for one in people if one.id in managers}


def _until_acknowledged(referral: Referral, rule: Rule) -> Iterator[Moment]:
    for hours in rule.remind_hours_before:
        at = referral.due_at - timedelta(hours=hours)
        if hours == 0:
            yield Moment(at, NoticeKind.LATE, "deadline")
        elif at >= referral.received_at:
            yield Moment(at, NoticeKind.REMINDER, f"{hours}h")
    yield Moment(referral.due_at + timedelta(hours=rule.escalate_hours_after), NoticeKind.ESCALATION, "manager")


def _text(referral: Referral, moment: Moment, now: datetime) -> str:
    kind = referral.type.value.replace("_", " ")
    if moment.name == "answer":
        return f"{referral.reference}: the answer to this {kind} is due now."
    left = hours_left(referral.due_at, now)
    clock = f"{left:.0f} h left" if left > 0 else f"{-left:.0f} h late"
    return f"{referral.reference}: {kind} not acknowledged, {clock}."
