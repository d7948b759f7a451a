"""Patient identifiers: found, then replaced by their kind before anything else reads the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.screen.elements import Annotated
from assistant.screen.identifier_rules import IdentifierRules, Pattern
from assistant.screen.names import PersonName, patient_names
from assistant.screen.result import Identifier, IdentifierKind

_TRADE_NUMBER = re.compile(
    r"(?:office|clinic|front desk|direct|fax|ext|npi|lot|batch|code|ndc|ticket|badge|suite|分機)[^.\n]{0,18}$"
)
_NEAR = 90
_DIGITS = {IdentifierKind.DATE_OF_BIRTH: 4, IdentifierKind.PHONE: 7}


def find_identifiers(note: Annotated, rules: IdentifierRules) -> tuple[Identifier, ...]:
    """Every stretch that tells a patient, in order, without overlaps."""
    certain = [i for p in rules.certain for i in _matches(note, p)]
    numbers = [(i.start, i.end) for i in certain] + _private_numbers(note, rules)
    names = [Identifier(_kind(n), n.start, n.end) for n in patient_names(note, rules.words, numbers)]
    anchors = certain + names
    near = [i for p in rules.near for i in _matches(note, p) if _counts(i, anchors, note)]
    found = _without_overlaps(certain + names + near)
    return _without_overlaps([*found, *_again(note, found)]) if found else ()


def _kind(name: PersonName) -> IdentifierKind:
    if name.description:
        return IdentifierKind.DESCRIPTION
    return IdentifierKind.INITIALS if name.initials else IdentifierKind.NAME


def _matches(note: Annotated, pattern: Pattern) -> Iterable[Identifier]:
    for match in pattern.expression.finditer(note.reading.folded):
        group = "value" if "value" in pattern.expression.groupindex else 0
        start, end = note.reading.origin_span(match.start(group), match.end(group))
        if end > start:
            yield Identifier(pattern.kind, start, end)


def _private_numbers(note: Annotated, rules: IdentifierRules) -> list[tuple[int, int]]:
    """Full dates and telephone numbers that belong to nobody of the trade: a name beside one is a patient's."""
    text = note.reading.original
    return [
        (i.start, i.end)
        for p in rules.near
        if p.kind in _DIGITS
        for i in _matches(note, p)
        if not _TRADE_NUMBER.search(text[max(0, i.start - 30) : i.start].lower())
        and sum(c.isdigit() for c in text[i.start : i.end]) >= _DIGITS[p.kind]
    ]


def _counts(item: Identifier, anchors: Sequence[Identifier], note: Annotated) -> bool:
    before = note.reading.original[max(0, item.start - 30) : item.start].lower()
    if _TRADE_NUMBER.search(before):
        return False
    if item.kind is IdentifierKind.PHONE and sum(c.isdigit() for c in note.reading.original[item.start : item.end]) < 7:
        return False
    reach = 30 if item.kind is IdentifierKind.ROOM else _NEAR
    return any(abs(item.start - a.end) <= reach or abs(a.start - item.end) <= reach for a in anchors)


def _again(note: Annotated, found: Sequence[Identifier]) -> list[Identifier]:
    """Later mentions of a name that was found, unless a doctor bears it too."""
    doctors = {note.reading.tokens[i].text for a, b in note.doctors for i in range(a, min(b, len(note.reading.tokens)))}
    text = note.reading.original
    parts = {
        word
        for i in found
        if i.kind is IdentifierKind.NAME
        for word in re.findall(r"[^\W\d_]{3,}", text[i.start : i.end])
        if word[0].isupper() and word.lower() not in doctors
    }
    return [
        Identifier(IdentifierKind.NAME, m.start(), m.end())
        for word in sorted(parts)
        for m in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    ]


def _without_overlaps(found: Iterable[Identifier]) -> tuple[Identifier, ...]:
    kept: list[Identifier] = []
    for item in sorted(found, key=lambda i: (i.start, -i.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return tuple(kept)


def redact(text: str, found: Sequence[Identifier]) -> str:
    """The text with `[KIND]` in place of each identifier."""
    parts, at = [], 0
    for item in found:
        parts += [text[at : item.start], f"[{item.kind.upper()}]"]
        at = item.end
    return "".join((*parts, text[at:]))
