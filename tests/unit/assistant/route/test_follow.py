"""The clock: reminders, lateness, the manager; told once, moved with the deadline, silent after the end."""

from __future__ import annotations

from datetime import timedelta

from assistant.domain.person import Principal
from tests.route_fakes import ACCESS, BOSS, EVENT, QUESTION, REP, SAFETY, SAFETY_HEAD, Desk


def test_reminders_come_before_and_at_the_deadline_then_the_managers_hear(desk: Desk) -> None:
    desk.open(EVENT)
    desk.later(hours=17)
    assert desk.told(SAFETY) == ["new"]
    desk.later(hours=1)
    assert desk.told(SAFETY) == ["new", "reminder"]
    desk.later(hours=5)
    assert desk.told(SAFETY) == ["new", "reminder", "reminder"]
    desk.later(hours=1)
    assert desk.told(SAFETY)[-1] == "late"
    assert desk.told(BOSS) == []
    desk.later(hours=1)
    assert desk.told(SAFETY)[-1] == "escalation"
    assert desk.told(BOSS) == ["escalation"]
    assert "escalation" in desk.told(SAFETY_HEAD)


def test_managers_hear_reference_type_and_clock_only(desk: Desk) -> None:
    desk.open(EVENT, QUESTION)
    desk.later(days=5)
    for notice in desk.cases.notices(Principal(BOSS)):
        assert "fainted" not in notice.text
        assert "kids" not in notice.text


def test_nothing_is_told_twice_however_often_it_runs(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.later(hours=30)
    before = desk.told(SAFETY)
    for number in range(5):
        desk.work.start("follow", f"default/{event.id}", f"again:{number}")
    desk.work.run()
    assert desk.told(SAFETY) == before


def test_after_a_long_silence_only_the_latest_reminder_is_told(desk: Desk) -> None:
    desk.open(EVENT)
    desk.clock.at += timedelta(hours=23, minutes=30)
    desk.work.run()
    assert desk.told(SAFETY).count("reminder") == 1


def test_an_acknowledged_one_is_quiet(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.later(hours=2)
    desk.cases.acknowledge(Principal(SAFETY), event.id)
    desk.later(days=30)
    assert set(desk.told(SAFETY)) == {"new"}
    assert desk.told(BOSS) == []


def test_the_answers_own_deadline_is_watched_after_acknowledging(desk: Desk) -> None:
    from tests.route_fakes import MEDINFO

    [question] = desk.open(QUESTION)
    desk.cases.acknowledge(Principal(MEDINFO), question.id)
    desk.later(days=14)
    assert desk.told(MEDINFO) == ["new", "late"]


def test_a_deadline_that_moved_back_is_told_at_its_new_time(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.work.run()
    desk.completion.complete(Principal(REP), event.id, {"first_heard_at": "2026-06-14T08:00"})
    desk.work.run()
    assert "reminder" in desk.told(SAFETY)
    desk.later(hours=1, minutes=1)
    assert "late" in desk.told(SAFETY)


def test_the_sender_is_asked_again_for_what_is_missing(desk: Desk) -> None:
    desk.open(EVENT)
    desk.later(hours=18)
    assert desk.told(REP) == ["receipt", "reminder"]


def test_late_ones_are_counted_and_listed(desk: Desk) -> None:
    desk.open(EVENT, ACCESS)
    assert desk.reconcile.counts("default").late == 0
    desk.later(hours=25)
    counts = desk.reconcile.counts("default")
    assert (counts.late, counts.open, counts.handed_over) == (1, 2, 2)
    [late] = desk.cases.visible(Principal(SAFETY), late_only=True)
    assert late.late
