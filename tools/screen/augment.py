"""A second layer over the authored corpus: other names, slips of the thumb, sentences hidden in longer notes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from tools.screen.corpus import Mark, Message, fill

_SLIPS = 0.35
_KEYS = {"a": "s", "e": "r", "i": "o", "o": "i", "t": "y", "n": "m", "s": "a", "r": "e", "d": "f", "l": "k"}


def variants(language: str, line: str, count: int, rng: random.Random) -> list[Message]:
    """The authored line filled `count` times; some with spelling slips or without capitals and stops."""
    made = [fill(language, line, rng) for _ in range(count)]
    return [made[0], *(_slip(m, rng) if rng.random() < _SLIPS else m for m in made[1:])]


def _slip(message: Message, rng: random.Random) -> Message:
    """One letter changed for its neighbour, or all in small letters; lengths, and so marks, stay."""
    if rng.random() < 0.3:
        lowered = message.text.lower()
        return replace(message, text=lowered) if len(lowered) == len(message.text) else message
    letters = list(message.text)
    places = [i for i, c in enumerate(letters) if c in _KEYS and 0 < i < len(letters) - 1 and letters[i - 1].isalpha()]
    for at in rng.sample(places, min(len(places), 1 + len(letters) // 60)):
        letters[at] = _KEYS[letters[at]]
    return replace(message, text="".join(letters))


def embedded(notes: Sequence[Message], rng: random.Random, count: int) -> list[Message]:
    """Notes put one after the other, as a day's dump is; marks move along."""
    by_language: dict[str, list[Message]] = {}
    for note in notes:
        by_language.setdefault(note.language, []).append(note)
    made = []
    for _ in range(count):
        language = rng.choice(notes).language
        parts = rng.sample(by_language[language], rng.choice((2, 2, 3, 4)))
        made.append(_join([replace(p, text=p.text.strip()) if p.text == p.text.strip() else p for p in parts]))
    return made


def _join(parts: Sequence[Message]) -> Message:
    text = ""
    marks: list[Mark] = []
    people: list[tuple[int, int]] = []
    for part in parts:
        gap = "" if not text else "。" if part.language == "zh-TW" else " " if text[-1] in ".!?" else ". "
        text += gap
        marks += [replace(m, start=m.start + len(text), end=m.end + len(text)) for m in part.marks]
        people += [(a + len(text), b + len(text)) for a, b in part.people]
        text += part.text
    return Message(
        text=text,
        language=parts[0].language,
        role=parts[0].role,
        intents=parts[0].intents,
        marks=tuple(marks),
        ours=tuple({name for p in parts for name in p.ours}),
        identified=any(p.identified for p in parts),
        line="+".join(p.line for p in parts),
        people=tuple(people),
    )
