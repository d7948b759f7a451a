"""Which diseases a text speaks of, whatever it calls them: the yardstick for what a label's indications cover.

The names live in `data/conditions.txt`, in four languages and in the shorthand of the field ("afib", "HS", "乾癬").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.names import fold

_ORDINARY = frozenset({"as", "ad", "ms", "hit", "mac", "all"})


@dataclass(frozen=True, slots=True)
class ConditionMention:
    """A stretch `[start, end)` of a text that names a condition, with the name labels use for it."""

    condition: str
    start: int
    end: int


@cache
def _lexicon() -> tuple[dict[str, str], re.Pattern[str]]:
    by_name: dict[str, str] = {}
    for line in (files("assistant.ask") / "data" / "conditions.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            names = [fold(name.strip()) for name in line.split(";")]
            for name in names:
                by_name.setdefault(name, names[0])
    longest_first = sorted(by_name, key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in longest_first if name.isascii() or not _is_cjk(name))
    cjk = "|".join(re.escape(name) for name in longest_first if _is_cjk(name))
    return by_name, re.compile(rf"(?<![a-z0-9])(?:{latin})(?:'s|s)?(?![a-z0-9])|{cjk}")


def condition_mentions(text: str) -> list[ConditionMention]:
    """Every condition a text names, longest names first where they overlap, in order.

    Two-letter shorthand that is also an ordinary word ("as", "ms") counts only where it is written in capitals.
    """
    by_name, pattern = _lexicon()
    found = []
    for match in pattern.finditer(fold(text)):
        said = match.group()
        name = said if said in by_name else said.removesuffix("s").removesuffix("'")
        written = text[match.start() : match.end()]
        if name in _ORDINARY and not written[: len(name)].isupper():
            continue
        found.append(ConditionMention(by_name.get(name, name), match.start(), match.end()))
    return found


def conditions_in(text: str) -> frozenset[str]:
    """The conditions a text names, by the names labels use."""
    return frozenset(mention.condition for mention in condition_mentions(text))


def _is_cjk(name: str) -> bool:
    return bool(re.search(r"[\u3400-\u9fff]", name))
