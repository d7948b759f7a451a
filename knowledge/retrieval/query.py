"""What is asked of retrieval and what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.models import Document, Passage

SectionKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what is known around it.

    `history` holds the earlier messages of the thread, oldest first. `products` are register names the conversation
    is about, already resolved; empty when nobody has said.
    """

    text: str
    history: tuple[str, ...] = ()
    products: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with the version it belongs to.

    `score` lies in 0..1 and estimates the chance that the passage's section answers the question. `excerpt` is exact
    text of the section around the passage, as much as can be shown at once; it holds the passage.
    """

    passage: Passage
    document: Document
    score: float
    excerpt: str = ""

    @property
    def section(self) -> SectionKey:
        """What a reader calls one section: document id, number and title, own or inherited."""
        return self.document.id, self.passage.number, self.passage.title


def distinct_sections(hits: Iterable[Hit], limit: int = 10) -> list[Hit]:
    """The best hit of each distinct section, in the order given, at most `limit`."""
    best: dict[SectionKey, Hit] = {}
    for hit in hits:
        best.setdefault(hit.section, hit)
        if len(best) == limit:
            break
    return list(best.values())


def score_by_product(hits: Iterable[Hit]) -> dict[str, float]:
    """How much of the evidence speaks for each product, summing to 1: the best section of each product counts.

    An asker who holds several products and named none is asked back when no share stands out.
    """
    best: dict[str, float] = {}
    for hit in hits:
        for product in hit.document.approval.products:
            best[product] = max(best.get(product, 0.0), hit.score)
    total = sum(best.values())
    return {name: value / total for name, value in sorted(best.items(), key=lambda x: -x[1])} if total else {}
