"""Which diseases a text speaks of, whatever it calls them: the yardstick for what a label's indications cover.

The names live in `data/conditions.txt`, in four languages and in the shorthand of the field ("afib", "HS", "乾癬").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.names import fold

_LONGEST = 6
_TOKEN = re.compile(r"[a-z0-9ß-ÿ]+(?:[-'’/.][a-z0-9ß-ÿ]+)*\+?")
_ELISION = re.compile(r"\b[ldjnmst]['’](?=\w)")
_CJK = re.compile(r"[\u3400-\u9fff]")
_ORDINARY = frozenset({"as", "ad", "ms", "hit", "mac", "all"})


@dataclass(frozen=True, slots=True)
class ConditionMention:
    """A stretch `[start, end)` of a text that names a condition, with the name labels use for it."""

    condition: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Names in words by themselves, and Chinese ones in one expression; both lead to the name labels use."""

    by_name: dict[str, str]
    chinese: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    by_name: dict[str, str] = {}
    for line in (files("assistant.ask") / "data" / "conditions.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            names = [fold(name.strip()) for name in line.split(";")]
            for name in names:
                by_name.setdefault(name, names[0])
    chinese = sorted((name for name in by_name if _CJK.search(name)), key=len, reverse=True)
    return _Lexicon(by_name, re.compile("|".join(map(re.escape, chinese))))


def condition_mentions(text: str) -> list[ConditionMention]:
    """Every condition a text names, longest names first where they overlap, in order.

    Two-letter shorthand that is also an ordinary word ("as", "ms") counts only where it is written in capitals.
    """
    lexicon, folded = _lexicon(), _ELISION.sub("  ", fold(text))
    found = list(_in_words(lexicon, folded, text))
    if _CJK.search(folded):
        matches = lexicon.chinese.finditer(folded)
        found += [ConditionMention(lexicon.by_name[match.group()], match.start(), match.end()) for match in matches]
    return sorted(found, key=lambda mention: mention.start)


def _in_words(lexicon: _Lexicon, folded: str, text: str) -> Iterator[ConditionMention]:
    tokens = [match.span() for match in _TOKEN.finditer(folded)]
    at = 0
    while at < len(tokens):
        size = next(
            (n for n in range(min(_LONGEST, len(tokens) - at), 0, -1) if _named(lexicon, folded, tokens, at, n)), 0
        )
        if size:
            start, end = tokens[at][0], tokens[at + size - 1][1]
            name = _named(lexicon, folded, tokens, at, size)
            if name not in _ORDINARY or text[start:end].rstrip("s").isupper():
                yield ConditionMention(lexicon.by_name[name], start, end)
        at += size or 1


def _named(lexicon: _Lexicon, folded: str, tokens: list[tuple[int, int]], at: int, size: int) -> str:
    """The name these tokens make, as the lexicon holds it (a plural or possessive ending aside), or ""."""
    said = folded[tokens[at][0] : tokens[at + size - 1][1]].replace("’", "'")
    for name in (said, said.removesuffix("'s"), said.removesuffix("s")):
        if name in lexicon.by_name:
            return name
    return ""


def conditions_in(text: str) -> frozenset[str]:
    """The conditions a text names, by the names labels use."""
    return frozenset(mention.condition for mention in condition_mentions(text))
