"""Fakes that implement our ports in memory, held to the same contract suites as the real adapters."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from assistant.domain.person import Person, Role
from assistant.errors import Conflict
from assistant.identify import email_key
from knowledge.models import (
    Approval,
    Audience,
    Block,
    BlockKind,
    ContentStatus,
    Document,
    DocumentType,
    Passage,
    PermittedUse,
    Scope,
    Section,
    SectionKind,
)
from knowledge.ports import PartedText, Scored, Vectors
from knowledge.validity import keys_in_scope

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class FakeClock:
    """A clock that tests set."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class FakeDocumentRepository:
    """The register in a dictionary."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Document, list[Section], list[Passage]]] = {}
        self._generations: dict[str, int] = defaultdict(int)

    def save(self, document: Document, sections: Sequence[Section], passages: Sequence[Passage]) -> None:
        self._held[document.key] = (document, sorted(sections, key=lambda section: section.ordinal), list(passages))
        self._generations[document.tenant] += 1

    def update(self, document: Document) -> None:
        if document.key in self._held:
            old, sections, passages = self._held[document.key]
            changed = replace(old, title=document.title, file_name=document.file_name, approval=document.approval)
            self._held[document.key] = (changed, sections, passages)
        self._generations[document.tenant] += 1

    def versions(self, tenant: str, document_id: str) -> list[Document]:
        return [document for document in self.documents(tenant) if document.id == document_id]

    def documents(self, tenant: str) -> list[Document]:
        found = [document for document, _, _ in self._held.values() if document.tenant == tenant]
        return sorted(found, key=lambda document: (document.id, document.version))

    def tenants(self) -> list[str]:
        return sorted({document.tenant for document, _, _ in self._held.values()})

    def set_withdrawn(self, tenant: str, document_id: str) -> int:
        changed = 0
        for document in self.versions(tenant, document_id):
            if document.approval.status is not ContentStatus.WITHDRAWN:
                self.update(replace(document, approval=replace(document.approval, status=ContentStatus.WITHDRAWN)))
                changed += 1
        return changed

    def sections(self, document_key: str) -> list[Section]:
        return list(self._held[document_key][1]) if document_key in self._held else []

    def passages(self, document_keys: Sequence[str]) -> list[Passage]:
        keys = [key for key in dict.fromkeys(document_keys) if key in self._held]
        return [passage for key in keys for passage in self._held[key][2]]

    def passage_ids(self, document_keys: Sequence[str]) -> set[str]:
        return {passage.id for passage in self.passages(document_keys)}

    def generation(self, tenant: str) -> int:
        return self._generations[tenant]

    def keys_in_scope(self, scope: Scope) -> list[str]:
        return keys_in_scope(self.documents(scope.tenant), scope)


class FakePeopleRepository:
    """The roster in a dictionary."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], Person] = {}

    def save(self, people: Sequence[Person]) -> None:
        changed = self._people | {(found.tenant, found.id): found for found in people}
        if len({email_key(found.email) for found in changed.values()}) < len(changed):
            raise Conflict("two people would share an e-mail address")
        self._people = changed

    def by_email(self, key: str) -> Person | None:
        return next((found for found in self._people.values() if email_key(found.email) == key), None)

    def by_slack_user(self, slack_user_id: str) -> Person | None:
        return next((found for found in self._people.values() if found.slack_user_id == slack_user_id), None)

    def everyone(self, tenant: str) -> list[Person]:
        return sorted(
            (found for found in self._people.values() if found.tenant == tenant), key=lambda p: (p.name, p.id)
        )


class FakeEmbedder:
    """Vectors from hashes of words: equal texts are equal, texts that share words are near."""

    name = "fake-1"
    dimension = 64

    def __init__(self) -> None:
        self.embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return np.stack([self.embed_query(text) for text in texts]) if texts else np.zeros((0, self.dimension), "f4")

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        self.embedded += len(texts)
        return [
            np.stack([self.embed_query(part) for part in (text.text, *(text.text[a:b] for a, b in text.parts))])
            for text in texts
        ]

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[0] = 1e-3
        for word in text.lower().split():
            digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=4).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


class FakeQuoteIndex:
    """Units' vectors in a dictionary."""

    def __init__(self) -> None:
        self._held: dict[str, Vectors] = {}

    def upsert(self, vectors: Mapping[str, Vectors]) -> None:
        self._held.update(vectors)

    def delete(self, ids: Iterable[str]) -> None:
        for key in list(ids):
            self._held.pop(key, None)

    def ids(self) -> set[str]:
        return set(self._held)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        return {key: self._held[key] for key in ids if key in self._held}


class FakePassageIndex:
    """The dense index in a dictionary."""

    def __init__(self) -> None:
        self._vectors: dict[str, Vectors] = {}

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        self._vectors.update(zip(ids, vectors, strict=True))

    def delete(self, ids: Iterable[str]) -> None:
        for passage_id in list(ids):
            self._vectors.pop(passage_id, None)

    def ids(self) -> set[str]:
        return set(self._vectors)

    def search(self, query: Vectors, *, among: Sequence[str], limit: int) -> list[Scored]:
        held = [passage_id for passage_id in dict.fromkeys(among) if passage_id in self._vectors]
        scores = self.similarities(query, held)
        ranked = sorted(zip(held, scores, strict=True), key=lambda pair: -pair[1])
        return [Scored(passage_id, float(score)) for passage_id, score in ranked[:limit]]

    def similarities(self, query: Vectors, ids: Sequence[str]) -> Vectors:
        found = [float(self._vectors[key] @ query) if key in self._vectors else 0.0 for key in ids]
        return np.asarray(found, dtype=np.float32)


class FakeLexicalIndex:
    """The word index in a dictionary; the score is the number of distinct terms in common."""

    def __init__(self) -> None:
        self._terms: dict[str, list[str]] = {}

    def upsert(self, passages: Mapping[str, Sequence[str]]) -> None:
        self._terms.update({key: list(terms) for key, terms in passages.items()})

    def delete(self, ids: Iterable[str]) -> None:
        for passage_id in list(ids):
            self._terms.pop(passage_id, None)

    def ids(self) -> set[str]:
        return set(self._terms)

    def search(self, terms: Sequence[str], *, among: Sequence[str], limit: int) -> list[Scored]:
        wanted = set(terms)
        counted = [(key, len(wanted & set(self._terms.get(key, ())))) for key in dict.fromkeys(among)]
        ranked = sorted(((key, score) for key, score in counted if score), key=lambda pair: -pair[1])
        return [Scored(key, float(score)) for key, score in ranked[:limit]]


def approval(**changes: Any) -> Approval:
    """Approval facts that are valid for a US rep at NOON, with whatever a test changes."""
    facts: dict[str, Any] = {
        "status": ContentStatus.APPROVED,
        "approval_id": "MLR-1",
        "markets": frozenset({"US"}),
        "language": "en",
        "audiences": frozenset({Audience.REP}),
        "uses": frozenset({PermittedUse.INTERNAL}),
        "type": DocumentType.LABEL,
        "products": frozenset({"Velmora"}),
        "effective_from": date(2026, 1, 1),
        "expires_on": date(2026, 12, 31),
    }
    return Approval(**{**facts, **changes})


def document(
    key: str = "k1",
    *,
    id: str = "doc",  # noqa: A002
    version: str = "1",
    tenant: str = "default",
    **changes: Any,
) -> Document:
    """A document version; keyword arguments change its approval facts."""
    return Document(
        key=key,
        tenant=tenant,
        id=id,
        version=version,
        title=f"{id} {version}",
        file_name=f"{id}.md",
        sha256=hashlib.sha256(key.encode()).hexdigest(),
        approval=approval(**changes),
        names=("velmorab",),
    )


def section(ordinal: int = 0, text: str = "Take one tablet daily.", **changes: Any) -> Section:
    """A section of one paragraph."""
    facts: dict[str, Any] = {
        "number": f"{ordinal + 1}",
        "title": "Dosage",
        "path": ("Dosage",),
        "kind": SectionKind.DOSAGE,
        "blocks": (Block(BlockKind.PARAGRAPH, 0, len(text)),),
    }
    return Section(ordinal=ordinal, text=text, **{**facts, **changes})


def scope(**changes: Any) -> Scope:
    """The scope of a US rep of Velmora at NOON, with whatever a test changes."""
    facts: dict[str, Any] = {
        "tenant": "default",
        "market": "US",
        "audiences": frozenset({Audience.REP}),
        "products": frozenset({"Velmora"}),
        "on": NOON,
    }
    return Scope(**{**facts, **changes})


def person(id: str = "p1", **changes: Any) -> Person:  # noqa: A002
    """An active US rep of Velmora."""
    facts: dict[str, Any] = {
        "name": "Ana Ruiz",
        "email": f"{id}@example.com",
        "role": Role.REP,
        "market": "US",
        "products": frozenset({"Velmora"}),
        "territories": frozenset({"TX-01"}),
    }
    return Person(id=id, **{**facts, **changes})
