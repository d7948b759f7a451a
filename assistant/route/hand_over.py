"""Handing a referral over: attempts numbered and kept, repeated with growing waits, a dead letter somebody sees.

Three steps, each safe to run again: begin (number the attempt), deliver (the only one that reaches outside, always with
the same key), settle (draw the conclusion). Killed between any two, the next run goes on where this one stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from assistant.domain.customer import Customer
from assistant.domain.hand_over import Attempt, AttemptOutcome, Notice, NoticeKind, Packet
from assistant.domain.referral import Referral, ReferralStatus, dead_lettered, handed_over
from assistant.errors import PermanentFault, TransientFault
from assistant.policies.channels import ContentUse, refusals
from assistant.policies.routing import Target
from assistant.referral_ports import HandOver, ReferralUnit
from assistant.route.follow import start_hand_over
from assistant.route.parts import ASSISTANT, RouteParts, record, tenant_and_id

CLOSED_JOB = "closed"

CustomerOf = Callable[[str, str], Customer | None]
"""The customer of a tenant by id, with their consents."""
UsesOf = Callable[[str, str, tuple[str, ...]], list[ContentUse]]
"""What the named documents (tenant, market, ids) may be used for now; one that is not valid now allows nothing."""


class HandOverService:
    """The steps of the job `hand_over`. `ways` holds an adapter by target name; a target without one is an inbox."""

    def __init__(
        self, parts: RouteParts, ways: Mapping[str, HandOver], customer_of: CustomerOf, uses_of: UsesOf
    ) -> None:
        self._parts = parts
        self._ways = ways
        self._customer_of = customer_of
        self._uses_of = uses_of

    def begin(self, row: str) -> bool:
        """Number the attempt. False when there is nothing to do: handed over, or given up."""
        tenant, referral_id = tenant_and_id(row)
        with self._parts.store.write() as unit:
            referral = unit.referrals.get(tenant, referral_id)
            if referral is None or referral.dead_letter is not None or not _wanted(unit, referral):
                return False
            last = _last(unit, referral)
            if last is None or concluded(last, referral):
                number = 1 if last is None else last.number + 1
                started = Attempt(tenant, referral_id, number, self._parts.clock.now(), referral.revision)
                unit.referrals.start_attempt(started)
        return True

    def deliver(self, row: str) -> bool:
        """Reach the target, and write down how it went before anything else is done."""
        tenant, referral_id = tenant_and_id(row)
        with self._parts.store.read() as unit:
            referral = unit.referrals.get(tenant, referral_id)
            last = None if referral is None else _last(unit, referral)
        if referral is None or last is None:
            return False
        if last.outcome is not AttemptOutcome.STARTED:
            return True
        outcome, detail = self._reach(referral)
        settled = replace(
            last, revision=referral.revision, outcome=outcome, detail=detail, settled_at=self._parts.clock.now()
        )
        with self._parts.store.write() as unit:
            unit.referrals.settle_attempt(settled)
        return True

    def settle(self, row: str) -> bool:
        """Draw the conclusion: handed over, tried again later, or a dead letter."""
        tenant, referral_id = tenant_and_id(row)
        patience = self._parts.routing.patience
        wait: int | None = None
        with self._parts.store.write() as unit:
            referral = unit.referrals.get(tenant, referral_id)
            last = None if referral is None else _last(unit, referral)
            if referral is None or last is None or last.outcome is AttemptOutcome.STARTED:
                return False
            tries = _tries(unit, referral)
            if last.outcome is AttemptOutcome.SENT:
                if last.revision > referral.sent_revision:
                    self._sent(unit, referral, last)
                # Words that were added while this attempt was under way go out at once.
                wait = 0 if last.revision < referral.revision else None
            elif last.outcome is AttemptOutcome.REFUSED or tries >= patience.attempts:
                self._give_up(unit, referral, last)
            else:
                wait = patience.wait_after(tries)
        if wait is not None:
            when = (last.settled_at or last.started_at) + timedelta(seconds=wait)
            start_hand_over(self._parts.work, referral, last.number + 1, when)
        return True

    def _reach(self, referral: Referral) -> tuple[AttemptOutcome, str]:
        target = self._parts.routing.target(referral.target)
        refused = self._channel_refusals(referral, target)
        note = f"not sent by {target.name}: {'; '.join(refused)}" if refused else ""
        way = None if refused else self._ways.get(target.name)
        if way is None:
            return AttemptOutcome.SENT, f"inbox of {target.role}" + (f" ({note})" if note else "")
        try:
            return AttemptOutcome.SENT, way.deliver(
                Packet(f"{referral.id}:{referral.revision}", referral, target.role, note)
            )
        except TransientFault as fault:
            return AttemptOutcome.FAILED, str(fault)
        except PermanentFault as fault:
            return AttemptOutcome.REFUSED, str(fault)

    def _channel_refusals(self, referral: Referral, target: Target) -> list[str]:
        """Why a channel may not be used for this customer and content; the role's inbox gets the referral then."""
        if target.channel is None:
            return []
        customer = self._customer_of(referral.tenant, referral.customer) if referral.customer else None
        if customer is None:
            return ["no customer is named, so no consent can be checked"]
        today = self._parts.routing.rule(referral.type, referral.sender.market).calendar.local(self._parts.clock.now())
        uses = self._uses_of(referral.tenant, referral.sender.market, referral.content)
        return refusals(target.channel, customer.consents, uses, today.date())

    def _sent(self, unit: ReferralUnit, referral: Referral, last: Attempt) -> None:
        now = self._parts.clock.now()
        saved = unit.referrals.save(handed_over(referral, now, last.detail, last.revision))
        record(
            unit,
            self._parts,
            saved,
            "handed_over",
            ASSISTANT,
            facts={"attempt": last.number, "revision": last.revision, "target": saved.target},
        )
        kind = saved.type.value.replace("_", " ")
        news = f"new {kind}" if referral.receipt is None else f"more on this {kind}"
        state = "complete" if saved.complete else "incomplete"
        unit.notifier.notify(
            Notice(
                key=f"new:{saved.id}:{last.revision}",
                tenant=saved.tenant,
                kind=NoticeKind.NEW,
                referral_id=saved.id,
                text=f"{saved.reference}: {news}, {state}, due {saved.due_at:%Y-%m-%d %H:%M} UTC.",
                at=now,
                role=self._parts.routing.target(saved.target).role,
            )
        )

    def _give_up(self, unit: ReferralUnit, referral: Referral, last: Attempt) -> None:
        if referral.dead_letter is not None:
            return
        now = self._parts.clock.now()
        saved = unit.referrals.save(dead_lettered(referral, now, last.detail))
        record(unit, self._parts, saved, "dead_lettered", ASSISTANT, facts={"attempt": last.number})
        unit.notifier.notify(
            Notice(
                key=f"dead_letter:{saved.id}:{last.number}",
                tenant=saved.tenant,
                kind=NoticeKind.DEAD_LETTER,
                referral_id=saved.id,
                text=f"{saved.reference} could not be handed over to {saved.target}; take it from here by hand.",
                at=now,
                role=self._parts.routing.target(saved.target).role,
            )
        )


class ClosingService:
    """The step of the job `closed`: the sender hears that it ended, and a sampled one is put up for a second look."""

    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def tell(self, row: str) -> bool:
        """Tell the sender, without a word of how; tell the receiving role which one to look at again."""
        with self._parts.store.write() as unit:
            referral = unit.referrals.get(*tenant_and_id(row))
            if referral is None or referral.status is not ReferralStatus.CLOSED or referral.closing is None:
                return False
            at, role = referral.closing.at, self._parts.routing.target(referral.target).role
            told = Notice(
                key=f"closed:{referral.id}",
                tenant=referral.tenant,
                kind=NoticeKind.CLOSED,
                referral_id=referral.id,
                text=f"{referral.reference} was closed. Thank you for passing it on.",
                at=at,
                person=referral.sender.identity,
            )
            unit.notifier.notify(told)
            if referral.closing.sampled:
                text = f"{referral.reference} was closed as not a real patient and drawn for a second look."
                key, kind = f"recheck:{referral.id}", NoticeKind.RECHECK
                unit.notifier.notify(Notice(key, referral.tenant, kind, referral.id, text, at, role=role))
        return True


def next_attempt(unit: ReferralUnit, referral: Referral) -> int | None:
    """The number of the attempt that added words need; None while one is under way, which will see to them."""
    last = _last(unit, referral)
    if last is None:
        return 1
    return last.number + 1 if concluded(last, referral) else None


def concluded(last: Attempt, referral: Referral) -> bool:
    """Whether nothing is left to do about an attempt. One that was sent is not, until the referral says so."""
    if last.outcome is AttemptOutcome.SENT:
        return last.revision <= referral.sent_revision
    return last.outcome is not AttemptOutcome.STARTED


def _wanted(unit: ReferralUnit, referral: Referral) -> bool:
    """Whether the target lacks words, or an attempt that was begun has not been concluded."""
    last = _last(unit, referral)
    return referral.sent_revision < referral.revision or (last is not None and not concluded(last, referral))


def _tries(unit: ReferralUnit, referral: Referral) -> int:
    """Attempts since the last one that succeeded."""
    attempts = unit.referrals.attempts(referral.tenant, referral.id)
    sent = [one.number for one in attempts if one.outcome is AttemptOutcome.SENT]
    return len(attempts) - max(sent, default=0)


def _last(unit: ReferralUnit, referral: Referral) -> Attempt | None:
    attempts = unit.referrals.attempts(referral.tenant, referral.id)
    return attempts[-1] if attempts else None
