"""SIGKILL between every pair of steps: every referral arrives, none is opened, filed or told twice."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter
from pathlib import Path

import pytest

from assistant.audit import verify
from assistant.domain.referral import Referral, ReferralStatus
from assistant.referral_ports import ReferralUnit
from integrations.clock import RandomIds, SystemClock
from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from integrations.storage.referral_store import SqlReferralStore
from integrations.workflows import work_url
from tests.route_fakes import ACCESS, EVENT, MESSAGE, QUESTION
from tests.scenarios.referral_worker import RING, main

STEPS = [
    "inbound.open_referrals",
    "inbound.finish",
    "hand_over.begin",
    "hand_over.deliver",
    "hand_over.settle",
    "follow.tell",
    "follow.wake_again",
]
DEATHS = ["committed", *(f"{step}.{when}" for step in STEPS for when in ("before", "after"))]
CLOSING_DEATHS = ["closed.tell.before", "closed.tell.after"]


def run(home: Path, database_url: str, phase: str, death: str) -> int:
    """The exit code of a process of its own; forked, so that it need not load everything anew."""
    arguments = (home, database_url, work_url(home, database_url), phase, death)
    process = multiprocessing.get_context("fork").Process(target=main, args=arguments)
    process.start()
    process.join(100)
    if process.exitcode is None:
        process.kill()
        pytest.fail(f"{phase} did not end")
    return process.exitcode


def check(home: Path, database: Database) -> None:
    store = SqlReferralStore(database, RING, SystemClock(), RandomIds())
    with store.read() as unit:
        held = unit.referrals.find("default")
        assert sorted(one.type for one in held) == sorted([EVENT, QUESTION, ACCESS])
        for referral in held:
            check_one(unit, referral)
        assert unit.inbound.waiting("default") == []
        assert verify(unit.audit, "default").whole
        actions = Counter((event.entry.subject, event.entry.action) for event, _ in unit.audit.walk("default"))
    for one in held:
        assert actions[f"referral:{one.id}", "referral.opened"] == 1
        assert actions[f"referral:{one.id}", "referral.handed_over"] == 1
    # A delivery cut short is repeated under the same key; a receiver files one case a key, as the folder does.
    keys = (home / "deliveries.log").read_text().split()
    assert len(set(keys)) == 3
    assert max(Counter(keys).values()) <= 2
    assert len([path for path in (home / "out").iterdir() if not path.name.startswith(".")]) == 3


def check_one(unit: ReferralUnit, referral: Referral) -> None:
    event = referral.type is EVENT
    assert referral.status is (ReferralStatus.CLOSED if event else ReferralStatus.HANDED_OVER)
    assert referral.dead_letter is None
    assert len(unit.referrals.attempts("default", referral.id)) == 1
    if event:
        assert unit.vault.open("default", referral.original_id or "") == MESSAGE


def prepared(home: Path, database_url: str) -> Database:
    database = Database(database_url)
    migrate(database)
    home.mkdir(exist_ok=True)
    # No connection may be open when a process is forked.
    database.close()
    return database


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("death", DEATHS)
def test_nothing_is_lost_and_nothing_done_twice(death: str, tmp_path: Path, sqlite_url: str) -> None:
    home = tmp_path / "home"
    database = prepared(home, sqlite_url)
    assert run(home, sqlite_url, "receive", death) == -signal.SIGKILL
    assert (home / "died").read_text() == death
    assert run(home, sqlite_url, "recover", "-") == 0
    check(home, database)
    database.close()


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("death", CLOSING_DEATHS)
def test_closing_survives_too(death: str, tmp_path: Path, sqlite_url: str) -> None:
    home = tmp_path / "home"
    database = prepared(home, sqlite_url)
    assert run(home, sqlite_url, "receive", "-") == 0
    assert run(home, sqlite_url, "recover", death) == -signal.SIGKILL
    assert run(home, sqlite_url, "recover", "-") == 0
    check(home, database)
    store = SqlReferralStore(database, RING, SystemClock(), RandomIds())
    from assistant.domain.person import Role

    with store.read() as unit:
        told = Counter(notice.kind.value for notice in unit.notifier.notices("default", "rep", Role.REP))
    assert told["closed"] == 1
    assert told["receipt"] == 3
    database.close()


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("death", ["hand_over.deliver.after", "inbound.open_referrals.after"])
def test_it_holds_on_postgresql(death: str, tmp_path: Path, postgresql_url: str) -> None:
    home = tmp_path / "home"
    database = prepared(home, postgresql_url)
    assert run(home, postgresql_url, "receive", death) == -signal.SIGKILL
    assert run(home, postgresql_url, "recover", "-") == 0
    check(home, database)
    database.close()
