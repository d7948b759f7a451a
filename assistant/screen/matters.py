"""What shows each matter that is no adverse event, from matters.toml: words move the bar of the model's score."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from assistant.domain.referral import ReferralType
from assistant.screen.errors import ScreenDataError
from assistant.screen.lexicon import class_names


@dataclass(frozen=True, slots=True)
class Matter:
    """`words` are the classes that show it; `demand` those of somebody wanting something."""

    what: str
    words: frozenset[str]
    demand: frozenset[str]
    without: float
    share: float

    def bar(self, names: set[str], threshold: float) -> float:
        """The score a stretch with these word classes must reach."""
        if not names & self.words:
            return max(threshold, self.without)
        return threshold * self.share if names & self.demand else threshold


@lru_cache(maxsize=1)
def matters() -> Mapping[ReferralType, Matter]:
    """Every matter but adverse events; raises ScreenDataError naming the entry."""
    text = resources.files("assistant.screen").joinpath("data", "matters.toml").read_text("utf-8")
    table = tomllib.loads(text)
    known = frozenset(class_names())
    demand = frozenset(table.pop("demand"))
    wanted = {kind.value for kind in ReferralType} - {ReferralType.ADVERSE_EVENT.value}
    if set(table) != wanted:
        raise ScreenDataError(f"matters.toml: entries wanted exactly: {', '.join(sorted(wanted))}")
    made = {}
    for name, entry in table.items():
        words = frozenset(entry["any"])
        if not words | demand <= known or not 0 < entry["with"] <= 1 or not 0 < entry["without"] < 1:
            raise ScreenDataError(f"matters.toml: {name}: unknown word class, or a bar outside 0 to 1")
        made[ReferralType(name)] = Matter(entry["what"], words, demand, entry["without"], entry["with"])
    return made
