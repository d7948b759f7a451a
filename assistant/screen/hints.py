"""What a message says towards the card of a referral, in its own words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.screen.context import EVENT_CLASSES
from assistant.screen.elements import Annotated

_AGE = re.compile(
    r"\b\d{1,3}[ -]?(?:year|yr|y)s?[ -]?(?:/?o(?:ld)?)\b|\b\d{2}(?= ?[fm]\b)"
    r"|\b(?:in (?:her|his) )?(?:20|30|40|50|60|70|80|90)s\b"
    r"|\b\d{1,3} ?ans\b|\b\d{1,3} ?jahre\b|\d{1,3}-jahrig\w*|\d{1,3} ?歲"
    r"|\b(?:elderly|teen(?:ager)?|toddler|infant|child|adolescent)\b"
)
_SEX = {
    "female": re.compile(
        r"\b(?:female|woman|lady|girl|she|her|mrs|ms|patiente|patientin"
        r"|frau|femme|dame|mme|elle)\b"
        r"|\d{2} ?f\b|女|小姐|太太|阿嬤"
    ),
    "male": re.compile(
        r"\b(?:male|man|guy|boy|he|his|him|mr|gentleman|herr|mann|homme|monsieur|il)\b|\d{2} ?m\b|男|先生|阿公|阿伯"
    ),
}
_LOT = re.compile(
    r"(?:\b(?:lot|batch|charge|ch\.-?b\.?)(?: ?(?:no|number|nr|#))?\.?[ :#]*|批號[ :：]?)([a-z]{0,3}\d[\w-]{2,})"
)
_WHEN = frozenset(("WHEN",))
_MOST = 6


def hints_of(note: Annotated, start: int, end: int) -> Mapping[str, tuple[str, ...]]:
    """`products`, `events`, `seriousness`, `when`, `age`, `sex`, `lot`: exact words of the message, nearest first."""
    text = note.reading.original
    found: dict[str, tuple[str, ...]] = {
        "products": _unique(p.name for p in note.products if p.ours),
        "events": _words(note, EVENT_CLASSES, start, end),
        "seriousness": _words(note, frozenset(("SERIOUS",)), start, end),
        "when": _words(note, _WHEN, start, end),
        "age": _unique(m.group() for m in _AGE.finditer(_around(text, start, end).lower())),
        "sex": tuple(sex for sex, pattern in _SEX.items() if pattern.search(_around(text, start, end).lower())),
        "lot": _unique(m.group(1) for m in _LOT.finditer(text.lower())),
    }
    return {name: values for name, values in found.items() if values}


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 60) : end + 60]


def _words(note: Annotated, classes: frozenset[str], start: int, end: int) -> tuple[str, ...]:
    spans = [note.reading.span(h.first, h.last) for h in note.hits if h.name in classes]
    near = [(a, b) for a, b in spans if a < end and b > start]
    return _unique(note.reading.original[a:b] for a, b in near)


def _unique(values: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(v) for v in values))[:_MOST]  # type: ignore[attr-defined]
