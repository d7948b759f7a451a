"""Deadline arithmetic: pure, in calendars with their own time zone, holidays and working hours.

Three ways to count, as the rules of the field count:

- hours: elapsed time, through nights, weekends and changes of the clock.
- days: calendar days after day zero (GVP Module VI.B.7 counts so); due at the end of the last one.
- business_days: working days after day zero; due when the last one closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_END_OF_DAY = time(23, 59, 59)


class Unit(StrEnum):
    """What a span counts."""

    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True, slots=True)
class Span:
    """A positive number of hours, calendar days or business days."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        """A deadline of nothing is a mistake, not a policy."""
        if self.count < 1:
            raise ValueError("a deadline must be at least 1")

    def __str__(self) -> str:
        unit = self.unit.value.replace("_", " ")
        return f"{self.count} {unit.removesuffix('s') if self.count == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where and when a receiving role works. `workdays`: 0 is Monday. `opens` and `closes` are local times."""

    name: str
    zone: ZoneInfo
    workdays: frozenset[int]
    holidays: frozenset[date]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Without a working day, or with a day that closes before it opens, no deadline could ever be reached."""
        if not self.workdays:
            raise ValueError("a calendar needs at least one working day")
        if self.closes <= self.opens:
            raise ValueError("a calendar's day must close after it opens")

    def works_on(self, day: date) -> bool:
        """Whether it is a working day."""
        return day.weekday() in self.workdays and day not in self.holidays

    def local(self, moment: datetime) -> datetime:
        """A moment as this calendar's clock shows it."""
        return moment.astimezone(self.zone)


def due(start: datetime, span: Span, calendar: Calendar) -> datetime:
    """When `span` from `start` ends, in UTC. Raises ValueError for a start without a zone."""
    if start.tzinfo is None:
        raise ValueError("a deadline needs a start with a time zone")
    if span.unit is Unit.HOURS:
        return start.astimezone(UTC) + timedelta(hours=span.count)
    day_zero = calendar.local(start).date()
    if span.unit is Unit.DAYS:
        return _at(day_zero + timedelta(days=span.count), _END_OF_DAY, calendar)
    return _at(_nth_working_day(day_zero, span.count, calendar), calendar.closes, calendar)


def hours_left(due_at: datetime, now: datetime) -> float:
    """Hours until the deadline; negative once it has passed."""
    return (due_at - now).total_seconds() / 3600


def _nth_working_day(after: date, count: int, calendar: Calendar) -> date:
    day = after
    for _ in range(count):
        day += timedelta(days=1)
        while not calendar.works_on(day):
            day += timedelta(days=1)
    return day


def _at(day: date, clock: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock, tzinfo=calendar.zone).astimezone(UTC)
