"""A document's quotable units made ready for choosing among them: their words, their surroundings, their vectors.

Derived from the approved text of one version alone, so it is good for as long as the version exists.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Document, Passage, Section
from knowledge.ports import DocumentRepository, QuoteIndex, Vectors
from knowledge.retrieval.shelf import Postings
from knowledge.text import terms
from knowledge.units import Unit, heading, units_of

_DOCUMENTS_KEPT = 128


@dataclass(frozen=True, slots=True)
class UnitShelf:
    """All units of one document version, in reading order.

    `section_of[u]` is the ordinal of unit u's section, `at[u]` its place in it from 0. `text` holds the units' own
    terms, `around` those of heading, header row, lead-in and the sentence before. `passage_of[u]` is the id of the
    passage in which unit u begins, `place_of[u]` its place among the units of that passage.
    """

    document: Document
    sections: dict[int, Section]
    units: tuple[Unit, ...]
    section_of: NDArray[np.int32]
    at: NDArray[np.int32]
    sizes: NDArray[np.float32]
    text: Postings
    around: Postings
    passage_of: tuple[str, ...] = ()
    place_of: tuple[int, ...] = ()


def build_unit_shelf(document: Document, sections: Sequence[Section], passages: Sequence[Passage] = ()) -> UnitShelf:
    """Cut a document into units, index their words, and note in which passage each one begins."""
    language = document.approval.language
    units: list[Unit] = []
    section_of: list[int] = []
    at: list[int] = []
    around: list[Counter[str]] = []
    counted: list[Counter[str]] = []
    # Headings, lead-ins and header rows recur from unit to unit: each is cut into terms once.
    known: dict[str, Counter[str]] = {"": Counter()}
    for section in sections:
        title = _counted(" ".join((*section.path[-2:], heading(section))), language, known)
        before = known[""]
        for place, unit in enumerate(units_of(section)):
            own = Counter(terms(unit.text, language))
            units.append(unit)
            counted.append(own)
            section_of.append(section.ordinal)
            at.append(place)
            around.append(title + _counted(unit.context, language, known) + before)
            before = known[""] if unit.is_row else own
    passage_of, place_of = _passages_of(units, section_of, passages)
    return UnitShelf(
        document=document,
        sections={section.ordinal: section for section in sections},
        units=tuple(units),
        section_of=np.array(section_of, dtype=np.int32),
        at=np.array(at, dtype=np.int32),
        sizes=np.array([len(unit.text.split()) for unit in units], dtype=np.float32),
        text=Postings(counted),
        around=Postings(around),
        passage_of=passage_of,
        place_of=place_of,
    )


def _counted(text: str, language: str, known: dict[str, Counter[str]]) -> Counter[str]:
    if text not in known:
        known[text] = Counter(terms(text, language))
    return known[text]


def _passages_of(
    units: Sequence[Unit], section_of: Sequence[int], passages: Sequence[Passage]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """For each unit the passage it begins in ("" for none) and how many units of that passage come before it."""
    by_section: dict[int, list[Passage]] = {}
    for passage in passages:
        by_section.setdefault(passage.section_ordinal, []).append(passage)
    counted: Counter[str] = Counter()
    ids: list[str] = []
    places: list[int] = []
    for unit, ordinal in zip(units, section_of, strict=True):
        inside = next((p.id for p in by_section.get(ordinal, ()) if p.start <= unit.start < p.end), "")
        ids.append(inside)
        places.append(counted[inside])
        counted[inside] += 1
    return tuple(ids), tuple(places)


class EvidenceRoom:
    """Unit shelves by document version, the last used kept; and the similarity of units to a question."""

    def __init__(self, repository: DocumentRepository, quotes: QuoteIndex) -> None:
        self._repository = repository
        self._quotes = quotes
        self._shelves: OrderedDict[str, UnitShelf] = OrderedDict()
        self._lock = Lock()

    def shelf(self, document: Document) -> UnitShelf:
        """The units of a version, cut on first use."""
        with self._lock:
            held = self._shelves.get(document.key)
            if held is not None:
                self._shelves.move_to_end(document.key)
                return held
        passages = self._repository.passages([document.key])
        built = build_unit_shelf(document, self._repository.sections(document.key), passages)
        with self._lock:
            self._shelves[document.key] = built
            while len(self._shelves) > _DOCUMENTS_KEPT:
                self._shelves.popitem(last=False)
        return built

    def similarity(self, query: Vectors, shelf: UnitShelf, chosen: Sequence[int]) -> Vectors:
        """Cosine of the chosen units to an embedded question, shape (len(chosen),); their mean where none is held."""
        wanted = list(dict.fromkeys(shelf.passage_of[unit] for unit in chosen))
        held = self._quotes.vectors([passage for passage in wanted if passage])
        similar = np.full(len(chosen), np.nan, dtype=np.float32)
        for row, unit in enumerate(chosen):
            matrix = held.get(shelf.passage_of[unit])
            if matrix is not None and shelf.place_of[unit] < len(matrix):
                similar[row] = matrix[shelf.place_of[unit]] @ query
        known = similar[~np.isnan(similar)]
        return np.nan_to_num(similar, nan=float(known.mean()) if len(known) else 0.0)
