"""Search approved content inside a scope: candidates from the indexes, sections ranked, every hit checked again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

import numpy as np

from knowledge.models import Document, Scope
from knowledge.names import ProductNames
from knowledge.ports import DocumentRepository, Embedder, LexicalIndex, PassageIndex
from knowledge.retrieval.concepts import Concept, concepts
from knowledge.retrieval.excerpt import excerpt
from knowledge.retrieval.features import Asked, Sheet, sheet
from knowledge.retrieval.query import Hit, Query
from knowledge.retrieval.ranker import Ranker, shipped_ranker
from knowledge.retrieval.shelf import Floats, Shelf, floats
from knowledge.retrieval.shelving import ShelfStore, Shelves
from knowledge.retrieval.thread import Reading, read

_CANDIDATES = 150
_DOCUMENTS = 6
_SCOPES = 16
LEANS = 0.4
_ASIDE = 0.5
_PER_SECTION = 3
_TERMS_ASKED = 64
_EXCERPTS = 20


class _Held:
    """What may be seen in a scope right now."""

    def __init__(self, repository: DocumentRepository, documents: dict[str, Document]) -> None:
        self._repository = repository
        self.documents = documents

    @cached_property
    def names(self) -> ProductNames:
        """The names of its products."""
        return ProductNames.of(self.documents.values())

    @cached_property
    def owner(self) -> dict[str, str]:
        """The document of each passage: needed only while no product is known."""
        return {passage: key for key in self.documents for passage in sorted(self._repository.passage_ids([key]))}

    @cached_property
    def among(self) -> tuple[str, ...]:
        """The ids of all its passages, one tuple that an index may recognise."""
        return tuple(self.owner)


class RetrievalService:
    """Hybrid search over the register. Thread-safe; `shelves` keeps what is derived from documents between runs."""

    def __init__(
        self,
        repository: DocumentRepository,
        passages: PassageIndex,
        words: LexicalIndex,
        embedder: Embedder,
        ranker: Ranker | None = None,
        shelves: ShelfStore | None = None,
    ) -> None:
        self._repository = repository
        self._passages = passages
        self._words = words
        self._embedder = embedder
        self._ranker = ranker or shipped_ranker()
        self._shelves = Shelves(repository, shelves)
        self._held: OrderedDict[tuple[str, int, tuple[str, ...]], _Held] = OrderedDict()
        self._lock = threading.Lock()

    def search(self, query: Query, scope: Scope, limit: int = 40) -> list[Hit]:
        """Passages that may answer, best first, several of a section allowed; [] for an empty question or scope.

        Every hit was valid in the scope when the search began and is again when it ends.
        """
        held = self._in_scope(scope)
        if not held.documents or not query.text.strip():
            return []
        reading = read(query, held.names)
        vectors = self._vectors(reading)
        shelves, shares = self._candidates(reading, held, vectors)
        if not shelves:
            return []
        ranked = self._ranked(reading, shelves, shares, vectors)
        valid = set(self._repository.keys_in_scope(scope))
        return list(islice((hit for hit in ranked if hit.document.key in valid), limit))

    def names(self, scope: Scope) -> ProductNames:
        """The names of the products of every document valid in the scope."""
        return self._in_scope(scope).names

    def _in_scope(self, scope: Scope) -> _Held:
        keys = tuple(self._repository.keys_in_scope(scope))
        mark = (scope.tenant, self._repository.generation(scope.tenant), keys)
        with self._lock:
            if mark in self._held:
                self._held.move_to_end(mark)
                return self._held[mark]
        documents = {document.key: document for document in self._repository.documents(scope.tenant)}
        chosen = {key: documents[key] for key in keys if key in documents}
        held = _Held(self._repository, chosen)
        with self._lock:
            self._held[mark] = held
            while len(self._held) > _SCOPES:
                self._held.popitem(last=False)
        return held

    def _vectors(self, reading: Reading) -> tuple[Floats, Floats]:
        """The message's vector, and the thread's with it when the message leans on the thread (else the same)."""
        own = self._embedder.embed_query(reading.text)
        if reading.leaning < LEANS:
            return own, own
        return own, self._embedder.embed_query(f"{reading.context}\n{reading.text}")

    def _candidates(
        self, reading: Reading, held: _Held, vectors: tuple[Floats, Floats]
    ) -> tuple[list[Shelf], list[float]]:
        """Documents to rank in full, with how likely each is the one meant (1 when the product is known).

        None when the product is known and nothing on it is valid: other products' text is no substitute.
        """
        known = [document for document in held.documents.values() if document.approval.products & reading.products]
        if known or reading.given:
            return [self._shelves.of(document) for document in known], [1.0] * len(known)
        shares = self._evidence(reading, held, vectors)
        best = sorted(shares, key=lambda key: -shares[key])[:_DOCUMENTS]
        return [self._shelves.of(held.documents[key]) for key in best], [shares[key] for key in best]

    def _evidence(self, reading: Reading, held: _Held, vectors: tuple[Floats, Floats]) -> dict[str, float]:
        """How strongly each document speaks up for the question, 1 for the strongest: its three best passages count."""
        asked = [term for concept in concepts(whole(reading)) for way in concept.ways for term in way][:_TERMS_ASKED]
        near = self._passages.search(vectors[1], among=held.among, limit=_CANDIDATES)
        told = self._words.search(asked, among=held.among, limit=_CANDIDATES) if asked else []
        scores: dict[str, float] = {}
        for found in (near, told):
            if found:
                top, low = found[0].score, found[-1].score
                for scored in found:
                    share = 0.5 * (scored.score - low) / max(top - low, 1e-6)
                    scores[scored.passage_id] = scores.get(scored.passage_id, 0.0) + share
        best: dict[str, list[float]] = {}
        for passage_id, score in scores.items():
            best.setdefault(held.owner[passage_id], []).append(score)
        weights = {key: sum(sorted(values, reverse=True)[:3]) / 3 for key, values in best.items()}
        for key in weights:
            if held.documents[key].approval.products & reading.asides:
                weights[key] *= _ASIDE
        top_weight = max(weights.values(), default=1.0) or 1.0
        return {key: weight / top_weight for key, weight in weights.items()}

    def _ranked(
        self, reading: Reading, shelves: Sequence[Shelf], shares: Sequence[float], vectors: tuple[Floats, Floats]
    ) -> Iterator[Hit]:
        page = self.sheet(reading, shelves, vectors)
        scores = self._ranker.scores(page.rows)
        prior = np.concatenate([np.full(shelf.sections, share) for shelf, share in zip(shelves, shares, strict=True)])
        return _hits(page, floats(scores * prior))

    def sheet(self, reading: Reading, shelves: Sequence[Shelf], vectors: tuple[Floats, Floats]) -> Sheet:
        """The features of every section of the shelves for a question; training reads them too."""
        own, thread = vectors
        dense = self._similarities(shelves, own)
        context = dense if thread is own else self._similarities(shelves, thread)
        asked = asked_of(reading, self._ranker.slots(concepts(whole(reading)), thread, self._embedder.name))
        return sheet(shelves, asked, dense, context)

    def _similarities(self, shelves: Sequence[Shelf], vector: Floats) -> list[Floats]:
        ids = [passage.id for shelf in shelves for passage in shelf.passages]
        values = self._passages.similarities(vector, ids)
        ends = np.cumsum([len(shelf.passages) for shelf in shelves])[:-1]
        return [floats(part) for part in np.split(values, ends)]


def asked_of(reading: Reading, slots: Floats) -> Asked:
    """A reading as the features need it."""
    earlier: tuple[Concept, ...] = concepts(reading.context) if reading.leaning else ()
    return Asked(concepts(reading.text), earlier, reading.leaning, slots)


def whole(reading: Reading) -> str:
    """The message, with what was said before when it leans on that."""
    return f"{reading.context}\n{reading.text}" if reading.leaning >= LEANS else reading.text


def _hits(page: Sheet, scores: Floats) -> Iterator[Hit]:
    """Sections by score, the best passages of each first; the first of each carries an excerpt."""
    shelf_of = np.repeat(np.arange(len(page.shelves)), [shelf.sections for shelf in page.shelves])
    starts = np.cumsum([0, *(shelf.sections for shelf in page.shelves)])
    excerpts = 0
    for row in np.argsort(-scores, kind="stable"):
        at = int(shelf_of[row])
        shelf, quality = page.shelves[at], page.quality[at]
        passages = np.flatnonzero(shelf.section_of == row - starts[at])
        for rank, place in enumerate(passages[np.argsort(-quality[passages], kind="stable")][:_PER_SECTION]):
            hit = Hit(shelf.passages[place], shelf.document, float(scores[row]))
            if rank == 0 and excerpts < _EXCERPTS:
                excerpts += 1
                hit = replace(hit, excerpt=excerpt(shelf, int(place), quality))
            yield hit
