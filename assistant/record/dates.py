"""When something is due: days as people say them in a note.

Weeks start on Monday. A weekday without "next" is the first one after the day it was said; "next Tuesday" is that of
the following week. Due in a week is due by its Friday, in a month by its last day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = {
    **dict.fromkeys(("monday", "mon", "一", "lundi", "montag"), 0),
    **dict.fromkeys(("tuesday", "tues", "tue", "二", "mardi", "dienstag"), 1),
    **dict.fromkeys(("wednesday", "weds", "wed", "三", "mercredi", "mittwoch"), 2),
    **dict.fromkeys(("thursday", "thurs", "thur", "thu", "四", "jeudi", "donnerstag"), 3),
    **dict.fromkeys(("friday", "fri", "五", "vendredi", "freitag"), 4),
    **dict.fromkeys(("saturday", "sat", "六", "samedi", "samstag"), 5),
    **dict.fromkeys(("sunday", "sun", "日", "天", "dimanche", "sonntag"), 6),
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier januar", "february feb fevrier février februar", "march mar mars märz",
            "april apr avril", "may mai", "june jun juin juni", "july jul juillet juli", "august aug août aout",
            "september sept sep septembre", "october oct octobre oktober", "november nov novembre",
            "december dec décembre decembre dezember",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_COUNTING = (
    "one un eine 一", "two deux zwei 二 兩", "three trois drei 三", "four quatre vier 四", "five cinq fünf 五",
    "six sechs 六", "seven sept sieben 七", "eight huit acht 八", "nine neuf neun 九", "ten dix zehn 十",
)  # fmt: skip
_NUMBERS = {word: number for number, words in enumerate(_COUNTING, start=1) for word in words.split()} | {
    **dict.fromkeys(("a", "an", "une", "ein", "einer"), 1),
    **dict.fromkeys(("couple of", "a couple of"), 2),
    "a few": 3,
}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_LATIN_DAYS = _any({word: n for word, n in _WEEKDAYS.items() if word.isascii()})
MONTH_PATTERN = _any(MONTHS)
_COUNT = rf"(?:\d{{1,2}}|{_any(_NUMBERS)})"
_UNITS = r"days?|weeks?|wks?|months?|jours?|semaines?|mois|tage?n?|wochen?|monate?n?"


@dataclass(frozen=True, slots=True)
class Day:
    """A day and the words that name it, exactly as written."""

    on: date
    said: str


def due_day(text: str, said_on: date) -> Day | None:
    """The day a promise falls due, resolved from the day it was made; None when the text names none."""
    for pattern, resolve in _DUE:
        if (match := pattern.search(text)) and (on := resolve(match, said_on)):
            return Day(on, match.group())
    return None


def _weekday(match: re.Match[str], day: date) -> date:
    wanted = _WEEKDAYS[match.group("day").lower()]
    if match.group("next"):
        return monday(day) + timedelta(days=7 + wanted)
    return day + timedelta(days=(wanted - day.weekday() - 1) % 7 + 1)


def _weekday_cjk(match: re.Match[str], day: date) -> date:
    said = match.group("weeks") or ""
    ahead = monday(day) + timedelta(days=_WEEKDAYS[match.group("day")] + 7 * said.count("下"))
    return ahead if said or ahead > day else ahead + timedelta(days=7)


def _after(match: re.Match[str], day: date) -> date | None:
    said = match.group("count").lower()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    unit = match.group("unit").lower()
    if unit.startswith(("m", "個月", "月")):
        return add_months(day, count)
    return day + timedelta(days=count * (7 if unit.startswith(("w", "s", "週", "周", "星期", "禮拜")) else 1))


def add_months(day: date, count: int) -> date:
    """The same day some months later (or earlier), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_day(match: re.Match[str], day: date) -> date | None:
    said = match.group("month").lower()
    return _coming(int(said) if said.isdigit() else MONTHS[said], int(match.group("number")), day)


def _coming(month: int, number: int, day: date) -> date | None:
    for year in (day.year, day.year + 1):
        try:
            on = date(year, month, number)
        except ValueError:
            return None
        if on >= day - timedelta(days=31):
            return on
    return None


def _iso(match: re.Match[str], _: date) -> date | None:
    try:
        return date.fromisoformat(match.group())
    except ValueError:
        return None


def _ordinal(match: re.Match[str], day: date) -> date | None:
    number = int(match.group("number"))
    month = day if number >= day.day else add_months(day.replace(day=1), 1)
    return month.replace(day=number) if number <= monthrange(month.year, month.month)[1] else None


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_DUE: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]] = [
    (_rule(r"\b\d{4}-\d{2}-\d{2}\b"), _iso),
    (_rule(r"\b(?:today|tonight|aujourd'hui|heute)\b|今天|今日"), lambda _, day: day),
    (_rule(r"\b(?:tomorrow|tmrw|demain)\b|(?:bis|am) morgen\b|明天|明日"), lambda _, day: day + timedelta(days=1)),
    (_rule("後天"), lambda _, day: day + timedelta(days=2)),
    (_rule(rf"\b(?:in|within|dans|d'ici|innerhalb von)\s+(?P<count>{_COUNT})\s+(?P<unit>{_UNITS})\b"), _after),
    (
        _rule(r"(?P<count>\d{1,2}|[一二兩三四五六七八九十])\s*(?P<unit>天|日|週|周|個?星期|個?禮拜|個月)[之以]?[內後]"),
        _after,
    ),
    (
        _rule(rf"(?P<next>\bnext\s+|\bnächste[nr]?\s+)?\b(?P<day>{_LATIN_DAYS})\b"),
        _weekday,
    ),
    (_rule(r"(?P<weeks>下下|下|這|本)?(?:週|周|星期|禮拜)(?P<day>[一二三四五六日天])"), _weekday_cjk),
    (_rule(rf"\b(?P<month>{MONTH_PATTERN})\.?\s+(?P<number>\d{{1,2}})(?:st|nd|rd|th)?\b"), _month_day),
    (_rule(rf"\b(?P<number>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?(?P<month>{MONTH_PATTERN})\b"), _month_day),
    (_rule(r"(?P<month>\d{1,2})月(?P<number>\d{1,2})[日號]"), _month_day),
    (_rule(r"\b(?:by|on|before)\s+the\s+(?P<number>\d{1,2})(?:st|nd|rd|th)\b"), _ordinal),
    (
        _rule(r"\bend of (?:(?:the|this) )?month\b|\bmonth[- ]end\b|\bfin du mois\b|\bEnde des Monats\b|月底"),
        lambda _, day: _month_end(day),
    ),
    (
        _rule(r"\b(?:end of (?:the|this|that)|this) week\b|\bEOW\b|\bfin de semaine\b|\bdiese Woche\b|[這本][週周]內?"),
        lambda _, day: monday(day) + timedelta(days=4),
    ),
    (
        _rule(r"\bnext (?:week|wk)\b|\bsemaine prochaine\b|\bnächste Woche\b|下(?:週|周|星期|禮拜)"),
        lambda _, day: monday(day) + timedelta(days=11),
    ),
    (
        _rule(r"\bnext month\b|\bmois prochain\b|\bnächsten Monat\b|下個?月"),
        lambda _, day: _month_end(add_months(day.replace(day=1), 1)),
    ),
]
