"""What `rep doctor` says of referrals, their routing, the audit chain and the durable work."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.bootstrap import Assistant
from integrations.doctor import Finding, State

_HOLIDAYS_AHEAD_DAYS = 60


def referrals(assistant: Assistant) -> Iterable[Finding]:
    """How many are open, late and undelivered."""
    counts = assistant.referral_desk.reconcile.counts(assistant.settings.tenant)
    wrong = counts.late or counts.dead_lettered
    text = (
        f"{counts.open} open ({counts.incomplete} incomplete), {counts.late} late, {counts.dead_lettered} undelivered"
        f"{f', {counts.waiting_messages} messages waiting' if counts.waiting_messages else ''}"
    )
    yield Finding(
        "referrals", State.NOTE if wrong else State.OK, text + (": rep referrals list --late" if wrong else "")
    )


def routing(assistant: Assistant) -> Iterable[Finding]:
    """Whether the rules are right, reach their targets, and every receiving role has somebody in it."""
    desk = assistant.referral_desk
    people = [one for one in assistant.people.everyone(assistant.settings.tenant) if one.active]
    _ = desk.hand_over
    empty = sorted({target.role.value for target in desk.routing.targets()} - {one.role.value for one in people})
    if people and empty:
        yield Finding("routing", State.NOTE, f"nobody on the roster is: {', '.join(empty)}; their referrals would wait")
    else:
        yield Finding("routing", State.OK, f"version {desk.routing.version}, {len(desk.routing.targets())} targets")
    last = max(desk.routing.default_calendar.holidays, default=None)
    today = assistant.clock.now().date()
    if last is not None and (last - today).days < _HOLIDAYS_AHEAD_DAYS:
        yield Finding("calendar", State.NOTE, f"the last holiday routing.toml knows is {last}; add the coming year's")


def audit(assistant: Assistant) -> Iterable[Finding]:
    """How long the audit chain is; `rep audit verify` walks it."""
    with assistant.referral_desk.parts.store.read() as unit:
        head = unit.audit.head(assistant.settings.tenant)
    yield Finding("audit", State.OK, f"{head.sequence} events; check the chain with: rep audit verify")


def durable_work(assistant: Assistant) -> Iterable[Finding]:
    """What lies in the queue; work an unforeseen error stopped is a fault."""
    from integrations.work_runner import queue_of

    queue = queue_of(assistant)
    try:
        counts = queue.counts()
    finally:
        queue.close()
    state = State.FAULT if counts.stopped else State.OK
    stopped = f", {counts.stopped} stopped by an error; rep serve takes them up again" if counts.stopped else ""
    yield Finding("durable work", state, f"{counts.due} due, {counts.later} scheduled{stopped}")
