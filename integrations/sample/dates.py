"""Dates of the sample: offsets from the day it is made, so that the demo is never a year old.

"-120d" is a day, "-120d 09:30" a moment in somebody's zone. What is past and falls on a weekend moves back to the
Friday before, what is planned moves on to the Monday after: field teams keep office days. Today stays today.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.errors import BadRequest

_OFFSET = re.compile(r"([+-]\d{1,4})d(?: ([0-2]\d:[0-5]\d))?")
_SATURDAY = 5


def is_offset(value: object) -> bool:
    """Whether a value is written as an offset."""
    return isinstance(value, str) and _OFFSET.fullmatch(value) is not None


def day(offset: str, today: date) -> date:
    """The calendar day of "-120d"; raises BadRequest for anything else."""
    return today + timedelta(days=_parts(offset)[0])


def moment(offset: str, today: date, zone: str) -> datetime:
    """The moment of "-120d 09:30" on an office day, in the named time zone."""
    days, clock = _parts(offset)
    if clock is None:
        raise BadRequest(f"the sample's date {offset!r} has no time; write it like '-12d 09:30'")
    return datetime.combine(_office_day(days, today), clock, tzinfo=ZoneInfo(zone))


def _parts(offset: str) -> tuple[int, time | None]:
    match = _OFFSET.fullmatch(offset)
    if match is None:
        raise BadRequest(f"the sample's date {offset!r} is no offset; write it like '-120d' or '-12d 09:30'")
    return int(match[1]), time.fromisoformat(match[2]) if match[2] else None


def _office_day(days: int, today: date) -> date:
    landed = today + timedelta(days=days)
    beyond = landed.weekday() - _SATURDAY
    if beyond < 0 or days == 0:
        return landed
    return landed - timedelta(days=beyond + 1) if days < 0 else landed + timedelta(days=2 - beyond)
