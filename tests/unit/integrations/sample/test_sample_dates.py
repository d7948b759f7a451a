"""Offsets of the sample resolve to office days, in the zone of whoever was there."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BadRequest
from integrations.sample.dates import day, is_offset, moment

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("offset", "expected"),
    [("-120d", date(2028, 11, 1)), ("+0d", date(2029, 3, 1)), ("+9d", date(2029, 3, 10)), ("-1d", date(2029, 2, 28))],
)
def test_a_day_is_counted_from_today(offset: str, expected: date) -> None:
    assert day(offset, date(2029, 3, 1)) == expected


def test_what_is_past_moves_back_to_friday_and_what_is_planned_on_to_monday() -> None:
    wednesday = date(2026, 11, 18)
    assert moment("-4d 09:00", wednesday, "UTC").date() == date(2026, 11, 13)
    assert moment("-3d 09:00", wednesday, "UTC").date() == date(2026, 11, 13)
    assert moment("+3d 09:00", wednesday, "UTC").date() == date(2026, 11, 23)
    assert moment("+4d 09:00", wednesday, "UTC").date() == date(2026, 11, 23)


def test_today_stays_today_even_on_a_sunday() -> None:
    assert moment("+0d 07:30", date(2026, 11, 22), "UTC").date() == date(2026, 11, 22)


def test_a_moment_is_told_in_its_zone() -> None:
    told = moment("-1d 17:10", date(2026, 11, 20), "Asia/Taipei")
    assert told == datetime(2026, 11, 19, 17, 10, tzinfo=ZoneInfo("Asia/Taipei"))


@given(DAYS, st.integers(min_value=-400, max_value=400).filter(bool))
def test_no_moment_but_today_falls_on_a_weekend_and_none_crosses_today(today: date, days: int) -> None:
    landed = moment(f"{days:+d}d 08:00", today, "UTC").date()
    assert landed.weekday() < 5
    assert landed < today if days < 0 else landed > today


@pytest.mark.parametrize("text", ["yesterday", "120d", "-d", "-5d 25:00x", "", "2026-01-01", "- 5d"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    assert not is_offset(text)
    with pytest.raises(BadRequest, match="offset"):
        day(text, date(2026, 1, 1))


def test_a_moment_needs_a_time() -> None:
    with pytest.raises(BadRequest, match="no time"):
        moment("-5d", date(2026, 1, 1), "UTC")
