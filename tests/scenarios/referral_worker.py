"""A process that opens a message's referrals and does their durable work, and can be told where to die.

PHASE is "receive" (take a message in, then drain) or "recover" (drain what is there, then close the report). DEATH is
"-" or JOB.STEP.before, JOB.STEP.after, or "committed" (after the message was written, before any work was asked for):
the process kills itself there with SIGKILL, once. The composition is the program's own; only its steps are wrapped.
"""

from __future__ import annotations

import base64
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.domain.person import Principal
from assistant.domain.referral import ReferralStatus
from assistant.policies.routing import load_routing
from assistant.route.cases import CaseService
from assistant.route.follow import FollowUpService
from assistant.route.hand_over import ClosingService, HandOverService
from assistant.route.inbound import InboundService
from assistant.route.jobs import Job, Step, route_jobs
from assistant.route.open import ReferralService
from assistant.route.parts import RouteParts
from assistant.route.reconcile import ReconcileService
from integrations.clock import RandomIds, SystemClock
from integrations.deferred_work import DeferredWork
from integrations.handover.file_drop import FileDropHandOver
from integrations.storage.database import Database
from integrations.storage.referral_store import SqlReferralStore
from integrations.storage.vault import Keyring
from integrations.workflows import DbosExecutor, DbosQueue
from tests.route_fakes import MESSAGE, REP, SAFETY, FakePeople, heard

RING = Keyring("k1", {"k1": base64.b64decode("A" * 43 + "=")})
MESSAGE_ID = "m1"


class CountingDrop(FileDropHandOver):
    """A target that notes every delivery with its key, as a receiver's log would."""

    def __init__(self, home: Path) -> None:
        super().__init__(home / "out")
        self._log = home / "deliveries.log"

    def deliver(self, packet: object) -> str:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{packet.key}\n")  # type: ignore[attr-defined]
        return super().deliver(packet)  # type: ignore[arg-type]


def deadly(jobs: Sequence[Job], death: str, home: Path) -> list[Job]:
    """The same jobs, of which one step kills the process the first time it gets there."""

    def die_once() -> None:
        mark = home / "died"
        if not mark.exists():
            mark.write_text(death)
            os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(job: str, name: str, step: Step) -> Step:
        def run(row: str) -> bool:
            if death == f"{job}.{name}.before":
                die_once()
            went_on = step(row)
            if death == f"{job}.{name}.after":
                die_once()
            return went_on

        return run

    return [Job(job.name, tuple((name, wrapped(job.name, name, step)) for name, step in job.steps)) for job in jobs]


def main(home: Path, database_url: str, url: str, phase: str, death: str) -> None:
    """What the process does; leaves with exit code 1 when the work is not done in time."""
    clock, database = SystemClock(), Database(database_url)
    queue, deferred = DbosQueue(url, clock), DeferredWork()
    store = SqlReferralStore(database, RING, clock, RandomIds())
    people = FakePeople(REP, SAFETY)

    def parts(work: DbosQueue | DeferredWork) -> RouteParts:
        return RouteParts(store, load_routing(), people, work, clock, RandomIds())

    live = parts(queue)
    referrals, reconcile = ReferralService(live), ReconcileService(live)
    inbound = InboundService(live, lambda *_: heard(), referrals)
    drop = CountingDrop(home)
    hand_over = HandOverService(
        live, dict.fromkeys(("safety", "medical_information", "market_access"), drop), lambda *_: None, lambda *_: []
    )
    jobs = route_jobs(hand_over, FollowUpService(live), ClosingService(live), reconcile, inbound)
    if phase == "receive":
        if death == "committed":
            ReferralService(parts(deferred)).receive(Principal(REP), MESSAGE_ID, MESSAGE, heard())
            (home / "died").write_text(death)
            os.kill(os.getpid(), signal.SIGKILL)
        inbound.accept(Principal(REP), MESSAGE_ID, MESSAGE)
    with DbosExecutor(home, url, deadly(jobs, death, home), patient=False) as executor:
        reconcile.pick_up("default")
        if not executor.drain(queue, 60):
            sys.exit("the work was not done in time")
        if phase == "recover":
            cases = CaseService(live)
            for seen in cases.visible(Principal(SAFETY)):
                if seen.referral.status is ReferralStatus.HANDED_OVER:
                    cases.acknowledge(Principal(SAFETY), seen.referral.id)
                    cases.close(Principal(SAFETY), seen.referral.id, "handled")
            executor.drain(queue, 60)
    queue.close()
    database.close()
