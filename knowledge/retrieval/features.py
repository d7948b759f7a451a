"""One row of figures per section: what the ranker sees of a question and a section.

Dense similarities are put on a scale of their own candidates, so another embedder's range does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.retrieval.concepts import Concept
from knowledge.retrieval.match import WordMatch, match
from knowledge.retrieval.shelf import Floats, Shelf, floats

FEATURES = (
    "dense",
    "dense_second",
    "dense_rank",
    "saturated",
    "passage_cover",
    "section_cover",
    "heading_cover",
    "heading_fit",
    "fused",
    "fused_rank",
    "slot_log",
    "slot",
    "slot_heading",
    "numbers",
    "context_dense",
    "context_cover",
    "context_heading",
    "length",
    "order",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the ranker needs it: concepts of the message and of the thread, and a probability per slot."""

    concepts: Sequence[Concept]
    context: Sequence[Concept]
    leaning: float
    slots: Floats


@dataclass(frozen=True, slots=True)
class Sheet:
    """Features of all sections of the shelves, row by row; `quality` tells the better passages of a section."""

    shelves: tuple[Shelf, ...]
    rows: Floats
    quality: tuple[Floats, ...]


def sheet(shelves: Sequence[Shelf], asked: Asked, dense: Sequence[Floats], context: Sequence[Floats]) -> Sheet:
    """Features of every section of the shelves; `dense` and `context` hold each shelf's passage similarities.

    Shape of `rows`: (all sections, len(FEATURES)). `context` is like `dense` when nothing was said before.
    """
    found = [match(shelf, asked.concepts) for shelf in shelves]
    earlier = [match(shelf, asked.context) for shelf in shelves]
    near, near_context = _scaled(dense), _scaled(context)
    fused = [_fused(close, words) for close, words in zip(near, found, strict=True)]
    before = [_fused(close, words) for close, words in zip(near_context, earlier, strict=True)]
    blocks = [
        _block(shelf, asked, (found[i], earlier[i]), (near[i], near_context[i]), fused[i])
        for i, shelf in enumerate(shelves)
    ]
    rows = np.concatenate(blocks) if blocks else np.zeros((0, len(FEATURES)), dtype=np.float32)
    for ranked, by in (("dense_rank", "dense"), ("fused_rank", "fused")):
        rows[:, FEATURES.index(ranked)] = _reciprocal_rank(rows[:, FEATURES.index(by)])
    quality = (floats(now + 0.5 * asked.leaning * then) for now, then in zip(fused, before, strict=True))
    return Sheet(tuple(shelves), rows, tuple(quality))


def _fused(near: Floats, words: WordMatch) -> Floats:
    return floats(0.5 * near + 0.3 * words.saturated + 0.2 * words.passage)


def _block(
    shelf: Shelf, asked: Asked, words: tuple[WordMatch, WordMatch], near: tuple[Floats, Floats], fused: Floats
) -> Floats:
    now, before = words
    best, second = _two_best(shelf, near[0])
    slot = asked.slots[shelf.slots]
    unknown = np.zeros(shelf.sections, dtype=np.float32)
    columns = {
        "dense": best,
        "dense_second": second,
        "dense_rank": unknown,
        "saturated": _most(shelf, now.saturated),
        "passage_cover": _most(shelf, now.passage),
        "section_cover": now.section,
        "heading_cover": now.heading,
        "heading_fit": now.heading_fit,
        "fused": _most(shelf, fused),
        "fused_rank": unknown,
        "slot_log": np.log(np.maximum(slot, 1e-4)),
        "slot": slot,
        "slot_heading": slot * now.heading,
        "numbers": _most(shelf, now.numbers),
        "context_dense": asked.leaning * _most(shelf, near[1]),
        "context_cover": asked.leaning * before.section,
        "context_heading": asked.leaning * before.heading,
        "length": np.log1p(shelf.words),
        "order": shelf.order,
    }
    return np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)


def _scaled(similarities: Sequence[Floats]) -> list[Floats]:
    """Similarities of all shelves on one scale: 1 the best, 0 the median of the candidates."""
    if not similarities or not sum(map(len, similarities)):
        return list(similarities)
    pooled = np.concatenate(similarities)
    top, middle = float(pooled.max()), float(np.median(pooled))
    spread = max(top - middle, 1e-3)
    return [np.clip((values - middle) / spread, -1.0, 1.0).astype(np.float32) for values in similarities]


def _most(shelf: Shelf, values: Floats) -> Floats:
    """The greatest value of each section's passages."""
    most = np.full(shelf.sections, -1.0, dtype=np.float32)
    np.maximum.at(most, shelf.section_of, values)
    return most


def _two_best(shelf: Shelf, values: Floats) -> tuple[Floats, Floats]:
    best = _most(shelf, values)
    others = np.where(values < best[shelf.section_of], values, -1.0).astype(np.float32)
    second = _most(shelf, others)
    return best, np.where(second <= -1.0, best - 0.1, second).astype(np.float32)


def _reciprocal_rank(values: Floats) -> Floats:
    ranks = np.empty(len(values), dtype=np.float32)
    ranks[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return np.asarray(1.0 / ranks, dtype=np.float32)
