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

from knowledge.models import Document, Section
from knowledge.ports import DocumentRepository, Embedder, Vectors
from knowledge.retrieval.shelf import Postings
from knowledge.text import terms
from knowledge.units import Unit, heading, unit_passage, units_of

_DOCUMENTS_KEPT = 128


@dataclass(frozen=True, slots=True)
class UnitShelf:
    """All units of one document version, in reading order.

    `section_of[u]` is the ordinal of unit u's section, `at[u]` its place in it from 0. `text` holds the units' own
    terms, `around` those of heading, header row, lead-in and the sentence before.
    """

    document: Document
    sections: dict[int, Section]
    units: tuple[Unit, ...]
    section_of: NDArray[np.int32]
    at: NDArray[np.int32]
    sizes: NDArray[np.float32]
    text: Postings
    around: Postings

    def embedded(self, chosen: Sequence[int]) -> list[str]:
        """The chosen units as they are embedded."""
        return [unit_passage(heading(self.sections[int(self.section_of[u])]), self.units[u]) for u in chosen]


def build_unit_shelf(document: Document, sections: Sequence[Section]) -> UnitShelf:
    """Cut a document into units and index their words."""
    language = document.approval.language
    units: list[Unit] = []
    section_of: list[int] = []
    at: list[int] = []
    around: list[Counter[str]] = []
    for section in sections:
        title = " ".join((*section.path[-2:], heading(section)))
        before = ""
        for place, unit in enumerate(units_of(section)):
            units.append(unit)
            section_of.append(section.ordinal)
            at.append(place)
            around.append(Counter(terms(f"{title} {unit.context} {before}", language)))
            before = "" if unit.is_row else unit.text
    counted = [Counter(terms(unit.text, language)) for unit in units]
    return UnitShelf(
        document=document,
        sections={section.ordinal: section for section in sections},
        units=tuple(units),
        section_of=np.array(section_of, dtype=np.int32),
        at=np.array(at, dtype=np.int32),
        sizes=np.array([len(unit.text.split()) for unit in units], dtype=np.float32),
        text=Postings(counted),
        around=Postings(around),
    )


class EvidenceRoom:
    """Unit shelves by document version, the last used kept; and the similarity of units to a question."""

    def __init__(self, repository: DocumentRepository, embedder: Embedder) -> None:
        self._repository = repository
        self._embedder = embedder
        self._shelves: OrderedDict[str, UnitShelf] = OrderedDict()
        self._lock = Lock()

    def shelf(self, document: Document) -> UnitShelf:
        """The units of a version, cut on first use."""
        with self._lock:
            held = self._shelves.get(document.key)
            if held is not None:
                self._shelves.move_to_end(document.key)
                return held
        built = build_unit_shelf(document, self._repository.sections(document.key))
        with self._lock:
            self._shelves[document.key] = built
            while len(self._shelves) > _DOCUMENTS_KEPT:
                self._shelves.popitem(last=False)
        return built

    def similarity(self, query: Vectors, shelf: UnitShelf, chosen: Sequence[int]) -> Vectors:
        """Cosine of the chosen units to an embedded question, shape (len(chosen),)."""
        if not len(chosen):
            return np.zeros(0, dtype=np.float32)
        similar: Vectors = self._embedder.embed_passages(shelf.embedded(chosen)) @ query
        return similar
