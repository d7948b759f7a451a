"""Cut a note typed with thumbs into sentences, every one an exact stretch of it.

Notes are not labels: sentences start in lower case, end in semicolons or line breaks, and a stretch that is too long
makes a poor quote. `knowledge.sentences` cuts approved text and keeps more together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A full stop ends a sentence when white space follows and it closes neither a title nor an abbreviation.
_END = re.compile(r"[。！？\n]+[」』”]*|(?P<part>；|;(?=\s))|[.!?]+[\"'”’)]*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Drs|Prof|Mr|Mrs|Ms|Mme|Mlle|St|vs|approx|e\.g|i\.e|etc|no|mg|wk|wks|mo|appt|dept|z\.B|Hr|Fr|a\.m|p\.m)"
    r"|\b[A-Z])$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The stretch `[start, end)` of a text, white space trimmed."""

    text: str
    start: int
    end: int


def stretches(text: str) -> Iterator[Stretch]:
    """The sentences of `text` in order. A text without stops is one sentence."""
    start = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _ABBREVIATION.search(text, start, match.start()):
            continue
        yield from _trimmed(text, start, match.start() if match["part"] else match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Stretch]:
    body = text[start:end]
    left = start + len(body) - len(body.lstrip())
    right = end - (len(body) - len(body.rstrip()))
    if left < right:
        yield Stretch(text[left:right], left, right)
