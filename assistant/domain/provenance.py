"""Where a fact of the record comes from, when it was true, when we learned it, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Visibility(StrEnum):
    """The firewall's two sides. A commercial reader of something medical learns that it happened, and when."""

    COMMERCIAL = "commercial"
    MEDICAL = "medical"


@dataclass(frozen=True, slots=True)
class Source:
    """The exact words a fact rests on: `quote` is `[start, end)` of the text of the record entry `entry_id`."""

    entry_id: str
    author: str
    author_role: str
    quote: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Two dates for every fact: `true_at` in the world, `learned_at` in our record. `confidence` is 0 to 1.

    A correction writes version n+1; version n stays readable.
    """

    source: Source
    true_at: datetime
    learned_at: datetime
    confidence: float = 1.0
    visibility: Visibility = Visibility.COMMERCIAL
    version: int = 1
