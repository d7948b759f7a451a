"""Choosing what to quote: the few sentences and table rows of what was found that answer the question.

A small linear model, trained by `tools/quotes` on questions of our own with their answering sentences marked, weighs
the figures of `quote_features`. What is shown stays within one phone screen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.ask.evidence import UnitShelf
from assistant.ask.quote_features import FEATURES, Candidates, Floats
from knowledge.models import Document
from knowledge.units import Unit

WORD_BUDGET = 88
_MOST_UNITS = 5
# A further unit is shown while it is at least this likely compared with the best one.
_KEEP_SHARE = 0.01


_OTHER: ContextVar[Floats | None] = ContextVar("other quote weights", default=None)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A unit chosen for the answer, with where it stands and its share of the choice (0..1 over all candidates)."""

    document: Document
    shelf: UnitShelf
    index: int
    score: float

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.shelf.units[self.index]


def choose(found: Candidates, *, budget: int = WORD_BUDGET) -> list[Quoted]:
    """The units to show, in reading order; the best one always, others while they fit and are likely enough."""
    shares = share_of(found.rows)
    picked: list[int] = []
    words = 0
    for place in map(int, np.argsort(-shares, kind="stable")):
        if picked and (len(picked) == _MOST_UNITS or shares[place] < _KEEP_SHARE * shares[picked[0]]):
            break
        size = _shown_words(found, place, picked)
        if picked and (words + size > budget or _repeats(found, place, picked)):
            continue
        picked.append(place)
        words += size
    return _in_reading_order(found, picked, shares)


def share_of(rows: Floats) -> Floats:
    """How likely each candidate is the one that answers, summing to 1; shape (len(rows),)."""
    if not len(rows):
        return np.zeros(0, dtype=np.float32)
    scores = rows @ _weights()
    shares = np.exp(scores - scores.max())
    return np.asarray(shares / shares.sum(), dtype=np.float32)


@contextmanager
def use_weights(weights: Floats) -> Iterator[None]:
    """Choose by other weights for a while: for measuring a model on what it was not trained on."""
    token = _OTHER.set(weights)
    try:
        yield
    finally:
        _OTHER.reset(token)


def _weights() -> Floats:
    other = _OTHER.get()
    return _shipped_weights() if other is None else other


@cache
def _shipped_weights() -> Floats:
    stored = json.loads((files("assistant.ask") / "data" / "quotes.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES], dtype=np.float32)


def _shown_words(found: Candidates, place: int, picked: Sequence[int]) -> int:
    """Words a unit adds to the screen: its own, and its header row's or lead-in's unless that is shown already."""
    unit = found.unit(place)
    support = unit.header or unit.lead
    shown = {found.unit(other).header or found.unit(other).lead for other in picked}
    extra = len(support.split()) if support and support not in shown else 0
    return len(unit.text.split()) + extra


def _repeats(found: Candidates, place: int, picked: Sequence[int]) -> bool:
    text = _bare(found.unit(place))
    return any(text == _bare(found.unit(other)) for other in picked)


def _bare(unit: Unit) -> str:
    return unit.text.strip("- ").lower()


def _in_reading_order(found: Candidates, picked: Sequence[int], shares: Floats) -> list[Quoted]:
    ordered = sorted(picked, key=lambda place: (int(found.shelf_of[place]), int(found.index[place])))
    shelves = [found.shelves[int(found.shelf_of[place])] for place in ordered]
    return [
        Quoted(shelf.document, shelf, int(found.index[place]), float(shares[place]))
        for shelf, place in zip(shelves, ordered, strict=True)
    ]
