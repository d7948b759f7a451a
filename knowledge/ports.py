"""What knowledge needs from outside, in its own words. Adapters live in `integrations`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.models import Document, Passage, Scope, Section

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage id with a score; higher is better."""

    passage_id: str
    score: float


@dataclass(frozen=True, slots=True)
class PartedText:
    """A text with stretches `[start, end)` of it, in order and without overlaps, that are wanted by themselves too."""

    text: str
    parts: tuple[tuple[int, int], ...]


class Embedder(Protocol):
    """Text to unit vectors. `name` identifies model and version: vectors of different names never mix."""

    @property
    def name(self) -> str:
        """Model and version, the first part of every cache key."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), float32, unit rows. Any text is accepted, also "" and lone surrogates."""
        ...

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        """For each text shape (1 + parts, dimension), float32, unit rows: the whole as `embed_passages` gives it, then
        each part as read in its surroundings. An embedder that cannot tell parts apart gives each the whole's vector.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,), float32, unit length."""
        ...


class PassageIndex(Protocol):
    """The dense index: derived from the register, rebuilt by one command."""

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors under passage ids, replacing what was there."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Forget passages; unknown ids are no error."""
        ...

    def ids(self) -> set[str]:
        """Every passage id held."""
        ...

    def search(self, query: Vectors, *, among: Sequence[str], limit: int) -> list[Scored]:
        """Nearest by cosine among the given ids (the register chose them); unknown ids are ignored."""
        ...

    def similarities(self, query: Vectors, ids: Sequence[str]) -> Vectors:
        """Cosine of each id, shape (len(ids),); 0.0 for an id that is not held."""
        ...


class QuoteIndex(Protocol):
    """Vectors of the quotable units inside each passage: derived with the dense index, rebuilt with it."""

    def upsert(self, vectors: Mapping[str, Vectors]) -> None:
        """Store, by passage id, the vectors of its units in reading order, shape (units, dimension)."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Forget passages; unknown ids are no error."""
        ...

    def ids(self) -> set[str]:
        """Every passage id held."""
        ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The units' vectors of those passages that are held."""
        ...


class LexicalIndex(Protocol):
    """The word index: derived likewise. Terms come from `knowledge.text`."""

    def upsert(self, passages: Mapping[str, Sequence[str]]) -> None:
        """Store the terms of passages by id, replacing what was there."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Forget passages; unknown ids are no error."""
        ...

    def ids(self) -> set[str]:
        """Every passage id held."""
        ...

    def search(self, terms: Sequence[str], *, among: Sequence[str], limit: int) -> list[Scored]:
        """BM25 among the given ids, best first."""
        ...


class DocumentRepository(Protocol):
    """The register's tables: the truth about what exists. Validity at a moment is decided in `knowledge.library`."""

    def save(self, document: Document, sections: Sequence[Section], passages: Sequence[Passage]) -> None:
        """Write one document version with its sections and passages, all or nothing."""
        ...

    def update(self, document: Document) -> None:
        """Write the title and approval facts of a version that is held; its text stays."""
        ...

    def versions(self, tenant: str, document_id: str) -> list[Document]:
        """Every version of one document, whatever its status."""
        ...

    def documents(self, tenant: str) -> list[Document]:
        """Every version of every document of a tenant, whatever its status."""
        ...

    def set_withdrawn(self, tenant: str, document_id: str) -> int:
        """Mark every version withdrawn, at once; returns how many changed."""
        ...

    def sections(self, document_key: str) -> list[Section]:
        """A document version's sections in reading order."""
        ...

    def passages(self, document_keys: Sequence[str]) -> list[Passage]:
        """Passages of the given versions, in reading order."""
        ...

    def passage_ids(self, document_keys: Sequence[str]) -> set[str]:
        """Ids of every passage of the given versions, without reading their text."""
        ...

    def tenants(self) -> list[str]:
        """Every tenant that holds a document."""
        ...

    def generation(self, tenant: str) -> int:
        """Grows with every change to the register: what is cached from it is keyed by this."""
        ...

    def keys_in_scope(self, scope: Scope) -> list[str]:
        """Keys of versions valid in the scope at `scope.on`: status, market, audience, product, dates, supersession."""
        ...
