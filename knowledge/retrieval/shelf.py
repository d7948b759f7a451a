"""One document made ready for ranking: which terms stand in which passage and heading, and what each section is for.

A shelf is derived from a document version's passages alone, so it is good for as long as the version exists; cutting
words is the slow part and is done once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Document, Passage
from knowledge.retrieval.slots import slot_names, slot_of
from knowledge.text import terms

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.6


def floats(values: object) -> Floats:
    """Any numbers as the 32-bit floats used throughout."""
    return np.asarray(values, dtype=np.float32)


class Postings:
    """Where each term stands and how often, in two flat arrays; terms are looked up by dictionary."""

    def __init__(self, counts: Sequence[Mapping[str, int]]) -> None:
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, counted in enumerate(counts):
            for term, count in counted.items():
                places[term].append((place, count))
        self.size = len(counts)
        self._slices: dict[str, tuple[int, int]] = {}
        start = 0
        for term, found in places.items():
            self._slices[term] = (start, start + len(found))
            start += len(found)
        flat = [pair for found in places.values() for pair in found]
        self._places: Ints = np.array([place for place, _ in flat], dtype=np.int32)
        self._counts: Floats = np.array([count for _, count in flat], dtype=np.float32)

    def of(self, term: str) -> tuple[Ints, Floats]:
        """The places that hold a term, and how often each does."""
        start, end = self._slices.get(term, (0, 0))
        return self._places[start:end], self._counts[start:end]

    def terms(self) -> Iterable[str]:
        """Every term held."""
        return self._slices.keys()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A document with its passages, grouped into the sections a reader can tell apart (number and title).

    `section_of[p]` is the section of passage p; `first[s]` the first passage of section s; `slots[s]` its slot.
    """

    document: Document
    passages: tuple[Passage, ...]
    section_of: Ints
    slots: Ints
    order: Floats
    text: Postings
    headings: Postings
    norms: Floats
    heading_sizes: Floats
    words: Floats

    @property
    def sections(self) -> int:
        """How many sections there are."""
        return len(self.slots)


def build_shelf(document: Document, passages: Sequence[Passage]) -> Shelf:
    """Make a document ready for ranking."""
    keys: dict[tuple[str, str], int] = {}
    section_of = [keys.setdefault((passage.number, passage.title), len(keys)) for passage in passages]
    language = document.approval.language
    counts = [Counter(terms(f"{passage.context}\n{passage.text}", language)) for passage in passages]
    heads, slots = _headings(passages, section_of, len(keys), language)
    lengths = np.array([sum(counted.values()) for counted in counts], dtype=np.float32)
    mean = float(lengths.mean()) if len(lengths) else 1.0
    words = np.zeros(len(keys), dtype=np.float32)
    np.add.at(words, section_of, lengths)
    return Shelf(
        document=document,
        passages=tuple(passages),
        section_of=np.array(section_of, dtype=np.int32),
        slots=slots,
        order=floats(np.arange(len(keys)) / max(1, len(keys))),
        text=Postings(counts),
        headings=Postings(heads),
        norms=floats(_SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths / max(mean, 1.0))),
        heading_sizes=np.array([len(counted) for counted in heads], dtype=np.float32),
        words=words,
    )


def _headings(
    passages: Sequence[Passage], section_of: Sequence[int], sections: int, language: str
) -> tuple[list[Counter[str]], Ints]:
    """Terms of each section's headings, its own counted twice, and its slot."""
    names = slot_names()
    heads: list[Counter[str]] = [Counter() for _ in range(sections)]
    slots = np.zeros(sections, dtype=np.int32)
    for passage, section in zip(passages, section_of, strict=True):
        if not heads[section]:
            heads[section].update(terms(f"{passage.title}\n{passage.title}\n" + "\n".join(passage.path), language))
            slots[section] = names.index(slot_of(passage.kind, passage.path, passage.title))
    return heads, slots
