"""One document made ready for ranking: which terms stand in which passage and heading, and what each section is for.

A shelf is derived from a document version's passages alone, so it is good for as long as the version exists; cutting
words is the slow part and is done once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Document, Passage, Section
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
        """Postings of as many places as there are counts."""
        held: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, counted in enumerate(counts):
            for term, count in counted.items():
                held[term].append((place, count))
        flat = [pair for found in held.values() for pair in found]
        self._hold(
            list(held),
            np.cumsum([len(found) for found in held.values()], dtype=np.int32),
            np.array([place for place, _ in flat], dtype=np.int32),
            np.array([count for _, count in flat], dtype=np.float32),
            len(counts),
        )

    @classmethod
    def of_arrays(cls, terms_held: Sequence[str], ends: Ints, places: Ints, counts: Floats, size: int) -> Postings:
        """Postings again from what `arrays` gave."""
        postings = cls.__new__(cls)
        postings._hold(terms_held, ends, places, counts, size)
        return postings

    def arrays(self) -> tuple[list[str], Ints, Ints, Floats, int]:
        """Terms, where each one's stretch of places and counts ends, places, counts, and how many places there are."""
        return list(self._rows), np.array(self._starts[1:], np.int32), self._places, self._counts, self.size

    def _hold(self, terms_held: Sequence[str], ends: Ints, places: Ints, counts: Floats, size: int) -> None:
        self.size = size
        self._rows = {term: row for row, term in enumerate(terms_held)}
        self._starts = [0, *ends.tolist()]
        self._places, self._counts = places, counts

    def of(self, term: str) -> tuple[Ints, Floats]:
        """The places that hold a term, and how often each does."""
        row = self._rows.get(term)
        if row is None:
            return self._places[:0], self._counts[:0]
        start, end = self._starts[row], self._starts[row + 1]
        return self._places[start:end], self._counts[start:end]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A document with its passages, grouped into the sections a reader can tell apart (number and title).

    `section_of[p]` is the section of passage p, `slots[s]` the slot of section s. `gaps[p]` is the text between the
    passage before and p in one section of the file, None where p begins it or does not follow on.
    """

    document: Document
    passages: tuple[Passage, ...]
    gaps: tuple[str | None, ...]
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


def build_shelf(document: Document, passages: Sequence[Passage], sections: Sequence[Section]) -> Shelf:
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
        gaps=_gaps(passages, {section.ordinal: section.text for section in sections}),
        section_of=np.array(section_of, dtype=np.int32),
        slots=slots,
        order=floats(np.arange(len(keys)) / max(1, len(keys))),
        text=Postings(counts),
        headings=Postings(heads),
        norms=floats(_SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths / max(mean, 1.0))),
        heading_sizes=np.array([len(counted) for counted in heads], dtype=np.float32),
        words=words,
    )


def _gaps(passages: Sequence[Passage], texts: Mapping[int, str]) -> tuple[str | None, ...]:
    found: list[str | None] = [None] * len(passages)
    for place, (before, passage) in enumerate(pairwise(passages), start=1):
        if before.section_ordinal == passage.section_ordinal and before.end <= passage.start:
            found[place] = texts[passage.section_ordinal][before.end : passage.start]
    return tuple(found)


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
