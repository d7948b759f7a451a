"""Which stretch of the past a question means: "last month", "this week", "since March", 上個月."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from assistant.record.dates import MONTH_PATTERN, MONTHS, add_months, monday

Days = tuple[date, date]


def past_days(text: str, today: date) -> Days | None:
    """The days `[first, last]` a question is about; None when it names none."""
    for pattern, resolve in _PAST:
        if (match := pattern.search(text)) and (days := resolve(match, today)):
            return days
    return None


def _month(first: date) -> Days:
    return first, add_months(first, 1) - timedelta(days=1)


def _last_month(_: re.Match[str], today: date) -> Days:
    return _month(add_months(today.replace(day=1), -1))


def _last_week(_: re.Match[str], today: date) -> Days:
    return monday(today) - timedelta(days=7), monday(today) - timedelta(days=1)


def _last_quarter(_: re.Match[str], today: date) -> Days:
    first = add_months(today.replace(day=1), -((today.month - 1) % 3) - 3)
    return first, add_months(first, 3) - timedelta(days=1)


def _recent(match: re.Match[str], today: date) -> Days:
    count, unit = int(match.group("count") or 1), match.group("unit").lower()
    if unit.startswith(("m", "個月", "月")):
        return add_months(today, -count), today
    return today - timedelta(days=count * (7 if unit.startswith(("w", "s", "週", "周", "星期", "個")) else 1)), today


def _named_month(match: re.Match[str], today: date) -> Days:
    month = MONTHS[match.group("month").lower()]
    first = date(today.year if month <= today.month else today.year - 1, month, 1)
    return (first, today) if match.group("since") else _month(first)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PAST: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]]] = [
    (_rule(r"\b(?:today|aujourd'hui|heute)\b|今天|今日"), lambda _, day: (day, day)),
    (_rule(r"\b(?:yesterday|hier|gestern)\b|昨天|昨日"), lambda _, day: (day - timedelta(1), day - timedelta(1))),
    (_rule(r"\blast month\b|\bmois dernier\b|\bletzten Monat\b|上個?月"), _last_month),
    (_rule(r"\blast (?:week|wk)\b|\bsemaine dernière\b|\bletzte Woche\b|上(?:週|周|星期|個?禮拜)"), _last_week),
    (_rule(r"\blast quarter\b|\bdernier trimestre\b|\bletztes Quartal\b|上一?季"), _last_quarter),
    (
        _rule(r"\blast year\b|\ban(?:née)? derni(?:er|ère)\b|\bletztes Jahr\b|去年"),
        lambda _, day: (date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)),
    ),
    (
        _rule(r"\bthis month\b|\bce mois\b|\bdiesen Monat\b|[這本]個?月"),
        lambda _, day: (day.replace(day=1), day),
    ),
    (
        _rule(r"\bthis (?:week|wk)\b|\bcette semaine\b|\bdiese Woche\b|[這本](?:週|周|星期)"),
        lambda _, day: (monday(day), day),
    ),
    (
        _rule(r"\bthis year\b|\bcette année\b|\bdieses Jahr\b|今年"),
        lambda _, day: (date(day.year, 1, 1), day),
    ),
    (_rule(r"\b(?:past|last)\s+(?P<count>\d{1,3})?\s*(?P<unit>days?|weeks?|months?)\b"), _recent),
    (_rule(r"\b(?:letzten|vergangenen)\s+(?P<count>\d{1,3})\s*(?P<unit>tage?n?|wochen|monate?n?)\b"), _recent),
    (_rule(r"\b(?P<count>\d{1,3})\s+derni[eè]re?s\s+(?P<unit>jours|semaines|mois)\b"), _recent),
    (_rule(r"[過最]去?近?(?P<count>\d{1,3})\s*(?P<unit>天|日|週|周|個?星期|個月)"), _recent),
    (_rule(rf"(?P<since>\bsince\s+|\bdepuis\s+|\bseit\s+)(?P<month>{MONTH_PATTERN})\b"), _named_month),
    (_rule(rf"(?P<since>(?!))?\b(?:in|en|im)\s+(?P<month>{MONTH_PATTERN})\b"), _named_month),
]
