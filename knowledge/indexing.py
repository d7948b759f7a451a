"""The derived indexes, kept equal to the register by comparing ids.

The register is written first, the indexes after it. Whatever a crash leaves behind is a difference between the ids
the register wants and the ids an index holds; the next run finds it and makes it good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.models import ContentStatus, Document, Passage
from knowledge.ports import DocumentRepository, Embedder, LexicalIndex, PartedText, PassageIndex, QuoteIndex
from knowledge.text import terms
from knowledge.units import Unit, spans_in, units_of

Progress = Callable[[str, int, int], None]

# Passages embedded and written at once: what a crash costs at most.
BATCH = 64


def silent(stage: str, done: int, total: int) -> None:
    """The progress of work nobody watches."""


@dataclass(frozen=True, slots=True)
class IndexChange:
    """How many passages were put into and taken out of an index."""

    added: int = 0
    removed: int = 0


class IndexService:
    """Brings the dense and the word index to what the register holds. The embedder is made only when there is work."""

    def __init__(
        self,
        documents: DocumentRepository,
        embedder: Callable[[], Embedder],
        dense: PassageIndex,
        words: LexicalIndex,
        quotes: QuoteIndex,
    ) -> None:
        self._documents = documents
        self._embedder = embedder
        self._dense = dense
        self._words = words
        self._quotes = quotes

    def reconcile(self, progress: Progress = silent) -> IndexChange:
        """Add what is missing and remove what should not be there; doing it again changes nothing."""
        indexed = self._indexed()
        wanted = self._documents.passage_ids(list(indexed))
        words = self._reconcile_words(indexed, wanted, progress)
        dense = self._reconcile_dense(indexed, wanted, progress)
        return IndexChange(max(words.added, dense.added), max(words.removed, dense.removed))

    def forget(self, document_keys: Sequence[str]) -> None:
        """Take versions out of both indexes, before their text is replaced."""
        ids = self._documents.passage_ids(document_keys)
        self._dense.delete(ids)
        self._quotes.delete(ids)
        self._words.delete(ids)

    def missing(self) -> int:
        """How many passages that should be searchable are absent from one of the indexes."""
        wanted = self._documents.passage_ids(list(self._indexed()))
        return len(wanted - (self._dense.ids() & self._quotes.ids() & self._words.ids()))

    def _indexed(self) -> dict[str, Document]:
        """Versions that are searched now or will be by the clock alone; drafts and withdrawn ones are in no index."""
        return {
            document.key: document
            for tenant in self._documents.tenants()
            for document in self._documents.documents(tenant)
            if document.approval.status is ContentStatus.APPROVED
        }

    def _reconcile_words(self, indexed: dict[str, Document], wanted: set[str], progress: Progress) -> IndexChange:
        held = self._words.ids()
        self._words.delete(held - wanted)
        missing = wanted - held
        done = 0
        for batch in _batches(self._passages(indexed, missing)):
            rows = {passage.id: indexing_terms(indexed[passage.document_key], passage) for passage in batch}
            self._words.upsert(rows)
            done += len(batch)
            progress("Words", done, len(missing))
        return IndexChange(len(missing), len(held - wanted))

    def _reconcile_dense(self, indexed: dict[str, Document], wanted: set[str], progress: Progress) -> IndexChange:
        dense, quotes = self._dense.ids(), self._quotes.ids()
        self._dense.delete(dense - wanted)
        self._quotes.delete(quotes - wanted)
        missing = wanted - (dense & quotes)
        units: dict[str, dict[int, list[Unit]]] = {}
        done = 0
        for batch in _batches(self._passages(indexed, missing)):
            texts = [self._parted(indexed[passage.document_key], passage, units) for passage in batch]
            made = self._embedder().embed_parted(texts)
            ids = [passage.id for passage in batch]
            self._quotes.upsert({key: matrix[1:] for key, matrix in zip(ids, made, strict=True)})
            self._dense.upsert(ids, np.stack([matrix[0] for matrix in made]))
            done += len(batch)
            progress("Vectors", done, len(missing))
        return IndexChange(len(missing), len((dense | quotes) - wanted))

    def _parted(self, document: Document, passage: Passage, cut: dict[str, dict[int, list[Unit]]]) -> PartedText:
        """A passage's indexing text with its quotable units marked; `cut` keeps the units of the document at hand."""
        if document.key not in cut:
            cut.clear()
            cut[document.key] = {
                section.ordinal: units_of(section) for section in self._documents.sections(document.key)
            }
        text = indexing_text(document, passage)
        shift = len(text) - len(passage.text)
        spans = spans_in(passage, cut[document.key].get(passage.section_ordinal, []))
        return PartedText(text, tuple((start + shift, end + shift) for start, end in spans))

    def _passages(self, indexed: dict[str, Document], missing: set[str]) -> Iterator[Passage]:
        """The missing passages, one document in memory at a time."""
        left = set(missing)
        for key in indexed:
            if not left:
                return
            if left.isdisjoint(self._documents.passage_ids([key])):
                continue
            for passage in self._documents.passages([key]):
                if passage.id in left:
                    left.discard(passage.id)
                    yield passage


def indexing_text(document: Document, passage: Passage) -> str:
    """What is embedded for a passage: whose it is and the headings over it, then its text.

    A table row or a list item says little without them.
    """
    head = " > ".join([", ".join(sorted(document.approval.products)), *passage.path])
    return "\n".join(part for part in (head, passage.context, passage.text) if part)


def indexing_facts(document: Document) -> tuple[object, ...]:
    """Those facts of a version that its passages are indexed with: when they change, the passages are indexed anew."""
    return document.approval.products, document.approval.language


def indexing_terms(document: Document, passage: Passage) -> list[str]:
    """What the word index holds for a passage: the terms of the same text, in the document's language."""
    return terms(indexing_text(document, passage), document.approval.language)


def _batches(passages: Iterator[Passage]) -> Iterator[list[Passage]]:
    batch: list[Passage] = []
    for passage in passages:
        batch.append(passage)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
