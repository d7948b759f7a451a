"""What a heading says: its number, its title, and which part of the standard form of a label it opens.

US labels name their parts by LOINC code (SPL) and by the numbers of 21 CFR 201.57; EU labels by the numbers of the QRD
template; free documents by words. A part no rule knows belongs where its parent belongs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files

from knowledge.models import SectionKind

RECENT_CHANGES = "43683-2"
PRODUCT_DATA = "48780-1"

_NUMBERED = re.compile(
    r"(?:(?:section|abschnitt|rubrique|sección|punkt|afsnit)\s+)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?P<mark>[.):]?)(?P<gap>\s*)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_UNIT = re.compile(
    r"(?:%|[mµμ]?[gl]\b|mcg|kg|iu\b|units?\b|weeks?|days?|hours?|months?|years?|minutes?|tablets?|capsules?|count|vials?"
    r"|pens?|syringes?|cartons?|bottles?|wochen|tage|jours|semaines|mois|ans\b|jahre)",
    re.IGNORECASE,
)


def split_heading(text: str) -> tuple[str | None, str]:
    """A heading's number and its title without it: "2.1 Dosage" gives ("2.1", "Dosage"), "20 mg Tablets" no number."""
    found = _NUMBERED.match(text)
    if not found:
        return None, text
    title = found["title"].strip()
    if not title:
        return (found["number"], "") if "." in found["number"] or found["mark"] == "." else (None, text)
    if _is_amount(found["number"], title) or not _opens_title(found, title):
        return None, text
    return found["number"], title


def _is_amount(number: str, title: str) -> bool:
    """Whether "20 mg Tablets" or "30 Tablets" tells how much rather than which section; "3.1 Tablets" is a section."""
    unit = _UNIT.match(title)
    return unit is not None and not ("." in number and title[0].isupper() and len(unit[0]) > 4)


def _opens_title(found: re.Match[str], title: str) -> bool:
    """Whether what follows the number reads as a title; a lower-case one needs a number of two parts and a gap."""
    first = title[0]
    if first.isdigit() or first in "-–—/×x%°,;<>≤≥=+~)&":
        return False
    if first.islower():
        return "." in found["number"] and bool(found["gap"])
    return bool(found["gap"] or found["mark"]) or "." in found["number"] or not first.isascii()


class Form(StrEnum):
    """Whose template a document's numbers follow: 4.1 is a US contraindication and the EU indication."""

    US = "us"
    EU = "eu"
    FREE = "free"


@cache
def _table(name: str) -> dict[str, SectionKind]:
    raw = tomllib.loads(files("knowledge").joinpath("sections.toml").read_text(encoding="utf-8"))
    return {key: SectionKind(kind) for kind, keys in raw[name].items() for key in keys}


@cache
def _titles() -> list[tuple[re.Pattern[str], SectionKind]]:
    return [(re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _table("title").items()]


def form_of(headings: Iterable[tuple[str | None, str]]) -> Form:
    """The template that a document's (number, title) pairs follow: the one more of them agree with, at least two."""
    votes = {Form.US: 0, Form.EU: 0}
    for number, title in headings:
        named = kind_of_title(title)
        if number is None or named is None:
            continue
        for form in votes:
            votes[form] += _by_number(form, number) is named
    best = max(votes, key=lambda form: votes[form])
    return best if votes[best] >= _VOTES else Form.FREE


def kind_of(
    code: str | None, number: str | None, title: str, *, form: Form = Form.FREE, parent: SectionKind | None = None
) -> SectionKind:
    """The part of the standard form a section is: by its code, its words, its parent's part, its number in its form.

    Only in the EU form does the number come before words and parent: there 5.3 stands under 5 and is another part.
    """
    by_code = _table("loinc").get(code or "")
    if by_code is not None:
        return by_code
    by_number = _by_number(form, number) if number else None
    if by_number is not None and form is Form.EU:
        return by_number
    by_title = kind_of_title(title)
    if by_title is not None and by_title in _OPENED_UNDER.get(parent, _ANYWHERE):
        return by_title
    if parent not in (None, SectionKind.OTHER):
        return parent or SectionKind.OTHER
    return by_number or SectionKind.OTHER


def opens_part(title: str) -> bool:
    """Whether a document's own title makes all of it one part: safety information as a document of its own."""
    return kind_of_title(title) in _ANYWHERE


def kind_of_title(title: str) -> SectionKind | None:
    """The part a title names in English, French, German, Spanish, Danish or Chinese; None when it names none."""
    text = title.strip().rstrip(":.：")
    for pattern, kind in _titles():
        if pattern.search(text if kind is not SectionKind.BOXED_WARNING else title):
            return kind
    return None


def names_part(line: str) -> bool:
    """Whether a line of a free document is the heading of its safety information, boxed warning or indication.

    A line that merely points there ("Please see Important Safety Information on the last page") is not.
    """
    kind = kind_of_title(line)
    if kind is SectionKind.BOXED_WARNING and line.upper().startswith("WARNING"):
        return len(line) < _WARNING_LENGTH
    pointing = _POINTS_ELSEWHERE.search(line) or line.endswith((".", "。"))
    return not pointing and len(line) < _HEADING_LENGTH and kind in _ANYWHERE | {SectionKind.INDICATIONS}


def _by_number(form: Form, number: str) -> SectionKind | None:
    if form is Form.FREE:
        return None
    table = _table(form.value)
    parts = number.split(".")
    for length in range(len(parts), 0, -1):
        kind = table.get(".".join(parts[:length]))
        if kind is not None:
            return kind
    return None


_VOTES = 2
_HEADING_LENGTH = 80
_WARNING_LENGTH = 400
_POINTS_ELSEWHERE = re.compile(r"\b(?:see|refer|read|please|siehe|bitte|voir|veuillez)\b|請參閱|詳見", re.IGNORECASE)
_ANYWHERE = frozenset({SectionKind.BOXED_WARNING, SectionKind.IMPORTANT_SAFETY_INFORMATION})
# What a title may open below a part that is known: safety information holds its own warnings, but not the indication.
_OPENED_UNDER: dict[SectionKind | None, frozenset[SectionKind]] = {
    None: frozenset(SectionKind),
    SectionKind.OTHER: frozenset(SectionKind),
    SectionKind.IMPORTANT_SAFETY_INFORMATION: frozenset({SectionKind.BOXED_WARNING, SectionKind.INDICATIONS}),
}
