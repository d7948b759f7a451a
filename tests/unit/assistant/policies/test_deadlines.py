"""Deadline arithmetic: examples a person can check on a calendar, and what must hold for any start."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.policies.deadlines import Calendar, Span, Unit, due, hours_left

NEW_YORK = Calendar(
    "us", ZoneInfo("America/New_York"), frozenset(range(5)), frozenset({date(2026, 11, 26)}), time(8), time(17)
)

starts = st.datetimes(
    datetime(2020, 1, 1),
    datetime(2035, 1, 1),
    timezones=st.just(UTC),
)
spans = st.builds(Span, st.integers(1, 40), st.sampled_from(Unit))
calendars = st.builds(
    Calendar,
    st.just("any"),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Taipei", "Pacific/Kiritimati", "UTC"]).map(ZoneInfo),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2020, 1, 1), date(2035, 12, 31)), max_size=30),
    st.just(time(8)),
    st.just(time(17)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_hours_run_through_the_night_and_the_change_of_the_clock() -> None:
    # 2026-03-08 02:00 New York springs forward; 24 elapsed hours are 25 on the wall.
    assert due(at("2026-03-07T12:00-05:00"), Span(24, Unit.HOURS), NEW_YORK) == at("2026-03-08T13:00-04:00")


def test_days_end_with_the_last_calendar_day_where_the_role_works() -> None:
    assert due(at("2026-05-04T23:30-04:00"), Span(15, Unit.DAYS), NEW_YORK) == at("2026-05-19T23:59:59-04:00")


def test_a_business_day_after_a_friday_is_monday_and_after_thanksgiving_eve_is_friday() -> None:
    assert due(at("2026-05-08T16:00-04:00"), Span(1, Unit.BUSINESS_DAYS), NEW_YORK) == at("2026-05-11T17:00-04:00")
    assert due(at("2026-11-25T16:00-05:00"), Span(1, Unit.BUSINESS_DAYS), NEW_YORK) == at("2026-11-27T17:00-05:00")


def test_day_zero_is_the_day_in_the_calendars_own_zone() -> None:
    # Still Friday evening in New York, already Saturday in UTC.
    assert due(at("2026-05-09T01:00+00:00"), Span(1, Unit.DAYS), NEW_YORK) == at("2026-05-09T23:59:59-04:00")


@given(starts, spans, calendars)
def test_a_deadline_lies_after_its_start(start: datetime, span: Span, calendar: Calendar) -> None:
    assert due(start, span, calendar) > start


@given(starts, starts, spans, calendars)
def test_a_later_start_is_never_due_earlier(one: datetime, other: datetime, span: Span, calendar: Calendar) -> None:
    first, second = sorted((one, other))
    assert due(first, span, calendar) <= due(second, span, calendar)


@given(starts, spans, calendars)
def test_one_more_is_due_later(start: datetime, span: Span, calendar: Calendar) -> None:
    assert due(start, Span(span.count + 1, span.unit), calendar) > due(start, span, calendar)


@given(starts, st.integers(1, 40), calendars)
def test_business_days_end_on_a_working_day_at_closing_time(start: datetime, count: int, calendar: Calendar) -> None:
    end = calendar.local(due(start, Span(count, Unit.BUSINESS_DAYS), calendar))
    assert calendar.works_on(end.date())
    assert end.time() == calendar.closes


@given(starts, st.integers(1, 40), calendars)
def test_exactly_so_many_working_days_lie_between(start: datetime, count: int, calendar: Calendar) -> None:
    end = calendar.local(due(start, Span(count, Unit.BUSINESS_DAYS), calendar)).date()
    day, worked = calendar.local(start).date(), 0
    while day < end:
        day += timedelta(days=1)
        worked += calendar.works_on(day)
    assert worked == count


@given(starts, st.integers(1, 40), calendars, st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_one_more_holiday_never_brings_a_deadline_forward(
    start: datetime, count: int, calendar: Calendar, holiday: date
) -> None:
    more = Calendar(
        "more", calendar.zone, calendar.workdays, calendar.holidays | {holiday}, calendar.opens, calendar.closes
    )
    span = Span(count, Unit.BUSINESS_DAYS)
    assert due(start, span, more) >= due(start, span, calendar)


@given(starts, spans, calendars, st.integers(-12, 14))
def test_how_the_start_is_written_does_not_matter(start: datetime, span: Span, calendar: Calendar, hours: int) -> None:
    elsewhere = start.astimezone(timezone(timedelta(hours=hours)))
    assert due(elsewhere, span, calendar) == due(start, span, calendar)


@given(starts, st.integers(1, 40), calendars)
def test_business_days_never_end_before_calendar_days_do(start: datetime, count: int, calendar: Calendar) -> None:
    business = due(start, Span(count, Unit.BUSINESS_DAYS), calendar)
    days = due(start, Span(count, Unit.DAYS), calendar)
    assert calendar.local(business).date() >= calendar.local(days).date()


def test_what_is_no_deadline_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Span(0, Unit.HOURS)
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 1, 1), Span(1, Unit.HOURS), NEW_YORK)
    with pytest.raises(ValueError, match="working day"):
        Calendar("none", NEW_YORK.zone, frozenset(), frozenset(), time(8), time(17))


def test_spans_read_as_people_say_them() -> None:
    assert [str(Span(1, Unit.BUSINESS_DAYS)), str(Span(24, Unit.HOURS))] == ["1 business day", "24 hours"]
    assert hours_left(at("2026-05-04T12:00+00:00"), at("2026-05-04T13:30+00:00")) == -1.5
