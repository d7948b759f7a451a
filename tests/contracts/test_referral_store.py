"""The referral store on both databases: one transaction over all, races that end well, tenants apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.audit import verify
from assistant.domain.hand_over import Attempt, AttemptOutcome, Notice, NoticeKind
from assistant.domain.person import Principal, Role
from assistant.domain.referral import Detail, ReferralStatus, Sender, noted
from assistant.errors import Conflict, NotFound
from assistant.route.heard import Heard, HeardMatter
from integrations.storage.database import Database
from tests.fakes import NOON, FakeClock
from tests.route_fakes import ACCESS, EVENT, MESSAGE, QUESTION, REP, Desk, heard


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    return Desk(database, FakeClock())


def test_a_referral_comes_back_as_it_was_written(desk: Desk) -> None:
    for referral in desk.open():
        assert desk.get(referral) == referral


def test_every_way_to_find_one(desk: Desk) -> None:
    event, *_ = desk.open()
    with desk.parts.store.read() as unit:
        found = unit.referrals
        assert found.get("default", event.id) == event
        assert found.by_reference("default", event.reference.lower()) == event
        assert found.by_key("default", event.key) == event
        assert [one.type for one in found.find("default", types=[EVENT, QUESTION])] == [EVENT, QUESTION]
        assert len(found.find("default", sender="rep")) == 3
        assert found.find("default", senders=["nobody"]) == []
        assert found.find("default", statuses=[ReferralStatus.CLOSED]) == []
        assert found.tenants() == ["default"]


def test_tenants_never_see_each_other(desk: Desk) -> None:
    event, *_ = desk.open()
    with desk.parts.store.read() as unit:
        assert unit.referrals.get("other", event.id) is None
        assert unit.referrals.by_reference("other", event.reference) is None
        assert unit.referrals.by_key("other", event.key) is None
        assert unit.referrals.find("other") == []
        assert unit.referrals.attempts("other", event.id) == []
        assert unit.notifier.notices("other", "rep", Role.SAFETY) == []
        with pytest.raises(NotFound):
            unit.vault.open("other", event.original_id or "")


def test_the_same_key_in_two_tenants_is_two_referrals(desk: Desk) -> None:
    found = Heard("x", (HeardMatter(EVENT, "x", "y"),))
    one, other = (desk.referrals.receive(Sender(name, "a", "US"), "m", "x", found)[0] for name in ("default", "other"))
    assert one.id != other.id


def test_saving_an_old_version_is_a_conflict_and_changes_nothing(desk: Desk) -> None:
    event, *_ = desk.open()
    with desk.parts.store.write() as unit:
        unit.referrals.save(noted(event, NOON, "a", "first"))
    with pytest.raises(Conflict, match="somebody else"), desk.parts.store.write() as unit:
        unit.referrals.save(noted(event, NOON, "b", "second"))
    assert [entry.what for entry in desk.get(event).history][1:] == ["first"]


def test_erased_details_stay_erased_when_the_referral_is_saved(desk: Desk) -> None:
    event, *_ = desk.open()
    with desk.parts.store.write() as unit:
        assert unit.referrals.erase_details("default", event.id, NOON) == 2
        unit.referrals.save(noted(event, NOON, "a", "seen"))
    assert desk.get(event).details == {}


def test_an_attempt_is_started_once_a_number(desk: Desk) -> None:
    event, *_ = desk.open()
    with desk.parts.store.write() as unit:
        first = unit.referrals.start_attempt(Attempt("default", event.id, 1, NOON))
        again = unit.referrals.start_attempt(replace(first, revision=9))
        assert again == first
        unit.referrals.settle_attempt(replace(first, outcome=AttemptOutcome.SENT, detail="R", settled_at=NOON))
        assert [one.detail for one in unit.referrals.attempts("default", event.id)] == ["R"]


def test_a_notice_is_told_once(desk: Desk) -> None:
    notice = Notice("k", "default", NoticeKind.LATE, "r1", "late", NOON, role=Role.SAFETY)
    with desk.parts.store.write() as unit:
        assert unit.notifier.notify(notice)
        assert not unit.notifier.notify(replace(notice, text="again"))
        assert unit.notifier.notices("default", "anyone", Role.SAFETY) == [notice]
        assert unit.notifier.notices("default", "anyone", Role.REP) == []


def test_nothing_of_a_failed_transaction_is_kept(desk: Desk) -> None:
    kept = ""

    def fail_half_way() -> None:
        nonlocal kept
        with desk.parts.store.write() as unit:
            kept = unit.vault.put("default", "secret")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with desk.parts.store.read() as unit, pytest.raises(NotFound):
        unit.vault.open("default", kept)


def test_many_workers_opening_one_message_open_it_once(desk: Desk) -> None:
    results: list[list[str]] = []
    barrier = threading.Barrier(6)

    def work() -> None:
        barrier.wait()
        results.append([one.id for one in desk.referrals.receive(Principal(REP), "m1", MESSAGE, heard())])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert len({tuple(ids) for ids in results}) == 1
    with desk.parts.store.read() as unit:
        held = unit.referrals.find("default")
        assert held[0].type is EVENT
        assert unit.vault.open("default", next(one.original_id for one in held if one.original_id)) == MESSAGE
        report = verify(unit.audit, "default")
    assert (len(held), report.events, report.whole) == (3, 3, True)


def test_two_people_completing_at_once_lose_nothing(desk: Desk) -> None:
    [access] = desk.open(ACCESS)
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def work(number: int) -> None:
        barrier.wait()
        for _ in range(20):
            try:
                desk.completion.complete(Principal(REP), access.id, {"lot": f"L{number}"})
                outcomes.append("done")
                return
            except Conflict:
                outcomes.append("again")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = desk.get(access)
    assert outcomes.count("done") == 4
    assert held.revision == 5
    assert held.details[Detail.LOT].startswith("L")
    assert sum(entry.what == "added lot" for entry in held.history) == 4


def test_the_whole_way_works_on_this_database(desk: Desk) -> None:
    desk.open()
    desk.later(days=12)
    counts = desk.reconcile.counts("default")
    assert (counts.handed_over, counts.late) == (3, 3)
    with desk.parts.store.read() as unit:
        assert verify(unit.audit, "default").whole
