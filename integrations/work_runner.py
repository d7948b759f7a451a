"""Doing a home's durable work: for as long as a server runs, or until a command has drained what it asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.bootstrap import Assistant
from integrations.route_desk import RouteDesk
from integrations.workflows import DbosExecutor, DbosQueue, ExecutorBusy, work_url


def queue_of(assistant: Assistant) -> DbosQueue:
    """The home's queue of durable work."""
    settings = assistant.settings
    return DbosQueue(work_url(settings.home, settings.database), assistant.clock)


@contextmanager
def working(assistant: Assistant, *, patient: bool = True) -> Iterator[tuple[DbosExecutor, DbosQueue]]:
    """Do the home's durable work while the block lasts, beginning with what a crash left. Raises ExecutorBusy."""
    queue = queue_of(assistant)
    try:
        desk = live_desk(assistant, queue)
        url = work_url(assistant.settings.home, assistant.settings.database)
        with DbosExecutor(assistant.settings.home, url, desk.jobs, patient=patient) as executor:
            for tenant in tenants(assistant, desk):
                desk.reconcile.pick_up(tenant)
            yield executor, queue
    finally:
        queue.close()


def drain(assistant: Assistant, timeout: float) -> bool:
    """Have what this command asked for done before it ends; False when some is left to another process or run."""
    deferred = assistant.deferred_work
    try:
        with working(assistant, patient=False) as (executor, queue):
            deferred.flush(queue)
            return executor.drain(queue, timeout)
    except ExecutorBusy:
        queue = queue_of(assistant)
        try:
            deferred.flush(queue)
        finally:
            queue.close()
        return False


def live_desk(assistant: Assistant, queue: DbosQueue) -> RouteDesk:
    """Routing whose work goes straight to the queue."""
    return RouteDesk(assistant, queue, assistant.hear, assistant.redact)


def tenants(assistant: Assistant, desk: RouteDesk) -> list[str]:
    """The home's own tenant and every other that has referrals."""
    with desk.parts.store.read() as unit:
        return sorted({assistant.settings.tenant, *unit.referrals.tenants()})
