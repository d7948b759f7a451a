"""Text as the screen reads it: folded, in words, in sentences, with every place traceable to the original.

Folding undoes what hides words from a pattern (case, accents, full width, zero-width and direction marks, Cyrillic
and Greek look-alikes, lone surrogates); each folded character remembers the original one it came from, so evidence is
always an exact substring of what was written.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

_LOOKALIKES = dict(
    zip(
        "авекмнорстухіѕјԁɡαβεηικνορτυχϲӏ",
        "abekmhopctyxisjdganeniknoptuxcl",
        strict=True,
    )
) | {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'", "‘": "'", "“": '"', "”": '"'}
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+(?:[.,:/-]\d+)*|[\u3400-\u9fff]|[^\W\d_]|[^\w\s]|\n")
_ENDERS = frozenset(".!?;。！？；\n")
_PAUSES = frozenset(",，、-–—:()/")
_ABBREVIATIONS = frozenset(
    [
        "dr",
        "drs",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "pt",
        "pts",
        "vs",
        "e.g",
        "eg",
        "i.e",
        "ie",
        "no",
        "nr",
        "z",
        "b",
        "u",
        "a",
        "d",
        "h",
        "ca",
        "approx",
        "est",
        "inc",
        "m",
        "mme",
        "mlle",
        "pr",
        "hr",
        "fr",
        "tel",
        "ggf",
        "bzw",
    ]
)
_LONG = 26
_SHORT = 9


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """What one character reads as: lower case, without accents or tricks; "" when it is invisible."""
    category = unicodedata.category(character)
    if category == "Cs":
        return " "
    if category in ("Cf", "Mn", "Me") or character == "\u034f":
        return ""
    if category == "Cc" or category.startswith("Z"):
        return "\n" if character in "\n\r\u2028\u2029\x0b\x0c\x85" else " "
    plain = unicodedata.normalize("NFKD", character).lower()
    kept = "".join(_LOOKALIKES.get(c, c) for c in plain if unicodedata.category(c) != "Mn")
    return _LOOKALIKES.get(character.lower(), kept)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, CJK character or mark, folded; `[start, end)` is its place in the original text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A message in tokens and sentences. `sentences` are ranges of token indexes, in order, without gaps."""

    original: str
    folded: str
    origins: array[int]
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]

    def origin_span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of folded text stands in the original."""
        if end <= start:
            return self.origins[start], self.origins[start]
        return self.origins[start], self.origins[end - 1] + 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where tokens `[first, last)` stand in the original."""
        return self.tokens[first].start, self.tokens[last - 1].end


def fold(text: str) -> tuple[str, array[int]]:
    """The folded text, and for each of its characters (and its end) the original offset."""
    if text.isascii() and text.isprintable():
        return text.lower(), array("l", range(len(text) + 1))
    parts: list[str] = []
    origins = array("l")
    for offset, character in enumerate(text):
        folded = fold_character(character)
        if folded:
            parts.append(folded)
            origins.extend([offset] * len(folded))
    origins.append(len(text))
    return "".join(parts), origins


def read(text: str) -> Reading:
    """Read any text, also "", lone surrogates and 100,000 characters; linear in its length."""
    folded, origins = fold(text)
    tokens = tuple(Token(m.group(), origins[m.start()], origins[m.end() - 1] + 1) for m in _TOKEN.finditer(folded))
    return Reading(text, folded, origins, tokens, tuple(_sentences(tokens)))


def _sentences(tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    start = 0
    for index, token in enumerate(tokens):
        length = index + 1 - start
        ends = token.text in _ENDERS and not _abbreviated(tokens, index)
        if ends or (length >= _LONG and token.text in _PAUSES) or length >= 2 * _LONG:
            cuts.append((start, index + 1))
            start = index + 1
    if start < len(tokens):
        cuts.append((start, len(tokens)))
    return _join_fragments(tokens, cuts)


def _abbreviated(tokens: tuple[Token, ...], index: int) -> bool:
    if tokens[index].text != "." or index == 0:
        return False
    before = tokens[index - 1]
    glued = (
        index + 1 < len(tokens) and tokens[index + 1].start == tokens[index].end and tokens[index + 1].text.isalnum()
    )
    return (
        glued
        or before.text in _ABBREVIATIONS
        or (len(before.text) == 1 and before.text.isascii() and before.text.isalpha())
    )


def _join_fragments(tokens: tuple[Token, ...], cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks alone ("...", "!!") belong to the sentence before them."""
    joined: list[tuple[int, int]] = []
    for start, end in cuts:
        wordless = all(not tokens[i].text[0].isalnum() for i in range(start, end))
        if wordless and joined:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
