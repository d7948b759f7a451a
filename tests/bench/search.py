"""Choosing a four-way scope and searching in it, over 100,000 passages, beside numpy brute force.

Vectors go straight into the resident copy that every search reads: filling Chroma as well would take minutes and is
no part of a search.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np

from integrations.clock import FixedClock
from integrations.search.resident import ResidentVectors
from integrations.search.words import SqliteLexicalIndex
from integrations.storage.content import SqlDocumentRepository
from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from knowledge.models import Scope
from knowledge.ports import Vectors
from knowledge.text import terms
from tests.bench.corpus import NOW, PRODUCTS, documents, passages, scope
from tests.bench.figures import Figure, milliseconds, quantile

DOCUMENTS, EACH, DIMENSION, LIMIT, ROUNDS = 1_000, 100, 384, 150, 60
QUESTIONS = ("starting dose in renal impairment", "how to store the pen", "word777 nausea placebo", "pregnant adult")
SCOPES = {"one product": PRODUCTS[:1], "five products": PRODUCTS[:5], "all products": ("*",)}


class Corpus:
    """100,000 passages in the register, the resident vectors and the word index."""

    def __init__(self, folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'register.db'}")
        migrate(database)
        self.register = SqlDocumentRepository(database, FixedClock(NOW))
        self.dense = ResidentVectors(folder / "vectors.db", "bench")
        self.words = SqliteLexicalIndex(folder / "words.db")
        random = np.random.default_rng(7)
        for document in documents(DOCUMENTS):
            held = passages(document, EACH)
            self.register.save(document, [], held)
            self.words.upsert({passage.id: terms(passage.text, "en") for passage in held})
            rows = _unit(random.normal(size=(EACH, DIMENSION)))
            self.dense.upsert({passage.id: row for passage, row in zip(held, rows, strict=True)})
        self.queries = cycle(_unit(random.normal(size=(16, DIMENSION))))
        self.questions = cycle([terms(question, "en") for question in QUESTIONS])

    def among(self, chosen: Scope) -> tuple[str, ...]:
        """The ids in scope, from the register."""
        return tuple(sorted(self.register.passage_ids(self.register.keys_in_scope(chosen))))

    def search(self, chosen: Scope) -> None:
        """The whole step: choose, search both ways."""
        among = self.among(chosen)
        self.dense.search(next(self.queries), among, LIMIT)
        self.words.search(next(self.questions), among=among, limit=LIMIT)


def measure() -> Iterator[Figure]:
    """p50 and p95 of each step by size of scope, as times and as multiples of brute force."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder))
        matrix = _unit(np.random.default_rng(1).normal(size=(DOCUMENTS * EACH, DIMENSION)))
        for name, products in SCOPES.items():
            yield from _figures(corpus, matrix, name, scope(products))


def _figures(corpus: Corpus, matrix: Vectors, name: str, chosen: Scope) -> Iterator[Figure]:
    among = corpus.among(chosen)
    corpus.search(chosen)
    mask = np.zeros(len(matrix), dtype=bool)
    mask[: len(among)] = True
    limit = milliseconds(lambda: np.argsort(matrix[mask] @ next(corpus.queries))[-LIMIT:], ROUNDS)
    whole = milliseconds(partial(corpus.search, chosen), ROUNDS)
    steps = {
        "choose the scope in the register": partial(corpus.among, chosen),
        "nearest vectors": lambda: corpus.dense.search(next(corpus.queries), among, LIMIT),
        "words": lambda: corpus.words.search(next(corpus.questions), among=among, limit=LIMIT),
    }
    yield Figure(f"{name}: passages in scope", len(among), "")
    for step, work in steps.items():
        yield Figure(f"{name}: {step}, p95", quantile(milliseconds(work, ROUNDS), 0.95), "ms")
    yield Figure(f"{name}: numpy brute force over the scope, p50", quantile(limit, 0.5), "ms")
    yield Figure(f"{name}: the whole step, p95", quantile(whole, 0.95), "ms", "<= 120")
    yield Figure(f"{name}: the whole step to brute force, p50", quantile(whole, 0.5) / quantile(limit, 0.5), "x")


def _unit(rows: np.ndarray) -> Vectors:
    scaled: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled
