"""What a note tells without a model, and when a promise falls due."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.domain.follow_up import FollowUpOwner, FollowUpStatus
from assistant.domain.insight import Polarity, Topic
from assistant.domain.preference import Stance
from assistant.record.cues import derive
from assistant.record.dates import due_day
from assistant.record.facts import settled
from assistant.record.periods import past_days
from tests.record_data import interaction

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("by friday", date(2026, 11, 20)),
        ("next tues", date(2026, 11, 24)),
        ("in 2 wks", date(2026, 12, 2)),
        ("下週三", date(2026, 11, 25)),
        ("三天內", date(2026, 11, 21)),
        ("by the 15th", date(2026, 12, 15)),
        ("月底", date(2026, 11, 30)),
        ("on 2026-12-24", date(2026, 12, 24)),
    ],
)
def test_due_days(text: str, on: date) -> None:
    found = due_day(text, WEDNESDAY)
    assert found is not None
    assert found.on == on


@pytest.mark.parametrize("text", ["soon", "2027-02-30", "99 May", ""])
def test_no_day_is_invented(text: str) -> None:
    assert due_day(text, WEDNESDAY) is None


def test_past_periods() -> None:
    assert past_days("who saw her last month", WEDNESDAY) == (date(2026, 10, 1), date(2026, 10, 31))
    assert past_days("since March", WEDNESDAY) == (date(2026, 3, 1), WEDNESDAY)
    assert past_days("上個月", WEDNESDAY) == (date(2026, 10, 1), date(2026, 10, 31))
    assert past_days("whenever", WEDNESDAY) is None


def test_a_note_tells_promises_preferences_and_barriers_in_its_own_words() -> None:
    note = "Prefers short visits before 8. She worries the prior auth takes too long. Promised her the form by Friday."
    told = derive(interaction("i", "c", 2, note))
    (promise,), (preference,), (insight,) = told.follow_ups, told.preferences, told.insights
    assert (promise.owner, promise.person, promise.due_on) == (FollowUpOwner.REP, "Ana Ruiz", date(2026, 11, 20))
    assert preference.stance is Stance.PREFERS
    assert (insight.topic, insight.polarity, insight.barrier) == (Topic.ACCESS, Polarity.NEGATIVE, True)
    for fact in (promise, preference, insight):
        source = fact.provenance.source
        assert note[source.start : source.end] == source.quote


@pytest.mark.parametrize(
    "note",
    ["", "She will start two patients.", "Quick hello, no time.", "One patient had a rash, reported to drug safety."],
)
def test_nothing_is_made_of_nothing(note: str) -> None:
    told = derive(interaction("i", "c", 2, note))
    assert (told.follow_ups, told.preferences, told.insights) == ((), (), ())


def test_a_promise_is_kept_when_a_later_note_says_so_and_told_once() -> None:
    first = interaction("a", "c", 30, "Promised her the appeal form and timeline by Friday.")
    again = interaction("b", "c", 20, "I owe her the appeal form still.")
    kept = interaction("d", "c", 10, "Dropped off the appeal form.")
    promises = [*derive(first).follow_ups, *derive(again).follow_ups]
    (standing,) = settled(promises, [again, first])
    assert standing.status is FollowUpStatus.OPEN
    assert standing.due_on is not None
    assert {one.status for one in settled(promises, [kept, again, first])} == {FollowUpStatus.DONE}
