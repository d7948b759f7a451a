"""One row of figures per quotable unit: what the choice of quotes sees of a question and a sentence.

Figures that compare (nearness, shared words) also come as ranks within the unit's own section: whether a section is
the right one and which of its sentences answers are two questions, and the model must not mix them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
Ints = NDArray[np.int32]

FEATURES = (
    "section",
    "log_section",
    "section_rank",
    "top_section",
    "hit",
    "hit_below_best",
    "dense",
    "dense_squared",
    "dense_rank",
    "context_dense",
    "dense_of_row",
    "cover",
    "cover_rank",
    "cover_known",
    "around",
    "around_rank",
    "around_known",
    "around_of_row",
    "rarest",
    "beside",
    "numbers",
    "has_number",
    "wants_number",
    "row",
    "wants_row",
    "list_item",
    "first",
    "words",
    "log_words",
    "short",
)
_AT = {name: place for place, name in enumerate(FEATURES)}
_SECTIONS = 8
# All units of this many best sections are looked at; of the others those that share words with the question.
_WHOLE_SECTIONS = 3
_SCORED = 220
_LONG = 60
_SHORT_UNIT = 4
_SYNONYM = 0.85
_HEADING_WORDS = 7


@dataclass(frozen=True, slots=True)
class Question:
    """A question as selection needs it: its text, what was said before, and both embedded."""

    text: str
    context: str
    vector: Vectors
    context_vector: Vectors


@dataclass(frozen=True, slots=True)
class Candidates:
    """Units of the sections found, with their figures: `rows` has shape (units, len(FEATURES)).

    `index[i]` is row i's unit in the shelf `shelves[shelf_of[i]]`.
    """

    shelves: tuple[UnitShelf, ...]
    index: Ints
    shelf_of: Ints
    rows: Floats

    def shelf(self, place: int) -> UnitShelf:
        """The shelf a row's unit stands on."""
        return self.shelves[int(self.shelf_of[place])]

    def unit(self, place: int) -> Unit:
        """The unit of a row."""
        return self.shelf(place).units[int(self.index[place])]


@dataclass(frozen=True, slots=True)
class _Found:
    """A section found: its rank among all from 0, its score."""

    rank: int
    score: float


def candidates(question: Question, hits: Sequence[Hit], room: EvidenceRoom) -> Candidates:
    """Figures for every unit of the best sections; `hits` are ranked passages, best first."""
    asked, before = concepts(question.text), concepts(f"{question.context}\n{question.text}")
    numeric = cue_counts(question.text)["quantity"] > 0
    shelves: list[UnitShelf] = []
    chosen: list[Ints] = []
    blocks: list[Floats] = []
    for document, sections in _sections(hits).items():
        shelf = room.shelf(document)
        index, cover, around = _looked_at(shelf, sections, asked, before)
        block = np.zeros((len(index), len(FEATURES)), dtype=np.float32)
        _place(block, shelf, index, sections, hits)
        _shape(block, shelf, index, numeric=numeric)
        block[:, _AT["dense"]] = room.similarity(question.vector, shelf, index.tolist())
        block[:, _AT["context_dense"]] = (
            block[:, _AT["dense"]]
            if question.context_vector is question.vector
            else room.similarity(question.context_vector, shelf, index.tolist())
        )
        _words(block, cover, around, asked)
        _within_sections(block, shelf.section_of[index])
        shelves.append(shelf)
        chosen.append(index)
        blocks.append(block)
    if not blocks:
        none = np.zeros(0, dtype=np.int32)
        return Candidates((), none, none, np.zeros((0, len(FEATURES)), dtype=np.float32))
    shelf_of = np.concatenate([np.full(len(part), i, dtype=np.int32) for i, part in enumerate(chosen)])
    return Candidates(tuple(shelves), np.concatenate(chosen), shelf_of, _scaled(np.concatenate(blocks)))


def cover_of(postings: Postings, chosen: NDArray[np.integer], asked: Sequence[Concept]) -> Floats:
    """Which concepts each chosen unit covers, shape (concepts, chosen), 0..1."""
    cover = np.zeros((len(asked), postings.size), dtype=np.float32)
    for row, concept in enumerate(asked):
        for rank, way in enumerate(concept.ways):
            held = np.zeros(postings.size, dtype=np.float32)
            for term in way:
                held[postings.of(term)[0]] += 1
            share = held / len(way)
            trust = 1.0 if rank == 0 or concept.translated else _SYNONYM
            np.maximum(cover[row], trust * np.where(share >= 1, 1.0, 0.5 * share * share), out=cover[row])
    return cover[:, chosen]


def is_heading(unit: Unit) -> bool:
    """Whether a unit only names what follows: a bare heading, or a row that names a group of rows."""
    text = unit.text.strip()
    if unit.is_row:
        return sum(bool(cell.strip(" |")) for cell in text.split(" | ")) <= 1
    if len(text.split()) > _HEADING_WORDS or text.startswith("- ") or any(char.isdigit() for char in text):
        return False
    return not text.endswith((".", ":", "。", "：")) or _is_run_in(text)


def _is_run_in(text: str) -> bool:
    """Whether a short "sentence" is a heading set into the paragraph: every longer word of it begins with a capital."""
    longer = [word for word in text.rstrip(".").split() if len(word) > 3]
    return text.endswith(".") and len(longer) > 1 and all(word[0].isupper() for word in longer)


def _sections(hits: Sequence[Hit]) -> dict[Document, dict[int, _Found]]:
    """Of each document its best sections by ordinal, with rank and score; at most `_SECTIONS` over all."""
    wanted: dict[Document, dict[int, _Found]] = {}
    taken = 0
    for hit in hits:
        sections = wanted.setdefault(hit.document, {})
        if hit.passage.section_ordinal not in sections and taken < _SECTIONS:
            sections[hit.passage.section_ordinal] = _Found(taken, hit.score)
            taken += 1
    return {document: sections for document, sections in wanted.items() if sections}


def _looked_at(
    shelf: UnitShelf, sections: dict[int, _Found], asked: Sequence[Concept], before: Sequence[Concept]
) -> tuple[Ints, Floats, Floats]:
    """The units worth scoring, with the concepts each covers itself and with its surroundings."""
    inside = np.flatnonzero(np.isin(shelf.section_of, list(sections)))
    index = np.array([unit for unit in inside if not is_heading(shelf.units[unit])], dtype=np.int32)
    cover = cover_of(shelf.text, index, asked)
    around = np.maximum(cover_of(shelf.text, index, before), 0.7 * cover_of(shelf.around, index, before))
    if len(index) > _SCORED:
        whole = np.array([sections[int(o)].rank < _WHOLE_SECTIONS for o in shelf.section_of[index]])
        order = np.argsort(-(10 * whole + cover.sum(axis=0) + around.sum(axis=0)), kind="stable")
        best = np.sort(order[:_SCORED])
        return index[best], cover[:, best], around[:, best]
    return index, cover, around


def _place(block: Floats, shelf: UnitShelf, index: Ints, sections: dict[int, _Found], hits: Sequence[Hit]) -> None:
    spans: dict[int, list[tuple[int, int, float]]] = {}
    for hit in hits:
        if hit.document.key == shelf.document.key:
            passage = hit.passage
            spans.setdefault(passage.section_ordinal, []).append((passage.start, passage.end, hit.score))
    for row, unit in enumerate(index):
        ordinal, start = int(shelf.section_of[unit]), shelf.units[unit].start
        found = sections[ordinal]
        inside = [score for begin, end, score in spans.get(ordinal, ()) if begin <= start < end]
        block[row, _AT["section"]] = found.score
        block[row, _AT["log_section"]] = np.log(found.score + 1e-3)
        block[row, _AT["section_rank"]] = 1 / (1 + found.rank)
        block[row, _AT["top_section"]] = found.rank == 0
        block[row, _AT["hit"]] = max(inside, default=0.0)
        block[row, _AT["first"]] = 1 / (1 + float(shelf.at[unit]))


def _shape(block: Floats, shelf: UnitShelf, index: Ints, *, numeric: bool) -> None:
    for row, place in enumerate(index):
        unit = shelf.units[place]
        has_number = any(char.isdigit() for char in unit.text)
        block[row, _AT["has_number"]] = has_number
        block[row, _AT["wants_number"]] = has_number and numeric
        block[row, _AT["row"]] = unit.is_row
        block[row, _AT["wants_row"]] = unit.is_row and numeric
        block[row, _AT["list_item"]] = bool(unit.lead)
    sizes = shelf.sizes[index]
    block[:, _AT["words"]] = np.minimum(sizes, _LONG) / _LONG
    block[:, _AT["log_words"]] = np.log1p(np.minimum(sizes, _LONG))
    block[:, _AT["short"]] = sizes < _SHORT_UNIT


def _words(block: Floats, cover: Floats, around: Floats, asked: Sequence[Concept]) -> None:
    for name, held in (("cover", cover), ("around", around)):
        if not len(held):
            continue
        weights = rarity(held)
        known = weights * (held.max(axis=1, initial=0.0) > 0)
        block[:, _AT[name]] = weights @ held / max(float(weights.sum()), 1e-6)
        block[:, _AT[f"{name}_known"]] = known @ held / max(float(known.sum()), 1e-6)
    if len(cover):
        weights = rarity(cover)
        block[:, _AT["rarest"]] = (weights[:, None] * cover).max(axis=0)
        shifted = np.zeros_like(block[:, 0])
        shifted[1:] = np.maximum(shifted[1:], block[:-1, _AT["cover_known"]])
        shifted[:-1] = np.maximum(shifted[:-1], block[1:, _AT["cover_known"]])
        block[:, _AT["beside"]] = shifted
    figures = [row for row, concept in enumerate(asked) if concept.said.replace(".", "").isdigit()]
    if figures:
        block[:, _AT["numbers"]] = cover[figures].mean(axis=0)


def _within_sections(block: Floats, section_of: Ints) -> None:
    for section in np.unique(section_of):
        rows = np.flatnonzero(section_of == section)
        part = block[rows]
        for name in ("dense", "cover", "around"):
            column = part[:, _AT["cover_known" if name == "cover" else "around_known" if name == "around" else name]]
            order = np.argsort(np.argsort(-column, kind="stable"), kind="stable")
            block[rows, _AT[f"{name}_rank"]] = 1 / (1 + order)
        block[rows, _AT["hit_below_best"]] = part[:, _AT["hit"]] - part[:, _AT["hit"]].max()


def _scaled(rows: Floats) -> Floats:
    """Similarities on the scale of their own candidates, so that another embedder's range does not matter."""
    for name in ("dense", "context_dense"):
        column = rows[:, _AT[name]]
        low, high = float(column.min()), float(column.max())
        rows[:, _AT[name]] = (column - low) / max(high - low, 1e-6)
    rows[:, _AT["dense_squared"]] = rows[:, _AT["dense"]] ** 2
    rows[:, _AT["dense_of_row"]] = rows[:, _AT["dense"]] * rows[:, _AT["row"]]
    rows[:, _AT["around_of_row"]] = rows[:, _AT["around_known"]] * rows[:, _AT["row"]]
    return rows
