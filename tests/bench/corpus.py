"""Synthetic text and a synthetic register, from fixed seeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np

from knowledge.models import (
    Approval,
    Audience,
    ContentStatus,
    Document,
    DocumentType,
    Passage,
    PermittedUse,
    Scope,
    SectionKind,
)

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MARKETS = ("US", "GB", "FR", "DE", "TW", "CA", "ES", "IT")
PRODUCTS = tuple(f"Product{number:02d}" for number in range(25))
AUDIENCES = (Audience.REP, Audience.REP, Audience.MEDICAL, Audience.MARKET_ACCESS)
STEMS = """
    dose renal hepatic impair patient adult pediatric inject oral tablet week day monitor reduce increase adverse
    reaction nausea study placebo efficacy safety contraindicate hypersensitive pregnant lactate store refrigerate
    pen interact inhibit induce plasma exposure clearance dialysis baseline endpoint response remission warning
""".split()  # noqa: SIM905 (a list of forty strings reads worse)


def sentence_like(seed: int, words: int) -> str:
    """Text of so many words, common ones common and rare ones rare, as in real text."""
    random = np.random.default_rng(seed)
    ranks = np.minimum(random.zipf(1.3, words), 20_000)
    return " ".join(STEMS[rank] if rank < len(STEMS) else f"word{rank}" for rank in ranks)


def documents(count: int) -> Iterator[Document]:
    """Documents spread over markets, audiences, products and dates; one in ten is no longer valid."""
    for number in range(count):
        expired = number % 10 == 9
        approval = Approval(
            status=ContentStatus.APPROVED,
            approval_id=f"MLR-{number}",
            markets=frozenset({MARKETS[number % len(MARKETS)]}),
            language="en",
            audiences=frozenset({AUDIENCES[number // 8 % 4]}),
            uses=frozenset({PermittedUse.INTERNAL}),
            type=DocumentType.LABEL,
            products=frozenset({PRODUCTS[number // 32 % len(PRODUCTS)]}),
            effective_from=date(2025, 1, 1),
            expires_on=(NOW - timedelta(days=1)).date() if expired else date(2027, 1, 1),
        )
        yield Document(
            f"k{number}", "default", f"d{number}", "1", f"Title {number}", "f.md", f"{number:064x}", approval
        )


def passages(document: Document, count: int) -> list[Passage]:
    """Passages of 60 words."""
    found = []
    for number in range(count):
        text = sentence_like(int(document.key[1:]) * 1_000 + number, 60)
        passage_id = f"{document.key}-{number}"
        path = ("Section",)
        found.append(Passage(passage_id, document.key, 0, "1", "Section", path, SectionKind.DOSAGE, text, 0, len(text)))
    return found


def scope(products: tuple[str, ...]) -> Scope:
    """A US rep with these products, now."""
    return Scope("default", "US", frozenset({Audience.REP}), frozenset(products), NOW)
