"""The patterns of identifiers.toml, compiled and checked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from assistant.screen.errors import ScreenDataError
from assistant.screen.result import IdentifierKind


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one kind of identifier looks like; the value is group `value` where there is one."""

    kind: IdentifierKind
    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words around a name that tell a patient from a customer."""

    patient: frozenset[str]
    trade: frozenset[str]
    titles: frozenset[str]
    introducers: frozenset[str]
    all_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class IdentifierRules:
    """`certain` patterns stand alone; `near` ones count beside another identifier."""

    certain: tuple[Pattern, ...]
    near: tuple[Pattern, ...]
    words: NameWords


@lru_cache(maxsize=1)
def identifier_rules() -> IdentifierRules:
    """The rules, checked; raises ScreenDataError naming the entry."""
    text = resources.files("assistant.screen").joinpath("data", "identifiers.toml").read_text("utf-8")
    table = tomllib.loads(text)
    certain = [
        _compile(e, rf"(?<![a-z0-9]){e.get('words')}[ :#.=-]*(?:is |no\.? |n° ?)?(?P<value>{e.get('value')})")
        for e in table["labelled"]
    ]
    certain += [_compile(e, str(e.get("pattern"))) for e in table["shape"]]
    words = {name: frozenset(w.strip() for w in line.split(",")) for name, line in table["words"].items()}
    near = tuple(_compile(e, str(e.get("pattern"))) for e in table["near"])
    return IdentifierRules(tuple(certain), near, NameWords(**words, all_words=frozenset().union(*words.values())))


def _compile(entry: dict[str, Any], expression: str) -> Pattern:
    try:
        return Pattern(IdentifierKind(entry["kind"]), re.compile(expression))
    except (re.error, ValueError, KeyError) as error:
        raise ScreenDataError(f"identifiers.toml: {entry}: {error}") from error
