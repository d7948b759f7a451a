"""Choosing what to quote: the few sentences and table rows of what was found that answer the question.

Each candidate unit gets a row of figures (how near it is to the question, how much of it its words cover, how good its
section is); a small linear model trained by `integrations/training/quotes.py` weighs them. What is shown stays within
one phone screen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.ask.cues import cue_counts
from assistant.ask.evidence import EvidenceRoom, UnitShelf
from knowledge.models import Document
from knowledge.ports import Vectors
from knowledge.retrieval import Hit
from knowledge.retrieval.concepts import Concept, concepts
from knowledge.retrieval.match import rarity
from knowledge.retrieval.shelf import Postings
from knowledge.units import Unit

Floats = NDArray[np.float32]

FEATURES = (
    "hit",
    "section",
    "section_rank",
    "dense",
    "dense_rank",
    "cover",
    "cover_around",
    "numbers",
    "has_number",
    "wants_number",
    "row",
    "wants_row",
    "list_item",
    "first",
    "words",
    "short",
    "context_dense",
)
WORD_BUDGET = 84
_MOST_UNITS = 5
_SECTIONS = 6
_SCORED = 160
_KEEP_SHARE = 0.35
_SHORT_UNIT = 4


@dataclass(frozen=True, slots=True)
class Quoted:
    """A unit chosen for the answer, with where it stands and how sure the choice is (0..1)."""

    document: Document
    shelf: UnitShelf
    index: int
    score: float

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.shelf.units[self.index]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Units of the sections found, with their figures: `rows` has shape (units, len(FEATURES))."""

    shelves: tuple[UnitShelf, ...]
    index: NDArray[np.int32]
    shelf_of: NDArray[np.int32]
    rows: Floats


@dataclass(frozen=True, slots=True)
class Question:
    """A question as selection needs it: its text, what was said before, and both embedded."""

    text: str
    context: str
    vector: Vectors
    context_vector: Vectors


def candidates(question: Question, hits: Sequence[Hit], room: EvidenceRoom) -> Candidates:
    """Figures for every unit of the best sections; `hits` are ranked passages, best first."""
    wanted = _sections(hits)
    asked = concepts(question.text)
    before = concepts(f"{question.context}\n{question.text}")
    numeric = cue_counts(question.text)["quantity"] > 0
    shelves: list[UnitShelf] = []
    index: list[NDArray[np.int32]] = []
    blocks: list[Floats] = []
    for document, sections in wanted.items():
        shelf = room.shelf(document)
        chosen = np.flatnonzero(np.isin(shelf.section_of, list(sections))).astype(np.int32)
        cover = cover_of(shelf.text, chosen, asked)
        around = np.maximum(cover_of(shelf.text, chosen, before), 0.7 * cover_of(shelf.around, chosen, before))
        chosen, cover, around = _narrow(chosen, cover, around)
        block = np.zeros((len(chosen), len(FEATURES)), dtype=np.float32)
        _place(block, shelf, chosen, sections, hits)
        _words(block, cover, around, asked)
        _shape(block, shelf, chosen, numeric=numeric)
        _nearness(block, shelf, chosen, question, room)
        shelves.append(shelf)
        index.append(chosen)
        blocks.append(block)
    return _joined(shelves, index, blocks)


def choose(found: Candidates, *, budget: int = WORD_BUDGET) -> list[Quoted]:
    """The units to show, in reading order within their documents, the best first among documents."""
    scores = score(found.rows)
    picked: list[int] = []
    words = 0
    for unit in np.argsort(-scores, kind="stable"):
        place = int(unit)
        if picked and (scores[place] < _KEEP_SHARE * scores[picked[0]] or len(picked) == _MOST_UNITS):
            break
        size = _shown_words(found, place, picked)
        if picked and words + size > budget:
            continue
        if _repeats(found, place, picked):
            continue
        picked.append(place)
        words += size
    return _in_reading_order(found, picked, scores)


def score(rows: Floats) -> Floats:
    """The chance of each unit to be part of the answer, 0..1."""
    weights, bias = _model()
    return np.asarray(1 / (1 + np.exp(-(rows @ weights + bias))), dtype=np.float32)


@cache
def _model() -> tuple[Floats, float]:
    stored = json.loads((files("assistant.ask") / "data" / "quotes.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES], dtype=np.float32), float(stored["bias"])


def _sections(hits: Sequence[Hit]) -> dict[Document, dict[int, tuple[int, float]]]:
    """Of each document the ordinals of its best sections, with their rank among all and their score."""
    wanted: dict[Document, dict[int, tuple[int, float]]] = {}
    taken = 0
    for hit in hits:
        sections = wanted.setdefault(hit.document, {})
        if hit.passage.section_ordinal in sections:
            continue
        if taken == _SECTIONS:
            continue
        sections[hit.passage.section_ordinal] = (taken, hit.score)
        taken += 1
    return {document: sections for document, sections in wanted.items() if sections}


def cover_of(postings: Postings, chosen: NDArray[np.integer], asked: Sequence[Concept]) -> Floats:
    """Which concepts each chosen unit covers, shape (concepts, chosen), 0..1."""
    cover = np.zeros((len(asked), postings.size), dtype=np.float32)
    for row, concept in enumerate(asked):
        for rank, way in enumerate(concept.ways):
            held = np.zeros(postings.size, dtype=np.float32)
            for term in way:
                held[postings.of(term)[0]] += 1
            share = held / len(way)
            trust = 1.0 if rank == 0 or concept.translated else 0.85
            np.maximum(cover[row], trust * np.where(share >= 1, 1.0, 0.5 * share * share), out=cover[row])
    return cover[:, chosen] if len(asked) else np.zeros((0, len(chosen)), dtype=np.float32)


def _narrow(chosen: NDArray[np.int32], cover: Floats, around: Floats) -> tuple[NDArray[np.int32], Floats, Floats]:
    """The units worth a closer look when there are very many: those that share most words with the question."""
    if len(chosen) <= _SCORED:
        return chosen, cover, around
    best = np.sort(np.argsort(-(cover.sum(axis=0) + around.sum(axis=0)), kind="stable")[:_SCORED])
    return chosen[best], cover[:, best], around[:, best]


def _place(
    block: Floats,
    shelf: UnitShelf,
    chosen: NDArray[np.int32],
    sections: dict[int, tuple[int, float]],
    hits: Sequence[Hit],
) -> None:
    spans = [(hit.passage, hit.score) for hit in hits if hit.document.key == shelf.document.key]
    for row, unit in enumerate(chosen):
        ordinal = int(shelf.section_of[unit])
        rank, best = sections[ordinal]
        block[row, FEATURES.index("section")] = best
        block[row, FEATURES.index("section_rank")] = 1 / (1 + rank)
        start = shelf.units[unit].start
        block[row, FEATURES.index("hit")] = max(
            (s for p, s in spans if p.section_ordinal == ordinal and p.start <= start < p.end), default=0.0
        )
        block[row, FEATURES.index("first")] = 1 / (1 + float(shelf.at[unit]))


def _words(block: Floats, cover: Floats, around: Floats, asked: Sequence[Concept]) -> None:
    if not asked:
        return
    weights = rarity(cover)
    total = max(float(weights.sum()), 1e-6)
    block[:, FEATURES.index("cover")] = weights @ cover / total
    wide = rarity(around)
    block[:, FEATURES.index("cover_around")] = wide @ around / max(float(wide.sum()), 1e-6)
    figures = [row for row, concept in enumerate(asked) if concept.said.replace(".", "").isdigit()]
    if figures:
        block[:, FEATURES.index("numbers")] = cover[figures].mean(axis=0)


def _shape(block: Floats, shelf: UnitShelf, chosen: NDArray[np.int32], *, numeric: bool) -> None:
    for row, place in enumerate(chosen):
        unit = shelf.units[place]
        has_number = any(char.isdigit() for char in unit.text)
        block[row, FEATURES.index("has_number")] = has_number
        block[row, FEATURES.index("wants_number")] = has_number and numeric
        block[row, FEATURES.index("row")] = unit.is_row
        block[row, FEATURES.index("wants_row")] = unit.is_row and numeric
        block[row, FEATURES.index("list_item")] = bool(unit.lead)
    sizes = shelf.sizes[chosen]
    block[:, FEATURES.index("words")] = np.minimum(sizes, 60) / 60
    block[:, FEATURES.index("short")] = sizes < _SHORT_UNIT


def _nearness(
    block: Floats, shelf: UnitShelf, chosen: NDArray[np.int32], question: Question, room: EvidenceRoom
) -> None:
    block[:, FEATURES.index("dense")] = room.similarity(question.vector, shelf, chosen.tolist())
    block[:, FEATURES.index("context_dense")] = room.similarity(question.context_vector, shelf, chosen.tolist())


def _joined(shelves: list[UnitShelf], index: list[NDArray[np.int32]], blocks: list[Floats]) -> Candidates:
    if not blocks:
        none = np.zeros(0, dtype=np.int32)
        return Candidates((), none, none, np.zeros((0, len(FEATURES)), dtype=np.float32))
    rows = np.concatenate(blocks)
    for name in ("dense", "context_dense"):
        column = rows[:, FEATURES.index(name)]
        low, high = float(column.min()), float(column.max())
        rows[:, FEATURES.index(name)] = (column - low) / max(high - low, 1e-6)
    order = np.argsort(np.argsort(-rows[:, FEATURES.index("dense")], kind="stable"), kind="stable")
    rows[:, FEATURES.index("dense_rank")] = 1 / (1 + order)
    shelf_of = np.concatenate([np.full(len(part), i, dtype=np.int32) for i, part in enumerate(index)])
    return Candidates(tuple(shelves), np.concatenate(index), shelf_of, rows)


def _quoted_unit(found: Candidates, place: int) -> tuple[UnitShelf, Unit]:
    shelf = found.shelves[int(found.shelf_of[place])]
    return shelf, shelf.units[int(found.index[place])]


def _shown_words(found: Candidates, place: int, picked: Sequence[int]) -> int:
    """Words a unit adds to the screen: its own, and its header row's or lead-in's unless that is shown already."""
    _, unit = _quoted_unit(found, place)
    support = unit.header or unit.lead
    shown = {(_quoted_unit(found, other)[1].header or _quoted_unit(found, other)[1].lead) for other in picked}
    extra = len(support.split()) if support and support not in shown else 0
    return len(unit.text.split()) + extra


def _repeats(found: Candidates, place: int, picked: Sequence[int]) -> bool:
    text = _quoted_unit(found, place)[1].text.strip("- ").lower()
    return any(text == _quoted_unit(found, other)[1].text.strip("- ").lower() for other in picked)


def _in_reading_order(found: Candidates, picked: Sequence[int], scores: Floats) -> list[Quoted]:
    quoted = []
    for place in sorted(picked, key=lambda p: (int(found.shelf_of[p]), int(found.index[p]))):
        shelf, _ = _quoted_unit(found, place)
        quoted.append(Quoted(shelf.document, shelf, int(found.index[place]), float(scores[place])))
    return quoted
