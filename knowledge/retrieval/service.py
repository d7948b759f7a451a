"""Search approved content inside a scope: candidates from the indexes, sections ranked, every hit checked again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.models import Document, Scope
from knowledge.names import ProductNames
from knowledge.ports import DocumentRepository, Embedder, LexicalIndex, PassageIndex
from knowledge.retrieval.concepts import Concept, concepts
from knowledge.retrieval.features import Asked, Sheet, sheet
from knowledge.retrieval.query import Hit, Query
from knowledge.retrieval.ranker import Ranker, shipped_ranker
from knowledge.retrieval.shelf import Floats, Shelf, build_shelf
from knowledge.retrieval.thread import Reading, read

_CANDIDATES = 150
_DOCUMENTS = 6
_SHELVED_PASSAGES = 40_000
_LEANS = 0.4
_ASIDE = 0.5
_PER_SECTION = 3
_TERMS_ASKED = 64


@dataclass(frozen=True, slots=True)
class _Held:
    """What may be seen in a scope right now."""

    keys: tuple[str, ...]
    documents: dict[str, Document]
    names: ProductNames


class RetrievalService:
    """Hybrid search over the register. Thread-safe; memory is bounded by `_SHELVED_PASSAGES`, not by the register."""

    def __init__(
        self,
        repository: DocumentRepository,
        passages: PassageIndex,
        words: LexicalIndex,
        embedder: Embedder,
        ranker: Ranker | None = None,
    ) -> None:
        self._repository = repository
        self._passages = passages
        self._words = words
        self._embedder = embedder
        self._ranker = ranker or shipped_ranker()
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()
        self._held: OrderedDict[tuple[str, int, tuple[str, ...]], _Held] = OrderedDict()
        self._lock = threading.Lock()

    def search(self, query: Query, scope: Scope, limit: int = 40) -> list[Hit]:
        """Passages that may answer, best first, several of a section allowed; [] for an empty question or scope.

        Every hit was valid in the scope when the search began and is again when it ends.
        """
        held = self._in_scope(scope)
        if not held.keys or not query.text.strip():
            return []
        reading = read(query, held.names)
        vectors = self._vectors(reading)
        shelves, shares = self._candidates(reading, held, vectors)
        if not shelves:
            return []
        ranked = self._ranked(reading, shelves, shares, vectors)
        valid = set(self._repository.keys_in_scope(scope))
        return [hit for hit in ranked if hit.document.key in valid][:limit]

    def reading(self, query: Query, scope: Scope) -> Reading:
        """How a message is understood: the products it is about, those named beside, how it leans on its thread."""
        return read(query, self._in_scope(scope).names)

    def names(self, scope: Scope) -> ProductNames:
        """The names of the products of every document valid in the scope."""
        return self._in_scope(scope).names

    def warm(self, scope: Scope) -> None:
        """Make every document in scope ready, as far as memory allows, so that first questions are quick."""
        held = self._in_scope(scope)
        for key in held.keys:
            self._shelf(held.documents[key])

    def _in_scope(self, scope: Scope) -> _Held:
        keys = tuple(self._repository.keys_in_scope(scope))
        mark = (scope.tenant, self._repository.generation(scope.tenant), keys)
        with self._lock:
            if mark in self._held:
                self._held.move_to_end(mark)
                return self._held[mark]
        documents = {document.key: document for document in self._repository.documents(scope.tenant)}
        chosen = {key: documents[key] for key in keys if key in documents}
        held = _Held(tuple(chosen), chosen, ProductNames.of(chosen.values()))
        with self._lock:
            self._held[mark] = held
            while len(self._held) > 16:
                self._held.popitem(last=False)
        return held

    def _vectors(self, reading: Reading) -> tuple[Floats, Floats]:
        """The message's vector, and the thread's with it when the message leans on the thread (else the same)."""
        own = self._embedder.embed_query(reading.text)
        if reading.leaning < _LEANS:
            return own, own
        return own, self._embedder.embed_query(f"{reading.context}\n{reading.text}")

    def _candidates(
        self, reading: Reading, held: _Held, vectors: tuple[Floats, Floats]
    ) -> tuple[list[Shelf], list[float]]:
        """Documents to rank in full, with how far each is likely to be the one meant (1 when the product is known)."""
        known = [document for document in held.documents.values() if document.approval.products & reading.products]
        if known:
            return [self._shelf(document) for document in known], [1.0] * len(known)
        shares = self._evidence(reading, held, vectors)
        best = sorted(shares, key=lambda key: -shares[key])[:_DOCUMENTS]
        return [self._shelf(held.documents[key]) for key in best], [shares[key] for key in best]

    def _evidence(self, reading: Reading, held: _Held, vectors: tuple[Floats, Floats]) -> dict[str, float]:
        """How strongly each document speaks up for the question, 1 for the strongest: its three best passages count."""
        owner = self._owners(held)
        among = list(owner)
        asked = [term for concept in concepts(_whole(reading)) for way in concept.ways for term in way][:_TERMS_ASKED]
        near = self._passages.search(vectors[1], among=among, limit=_CANDIDATES)
        told = self._words.search(asked, among=among, limit=_CANDIDATES) if asked else []
        scores: dict[str, float] = {}
        for found in (near, told):
            if found:
                top, low = found[0].score, found[-1].score
                for scored in found:
                    share = 0.5 * (scored.score - low) / max(top - low, 1e-6)
                    scores[scored.passage_id] = scores.get(scored.passage_id, 0.0) + share
        best: dict[str, list[float]] = {}
        for passage_id, score in scores.items():
            best.setdefault(owner[passage_id], []).append(score)
        weights = {key: sum(sorted(values, reverse=True)[:3]) / 3 for key, values in best.items()}
        for key in weights:
            if held.documents[key].approval.products & reading.asides:
                weights[key] *= _ASIDE
        top_weight = max(weights.values(), default=1.0) or 1.0
        return {key: weight / top_weight for key, weight in weights.items()}

    def _owners(self, held: _Held) -> dict[str, str]:
        return {passage_id: key for key in held.keys for passage_id in self._repository.passage_ids([key])}

    def _shelf(self, document: Document) -> Shelf:
        with self._lock:
            shelf = self._shelves.get(document.key)
            if shelf is not None:
                self._shelves.move_to_end(document.key)
                return shelf
        shelf = build_shelf(document, self._repository.passages([document.key]))
        with self._lock:
            self._shelves[document.key] = shelf
            while sum(len(kept.passages) for kept in self._shelves.values()) > _SHELVED_PASSAGES:
                if len(self._shelves) == 1:
                    break
                self._shelves.popitem(last=False)
        return shelf

    def _ranked(
        self, reading: Reading, shelves: Sequence[Shelf], shares: Sequence[float], vectors: tuple[Floats, Floats]
    ) -> list[Hit]:
        page = self.sheet(reading, shelves, vectors)
        scores = self._ranker.scores(page.rows)
        prior = np.concatenate([np.full(shelf.sections, share) for shelf, share in zip(shelves, shares, strict=True)])
        return _hits(page, np.asarray(scores * prior, dtype=np.float32))

    def sheet(self, reading: Reading, shelves: Sequence[Shelf], vectors: tuple[Floats, Floats]) -> Sheet:
        """The features of every section of the shelves for a question; training reads them too."""
        own, thread = vectors
        dense = self._similarities(shelves, own)
        context = dense if thread is own else self._similarities(shelves, thread)
        asked = asked_of(reading, self._ranker.slots(concepts(_whole(reading)), thread, self._embedder.name))
        return sheet(shelves, asked, dense, context)

    def _similarities(self, shelves: Sequence[Shelf], vector: Floats) -> list[Floats]:
        ids = [passage.id for shelf in shelves for passage in shelf.passages]
        values = self._passages.similarities(vector, ids)
        ends = np.cumsum([len(shelf.passages) for shelf in shelves])[:-1]
        return [np.asarray(part, dtype=np.float32) for part in np.split(values, ends)]


def asked_of(reading: Reading, slots: Floats) -> Asked:
    """A reading as the features need it."""
    earlier: tuple[Concept, ...] = concepts(reading.context) if reading.leaning else ()
    return Asked(concepts(reading.text), earlier, reading.leaning, slots)


def _whole(reading: Reading) -> str:
    return f"{reading.context}\n{reading.text}" if reading.leaning >= _LEANS else reading.text


def _hits(page: Sheet, scores: Floats) -> list[Hit]:
    """Sections by score, each with its best passages first."""
    found: list[tuple[float, float, Hit]] = []
    start = 0
    for shelf, fused in zip(page.shelves, page.fused, strict=True):
        for passage, section, quality in zip(shelf.passages, shelf.section_of, fused, strict=True):
            score = float(scores[start + int(section)])
            found.append((score, float(quality), Hit(passage, shelf.document, score)))
        start += shelf.sections
    found.sort(key=lambda entry: (-entry[0], entry[2].section, -entry[1]))
    return list(_few_of_each(hit for _, _, hit in found))


def _few_of_each(hits: Iterable[Hit]) -> Iterable[Hit]:
    seen: dict[tuple[str, str, str], int] = {}
    for hit in hits:
        seen[hit.section] = seen.get(hit.section, 0) + 1
        if seen[hit.section] <= _PER_SECTION:
            yield hit
