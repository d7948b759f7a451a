"""Durable work on DBOS, on both databases: once a key, not before its time, resumed after an error, one executor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from assistant.errors import TransientFault
from assistant.route.jobs import Job
from integrations.clock import SystemClock
from integrations.deferred_work import DeferredWork
from integrations.workflows import DbosExecutor, DbosQueue, ExecutorBusy, executor_id, work_url
from tests.fakes import FakeClock
from tests.route_fakes import FakeWork


class Diary:
    """Steps that write down what was done, and fail as told."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.faults: list[Exception] = []
        self._lock = threading.Lock()

    def step(self, name: str, goes_on: bool = True) -> tuple[str, Callable[[str], bool]]:
        def run(row: str) -> bool:
            with self._lock:
                if name == "second" and self.faults:
                    raise self.faults.pop(0)
                self.done.append(f"{name} {row}")
            return goes_on

        return name, run


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def url(tmp_path: Path, database_url: str) -> str:
    return work_url(tmp_path, database_url)


def jobs(diary: Diary) -> list[Job]:
    return [
        Job("two_steps", (diary.step("first"), diary.step("second"))),
        Job("stops", (diary.step("only", goes_on=False), diary.step("never"))),
    ]


def test_work_is_done_once_a_key_in_the_order_of_its_steps(tmp_path: Path, url: str, diary: Diary) -> None:
    queue = DbosQueue(url, SystemClock())
    queue.start("two_steps", "default/1", "k1")
    queue.start("two_steps", "default/1", "k1")
    queue.start("stops", "default/2", "k2")
    with DbosExecutor(tmp_path, url, jobs(diary), patient=False) as executor:
        assert executor.drain(queue, 20)
        queue.start("two_steps", "default/1", "k1")
        assert executor.drain(queue, 20)
        with pytest.raises(ExecutorBusy), DbosExecutor(tmp_path, url, jobs(diary)):
            pass
    queue.close()
    assert sorted(diary.done) == ["first default/1", "only default/2", "second default/1"]
    assert diary.done.index("first default/1") < diary.done.index("second default/1")


def test_work_waits_for_its_time_and_transient_faults_are_tried_again(tmp_path: Path, url: str, diary: Diary) -> None:
    clock = SystemClock()
    queue = DbosQueue(url, clock)
    diary.faults = [TransientFault("busy")]
    queue.start("two_steps", "default/1", "soon")
    queue.start("two_steps", "default/2", "tomorrow", not_before=clock.now() + timedelta(days=1))
    with DbosExecutor(tmp_path, url, jobs(diary), patient=False) as executor:
        assert executor.drain(queue, 20)
        counts = queue.counts()
    queue.close()
    assert diary.done == ["first default/1", "second default/1"]
    assert (counts.due, counts.later, counts.stopped) == (0, 1, 0)


def test_work_an_error_stopped_is_begun_again_when_asked_for(tmp_path: Path, url: str, diary: Diary) -> None:
    queue = DbosQueue(url, SystemClock())
    diary.faults = [ZeroDivisionError("nobody foresaw this")]
    queue.start("two_steps", "default/1", "k1")
    with DbosExecutor(tmp_path, url, jobs(diary), patient=False) as executor:
        assert executor.drain(queue, 20)
        assert queue.counts().stopped == 1
        queue.start("two_steps", "default/1", "k1")
        assert executor.drain(queue, 20)
        assert queue.counts().stopped == 0
    queue.close()
    assert diary.done == ["first default/1", "first default/1", "second default/1"]


def test_nothing_but_names_and_row_ids_is_kept(tmp_path: Path, sqlite_url: str) -> None:
    url = work_url(tmp_path, sqlite_url)
    queue = DbosQueue(url, SystemClock())
    queue.start("two_steps", "default/42", "k1")
    queue.close()
    with create_engine(url).connect() as connection:
        assert connection.execute(text("SELECT workflow_uuid, name FROM workflow_status")).all() == [
            ("k1", "two_steps")
        ]
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_an_executors_id_outlives_it(tmp_path: Path) -> None:
    first = executor_id(tmp_path)
    assert executor_id(tmp_path) == first
    (tmp_path / "other").mkdir()
    assert executor_id(tmp_path / "other") != first


def test_what_a_command_asks_for_is_kept_when_it_says_so() -> None:
    clock = FakeClock()
    deferred, kept = DeferredWork(), FakeWork(clock)
    deferred.start("a", "default/1", "k1")
    deferred.start("a", "default/1", "k1")
    deferred.start("b", "default/1", "k2", not_before=clock.now())
    assert (len(deferred), len(kept.kept)) == (2, 0)
    deferred.flush(kept)
    assert (len(deferred), sorted(kept.kept)) == (0, ["k1", "k2"])
