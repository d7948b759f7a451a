"""What the words of a question hint at: price, comparison, opinion, a use, the label itself, a number.

The expressions live in `data/cues.toml`. Cues decide nothing alone: they are features of the outcome model and the
reasons a person reads.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.text import normalise


@dataclass(frozen=True, slots=True)
class Cue:
    """One family of words. `why` completes "It ...", as people read it."""

    name: str
    why: str
    pattern: re.Pattern[str]


@cache
def cues() -> tuple[Cue, ...]:
    """Every cue of the data file, in its order; a malformed expression raises with its family's name."""
    families = tomllib.loads((files("assistant.ask") / "data" / "cues.toml").read_text(encoding="utf-8"))
    return tuple(Cue(name, family["why"], _compile(name, family)) for name, family in families.items())


def cue_counts(text: str) -> dict[str, int]:
    """How many distinct words or phrases of each family a text holds; every family has an entry."""
    plain = normalise(text)
    return {cue.name: len({match.group() for match in cue.pattern.finditer(plain)}) for cue in cues()}


def _compile(name: str, family: dict[str, list[str]]) -> re.Pattern[str]:
    latin = "|".join(family.get("latin", ()))
    cjk = "|".join(family.get("cjk", ()))
    try:
        return re.compile("|".join(part for part in (rf"(?<!\w)(?:{latin})(?!\w)" if latin else "", cjk) if part))
    except re.error as fault:
        raise ValueError(f"cues.toml: [{name}] {fault}") from fault
