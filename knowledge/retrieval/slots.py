"""Which standard matter a section deals with, finer than its kind: "missed_dose", "renal", "storage".

A question asks for a matter ("can she breastfeed?"), a label files it under a standard heading: slots are where the
two meet. The rules are data (`knowledge/data/slots.toml`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.models import SectionKind


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    kinds: frozenset[SectionKind]
    pattern: re.Pattern[str] | None

    def fits(self, kind: SectionKind, headings: str) -> bool:
        if self.kinds and kind not in self.kinds:
            return False
        return self.pattern is None or bool(self.pattern.search(headings))


def slot_of(kind: SectionKind, path: Sequence[str], title: str = "") -> str:
    """The slot of a section of this kind under these headings."""
    headings = " > ".join((*path, title)).lower()
    return next(rule.name for rule in _rules() if rule.fits(kind, headings))


@cache
def slot_names() -> tuple[str, ...]:
    """Every slot, in the order of the data file."""
    return tuple(dict.fromkeys(rule.name for rule in _rules()))


@cache
def _rules() -> tuple[_Rule, ...]:
    listed = tomllib.loads((files("knowledge") / "data" / "slots.toml").read_text(encoding="utf-8"))["slot"]
    return tuple(
        _Rule(
            name=entry["name"],
            kinds=frozenset(SectionKind(kind) for kind in entry.get("kinds", ())),
            pattern=re.compile(entry["pattern"]) if "pattern" in entry else None,
        )
        for entry in listed
    )
