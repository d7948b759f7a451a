"""Hashed features of stretches of a message: words, word pairs, letters, word classes and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.screen.elements import Annotated, Item, items_of
from assistant.screen.lexicon import Hit

BUCKETS = 1 << 16
_MASK = BUCKETS - 1
_REACH = 7
_LETTERS = 4
_LONGEST_WINDOW = 3
_FLAG_CLASSES = ("EVENT", "SLANG", "SERIOUS", "VAGUE", "STOPPED", "NOEFFECT", "PREGNANT", "DEFECT", "COND")

# What makes a stretch about an event a report or not, by the word classes that say so.
_SIGNS = {
    "no": ("NEGATION",), "if": ("HYPOTHETICAL",), "ask": ("ASKING", "ASKED"), "label": ("LABEL", "TRIAL"),
    "fear": ("WORRY", "NEWS"), "many": ("AGGREGATE", "GENERAL"), "play": ("PRETEND",), "before": ("BEFORE",),
    "well": ("BETTER",), "rival": ("RIVAL", "SWITCH"), "ours": ("OWN", "TREATED"),
    "who": ("PATIENT", "CASE", "RELATIVE", "PTNAME"), "she": ("PERSON",), "was": ("HAPPENED", "WHEN"),
    "hard": ("SERIOUS", "STOPPED"), "hcp": ("HCP", "DRNAME"),
}  # fmt: skip
_EVENTS = frozenset(
    ("EVENT", "SLANG", "SERIOUS", "VAGUE", "NOEFFECT", "STOPPED", "PREGNANT", "ERROR", "OVERDOSE", "MISUSE", "EXPOSED")
)
_CLAUSE_MARKS = frozenset(
    (",", ";", ":", "(", ")", "-", "–", "—", "，", "、", "but", "though", "however", "mais", "aber", "但")
)

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """Buckets and their values: words, word classes and their order, each block of unit length."""

    ids: Ids
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences `[first, last)` of a message, as token range and features."""

    first_token: int
    last_token: int
    sentences: int
    features: Features


@lru_cache(maxsize=65536)
def bucket(feature: str) -> int:
    """Where a feature stands in the weights; stable over runs and machines."""
    return crc32(feature.encode("utf-8", "surrogatepass")) & _MASK


@lru_cache(maxsize=32768)
def _letter_buckets(word: str) -> tuple[int, ...]:
    marked = f"^{word}$"
    return tuple(bucket("c:" + marked[i : i + _LETTERS]) for i in range(len(marked) - _LETTERS + 1))


@dataclass(frozen=True, slots=True)
class _Sentence:
    first: int
    last: int
    words: frozenset[int]
    kinds: frozenset[int]
    order: frozenset[int]
    classes: tuple[str, ...]
    asks: bool


def _word_features(items: Sequence[Item]) -> Iterable[int]:
    words = [i.key for i in items if i.key[0].isalnum() or i.key[0] == "#"]
    for word in words:
        yield bucket("w:" + word)
        if len(word) >= _LETTERS and word.islower():
            yield from _letter_buckets(word)
    for one, two in pairwise(words):
        yield bucket(f"b:{one} {two}")
    for one, two, three in zip(words, words[1:], words[2:], strict=False):
        if len(one) == len(two) == len(three) == 1 and not one.isascii():
            yield bucket(f"t:{one}{two}{three}")


def _order_features(classes: Sequence[str]) -> Iterable[int]:
    for at, one in enumerate(classes):
        for two in classes[at + 1 : at + 1 + _REACH]:
            yield bucket(f"P:{one}>{two}")
    for one, two, three in zip(classes, classes[1:], classes[2:], strict=False):
        yield bucket(f"T:{one}>{two}>{three}")


def _sign_features(note: Annotated, marks: Sequence[tuple[int, str]], first: int, last: int) -> Iterable[int]:
    """For each clause that speaks of an event: what else stands in it, and what does not."""
    cuts = [i for i in range(first, last) if note.reading.tokens[i].text in _CLAUSE_MARKS]
    clauses = [(a, b) for a, b in pairwise([first, *cuts, last]) if b > a] + [(first, last)]
    for number, (start, end) in enumerate(clauses):
        inside = {name for at, name in marks if start <= at < end}
        about = inside & _EVENTS
        if not about:
            continue
        scope = "S" if number == len(clauses) - 1 else "C"
        signs = [s for s, classes in _SIGNS.items() if inside.intersection(classes)]
        for sign in _SIGNS:
            yield bucket(f"{scope}:{'+' if sign in signs else '-'}{sign}")
        for at, one in enumerate(signs):
            yield from (bucket(f"{scope}:{one}&{two}") for two in signs[at + 1 :])
            yield from (bucket(f"{scope}:{kind}&{one}") for kind in about)


def _sentence(note: Annotated, items: Sequence[Item], hits: Sequence[Hit], first: int, last: int) -> _Sentence:
    marks = sorted([(h.first, h.name) for h in hits] + [(i.at, i.key) for i in items if i.kind == "thing"])
    classes = tuple(name for _, name in marks)
    asks = any(note.reading.tokens[i].text in "?？" for i in range(first, last))
    kinds = {bucket(f"L:{c}") for c in classes} | set(_sign_features(note, marks, first, last))
    if asks:
        kinds |= {bucket(f"?:{c}") for c in set(classes)} | {bucket("?")}
    return _Sentence(
        first,
        last,
        frozenset(_word_features(items)),
        frozenset(kinds),
        frozenset(_order_features(classes)),
        classes,
        asks,
    )


def _sentences(note: Annotated, people: Sequence[tuple[int, int]]) -> list[_Sentence]:
    items = items_of(note, people)
    result = []
    item_at = hit_at = 0
    for first, last in note.reading.sentences:
        item_from, hit_from = item_at, hit_at
        while item_at < len(items) and items[item_at].at < last:
            item_at += 1
        while hit_at < len(note.hits) and note.hits[hit_at].first < last:
            hit_at += 1
        result.append(_sentence(note, items[item_from:item_at], note.hits[hit_from:hit_at], first, last))
    return result


def _context(note: Annotated, sentences: Sequence[_Sentence], first: int, last: int, role: str) -> set[int]:
    """What stands around a window: its place, what came before and after, whose products the message names."""
    inside = {c for s in sentences[first:last] for c in s.classes}
    flags = {f"m:{'OWN' if p.ours else 'RIVAL'}" for p in note.products if not p.is_class}
    flags.add(f"m:n{min(len(sentences), 4)}")
    flags.add("m:" + note.language[:2])
    flags.add("m:first" if first == 0 else "m:later")
    if first > 0:
        flags.update(f"prev:{c}" for c in set(sentences[first - 1].classes))
    if last < len(sentences):
        flags.update(f"next:{c}" for c in set(sentences[last].classes))
    opening = set(sentences[0].classes) if sentences else set()
    flags.update(f"open:{c}" for c in opening & {"PRETEND", "BRIEFING", "NOTE", "RELAY", "AGGREGATE", "ASKING", "NEWS"})
    flags.update(f"{c}&{'OWN' if 'm:OWN' in flags else 'noOWN'}" for c in inside & set(_FLAG_CLASSES))
    if role:
        flags.add(f"role:{role}")
    return {bucket(f) for f in flags}


def _features(*blocks: Iterable[int]) -> Features:
    sets = [frozenset(block) for block in blocks]
    ids = np.fromiter(chain.from_iterable(sets), np.int64)
    sizes = [len(s) for s in sets]
    values = np.repeat(np.array([1.0 / max(1, n) ** 0.5 for n in sizes], np.float32), sizes)
    return Features(ids, values)


def windows(note: Annotated, people: Sequence[tuple[int, int]], role: str = "") -> tuple[list[Window], Features]:
    """Every run of one to three sentences with its features, and the features of the whole message."""
    sentences = _sentences(note, people)
    found = []
    for size in range(1, _LONGEST_WINDOW + 1):
        for first in range(len(sentences) - size + 1):
            part = sentences[first : first + size]
            order = set().union(*(s.order for s in part))
            for one, two in pairwise(part):
                order.update(bucket(f"P:{a}>{b}") for a in one.classes[-_REACH:] for b in two.classes[:_REACH])
            kinds = set().union(*(s.kinds for s in part)) | _context(note, sentences, first, first + size, role)
            words = set().union(*(s.words for s in part))
            found.append(Window(part[0].first, part[-1].last, size, _features(words, kinds, order)))
    return found, _whole(note, sentences, role)


def _whole(note: Annotated, sentences: Sequence[_Sentence], role: str) -> Features:
    words = [t.text for t in note.reading.tokens if t.text[0].isalnum()]
    places = [f"first{i}:{w}" for i, w in enumerate(words[:3])] + [f"start:{w}" for w in words[:5]]
    places += [f"last:{w}" for w in words[-4:]]
    flags = [f"len:{min(len(words).bit_length(), 8)}", f"sents:{min(len(sentences), 6)}", f"role:{role}"]
    flags += [f"lang:{note.language[:2]}", f"q:{min(sum(s.asks for s in sentences), 3)}"]
    if sentences:
        flags += [f"s1:{c}" for c in sentences[0].classes[:8]] + [f"sl:{c}" for c in sentences[-1].classes]
        flags += [f"s1?:{sentences[0].asks}", f"sl?:{sentences[-1].asks}"]
    flags += ["m:OWN"] if any(p.ours for p in note.products) else ["m:none"]
    return _features(
        set().union(*(s.words for s in sentences)),
        set().union(*(s.kinds for s in sentences)),
        set().union(*(s.order for s in sentences)),
        {bucket(f) for f in (*places, *flags)},
    )
