"""Doing a home's durable work: for as long as a server runs, or until a command has drained what it asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from assistant.domain.referral import Sender
from assistant.route.heard import Heard
from integrations.deferred_work import DeferredWork
from integrations.route_desk import RouteDesk, RouteHome
from integrations.workflows import DbosExecutor, DbosQueue, ExecutorBusy, work_url


class WorkHome(RouteHome, Protocol):
    """What durable work needs of a home; the composition root has it."""

    @property
    def deferred_work(self) -> DeferredWork:
        """What this process asked to be done durably."""

    def hear(self, text: str, sender: Sender) -> Heard:
        """What a message holds."""

    def redact(self, text: str) -> str:
        """The text with patient identifiers replaced."""


def queue_of(home: WorkHome) -> DbosQueue:
    """The home's queue of durable work."""
    settings = home.settings
    return DbosQueue(work_url(settings.home, settings.database), home.clock)


@contextmanager
def working(home: WorkHome, *, patient: bool = True) -> Iterator[tuple[DbosExecutor, DbosQueue]]:
    """Do the home's durable work while the block lasts, beginning with what a crash left. Raises ExecutorBusy."""
    queue = queue_of(home)
    try:
        desk = live_desk(home, queue)
        url = work_url(home.settings.home, home.settings.database)
        with DbosExecutor(home.settings.home, url, desk.jobs, patient=patient) as executor:
            for tenant in tenants(home, desk):
                desk.reconcile.pick_up(tenant)
            yield executor, queue
    finally:
        queue.close()


def drain(home: WorkHome, timeout: float) -> bool:
    """Have what this command asked for done before it ends; False when some is left to another process or run."""
    deferred = home.deferred_work
    try:
        with working(home, patient=False) as (executor, queue):
            deferred.flush(queue)
            return executor.drain(queue, timeout)
    except ExecutorBusy:
        queue = queue_of(home)
        try:
            deferred.flush(queue)
        finally:
            queue.close()
        return False


def live_desk(home: WorkHome, queue: DbosQueue) -> RouteDesk:
    """Routing whose work goes straight to the queue."""
    return RouteDesk(home, queue, home.hear, home.redact)


def tenants(home: WorkHome, desk: RouteDesk) -> list[str]:
    """The home's own tenant and every other that has referrals."""
    with desk.parts.store.read() as unit:
        return sorted({home.settings.tenant, *unit.referrals.tenants()})
