"""The durable jobs of routing: each a name and its steps, every step safe to run twice and fed by a row's id alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.route.follow import FOLLOW, HAND_OVER, FollowUpService
from assistant.route.hand_over import CLOSED_JOB, ClosingService, HandOverService
from assistant.route.inbound import INBOUND, InboundService
from assistant.route.reconcile import RECONCILE, ReconcileService

Step = Callable[[str], bool]
"""Does one thing about a row; False: the steps after it have nothing to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """A name and its steps in order. Steps are kept by name once done: rename none while work is under way."""

    name: str
    steps: tuple[tuple[str, Step], ...]


def route_jobs(
    hand_over: HandOverService,
    follow: FollowUpService,
    closing: ClosingService,
    reconcile: ReconcileService,
    inbound: InboundService,
) -> tuple[Job, ...]:
    """Every job of this package."""
    return (
        Job(INBOUND, (("open_referrals", inbound.open_referrals), ("finish", inbound.finish))),
        Job(
            HAND_OVER,
            (("begin", hand_over.begin), ("deliver", hand_over.deliver), ("settle", hand_over.settle)),
        ),
        Job(FOLLOW, (("tell", follow.tell), ("wake_again", follow.wake_again))),
        Job(CLOSED_JOB, (("tell", closing.tell),)),
        Job(RECONCILE, (("compare", reconcile.compare), ("restart", reconcile.restart))),
    )
