"""Durable work on DBOS: a queue anybody may add to, and the one executor a home has.

What is kept there are names of jobs and ids of rows, nothing of their content: arguments lie in its tables as pickles.
The executor's id stays the same over restarts, because DBOS recovers only what the same executor left; the version is
a constant of ours, because it recovers only what the same version left. Raise WORKFLOW_VERSION only together with a
change of a job's steps that old runs could not follow, and let the queue run dry first.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from dbos import error as dbos_errors
from sqlalchemy import create_engine, inspect

from assistant.errors import Conflict, TransientFault
from assistant.ports import Clock
from assistant.route.jobs import Job

WORKFLOW_VERSION = "referrals-1"
APPLICATION = "field-assistant"
QUEUE = "referrals"
WORK_FILE = "work.db"

_LOCK_FILE = "executor.lock"
_ID_FILE = "executor-id"
_STOPPED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED")
_STEP_ATTEMPTS = 5
_LONG_POLL = 1.0
_SHORT_POLL = 0.1


class ExecutorBusy(Conflict):
    """Another process does this home's durable work; what is enqueued will be done there."""

    code = "executor_busy"


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """What lies in the queue: to be done now, later, and stopped by an error nobody foresaw."""

    due: int
    later: int
    stopped: int


def work_url(home: Path, database: str) -> str:
    """Where durable work is kept: beside our tables on PostgreSQL, else a SQLite file of its own in the home."""
    if database.startswith("postgresql"):
        return "postgresql://" + database.split("://", 1)[1]
    return f"sqlite:///{home / WORK_FILE}"


class DbosQueue:
    """`DurableWork`: keeps work in the queue; the executor of this or another process does it."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._client: DBOSClient | None = None

    def start(self, job: str, row_id: str, key: str, *, not_before: datetime | None = None) -> None:
        """Keep work once a key. Work of this key that an unforeseen error had stopped is begun again."""
        options: EnqueueOptions = {
            "workflow_name": job,
            "queue_name": QUEUE,
            "workflow_id": key,
            "app_version": WORKFLOW_VERSION,
        }
        wait = 0.0 if not_before is None else (not_before - self._clock.now()).total_seconds()
        if wait > 0:
            options["delay_seconds"] = wait
        handle: Any = self._opened().enqueue(options, row_id)
        if handle.get_status().status in _STOPPED:
            self._begin_again(key)

    def counts(self) -> WorkCounts:
        """What lies in the queue."""
        return WorkCounts(
            due=self._count(["ENQUEUED", "PENDING"]), later=self._count(["DELAYED"]), stopped=self._count([*_STOPPED])
        )

    def idle(self) -> bool:
        """Whether nothing is to be done now."""
        due = self._opened().list_workflows(
            status=["ENQUEUED", "PENDING"], limit=1, load_input=False, load_output=False
        )
        return not due

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.destroy()
            self._client = None

    def _begin_again(self, key: str) -> None:
        try:
            self._opened().rewind_workflow(key, queue_name=QUEUE, application_version=WORKFLOW_VERSION)
        except dbos_errors.DBOSException:
            # Only work at its end can be begun again: somebody else did so between our look and now.
            if self._opened().retrieve_workflow(key).get_status().status in _STOPPED:
                raise

    def _count(self, status: list[str]) -> int:
        return len(self._opened().list_workflows(status=status, load_input=False, load_output=False))

    def _opened(self) -> DBOSClient:
        if self._client is None:
            prepare(self._url)
            self._client = DBOSClient(system_database_url=self._url, application_name=APPLICATION)
        return self._client


class DbosExecutor:
    """Does a home's durable work while its `with` block lasts. One a process, one a home."""

    def __init__(self, home: Path, url: str, jobs: Sequence[Job], *, patient: bool = True) -> None:
        """`patient` polls once a second, for a server; else ten times, for a command that drains and leaves."""
        self._home = home
        self._url = url
        self._jobs = jobs
        self._polling = _LONG_POLL if patient else _SHORT_POLL
        self._lock: Any = None

    def __enter__(self) -> Self:
        """Take the home's lock, register the jobs, recover what the last run left. Raises ExecutorBusy."""
        self._lock = _executor_lock(self._home)
        self._lock.__enter__()
        try:
            prepare(self._url)
            self._launch()
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what is under way goes on in the next run."""
        try:
            DBOS.destroy(destroy_registry=True)
        finally:
            self._lock.__exit__(kind, error, trace)

    def drain(self, queue: DbosQueue, timeout: float) -> bool:
        """Wait until nothing is to be done now; False when it took longer than `timeout` seconds."""
        until = time.monotonic() + timeout
        while not queue.idle():
            if time.monotonic() > until:
                return False
            time.sleep(_SHORT_POLL)
        return True

    def _launch(self) -> None:
        logging.getLogger("dbos").setLevel(logging.ERROR)
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._url,
            "application_version": WORKFLOW_VERSION,
            "executor_id": executor_id(self._home),
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": self._polling,
        }
        DBOS(config=config)
        for job in self._jobs:
            DBOS.workflow(name=job.name)(_workflow(job))
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, polling_interval_sec=self._polling, on_conflict="always_update", worker_concurrency=4
        )


def prepare(url: str) -> None:
    """Make the tables of durable work where they are missing; a SQLite file in WAL mode, which doubles its rate."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        schema = "dbos" if url.startswith("postgresql") else None
        ready = inspect(engine).has_table("workflow_status", schema=schema)
    finally:
        engine.dispose()
    if not ready:
        DBOS.migrate(url)


def executor_id(home: Path) -> str:
    """The home's own id as an executor, made once: the same after every restart, another on every machine."""
    path = home / _ID_FILE
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"rep-{uuid.uuid4()}")
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def _workflow(job: Job) -> Callable[[str], None]:
    def run(row_id: str) -> None:
        for name, step in job.steps:
            if not DBOS.run_step(_options(name), step, row_id):
                return

    return run


def _options(name: str) -> Any:
    return {
        "name": name,
        "retries_allowed": True,
        "interval_seconds": 1.0,
        "backoff_rate": 2.0,
        "max_attempts": _STEP_ATTEMPTS,
        "should_retry": lambda fault: isinstance(fault, (TransientFault, Conflict)),
    }


@contextmanager
def _executor_lock(home: Path) -> Iterator[None]:
    """The operating system's lock, so it ends with its process however that dies."""
    with (home / _LOCK_FILE).open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExecutorBusy(f"another process does the durable work of {home}; it will do this as well") from None
        yield
