"""How well each passage and section of a shelf covers the concepts of a question, by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.retrieval.concepts import Concept
from knowledge.retrieval.shelf import Floats, Postings, Shelf, floats

_SYNONYM = 0.85
_UNHEARD = 0.5


@dataclass(frozen=True, slots=True)
class WordMatch:
    """Shares of a question's weight that are covered, 0..1.

    `passage` by a single passage (binary), `dense_words` the same with repeated terms counting more, `section` by all
    of a section with its headings, `heading` by the headings alone, `heading_fit` the share of the heading's own words
    that were asked for.
    """

    passage: Floats
    saturated: Floats
    section: Floats
    heading: Floats
    heading_fit: Floats
    numbers: Floats


def match(shelf: Shelf, asked: Sequence[Concept], weights: Floats | None = None) -> WordMatch:
    """Compare a question's concepts with a shelf; `weights` scale concepts, else rare concepts count more."""
    passages, sections = len(shelf.passages), shelf.sections
    if not asked or not passages:
        return _nothing(passages, sections)
    cover = np.zeros((len(asked), passages), dtype=np.float32)
    dense = np.zeros_like(cover)
    heads = np.zeros((len(asked), sections), dtype=np.float32)
    whole = np.zeros_like(heads)
    for row, concept in enumerate(asked):
        for rank, way in enumerate(concept.ways):
            trust = 1.0 if rank == 0 or concept.translated else _SYNONYM
            in_text, in_heads = _present(shelf.text, way), _present(shelf.headings, way)
            np.maximum(cover[row], trust * _share(in_text), out=cover[row])
            np.maximum(dense[row], trust * (in_text / (in_text + shelf.norms)).mean(axis=0), out=dense[row])
            np.maximum(heads[row], trust * _share(in_heads), out=heads[row])
            np.maximum(whole[row], trust * _anywhere(shelf, in_text, in_heads), out=whole[row])
    scale = rarity(cover) if weights is None else weights * rarity(cover)
    total = max(float(scale.sum()), 1e-6)
    return WordMatch(
        passage=floats(scale @ cover / total),
        saturated=floats(scale @ dense / total),
        section=floats(scale @ whole / total),
        heading=floats(scale @ heads / total),
        heading_fit=_heading_fit(shelf, asked),
        numbers=_numbers(asked, cover),
    )


def rarity(cover: Floats) -> Floats:
    """Inverse document frequency of each concept over the passages; chat that occurs nowhere weighs little."""
    held = (cover > 0.5).sum(axis=1)
    known = np.log1p((cover.shape[1] - held + 0.5) / (held + 0.5))
    return floats(np.where(held > 0, known, _UNHEARD))


def _present(postings: Postings, way: Sequence[str]) -> Floats:
    """How often each term of one way of saying it stands in each place, shape (terms, places)."""
    counts = np.zeros((len(way), postings.size), dtype=np.float32)
    for row, term in enumerate(way):
        places, often = postings.of(term)
        counts[row, places] = often
    return counts


def _share(counts: Floats) -> Floats:
    """The share of terms present, squared unless all are: half a phrase is much less than half of what it means."""
    share = (counts > 0).mean(axis=0, dtype=np.float32)
    return floats(np.where(share >= 1.0, share, share * share * 0.8))


def _anywhere(shelf: Shelf, in_text: Floats, in_heads: Floats) -> Floats:
    held = in_heads > 0
    for row in range(len(in_text)):
        held[row, shelf.section_of[in_text[row] > 0]] = True
    return _share(held.astype(np.float32))


def _heading_fit(shelf: Shelf, asked: Sequence[Concept]) -> Floats:
    fit = np.zeros(shelf.sections, dtype=np.float32)
    for term in {term for concept in asked for way in concept.ways for term in way}:
        places, _ = shelf.headings.of(term)
        fit[places] += 1
    return floats(fit / np.maximum(shelf.heading_sizes, 1))


def _numbers(asked: Sequence[Concept], cover: Floats) -> Floats:
    """The share of the question's figures that a passage holds; 0 when it names none."""
    rows = [row for row, concept in enumerate(asked) if concept.said.replace(".", "").isdigit()]
    return floats(cover[rows].mean(axis=0) if rows else np.zeros(cover.shape[1]))


def _nothing(passages: int, sections: int) -> WordMatch:
    empty, none = np.zeros(passages, dtype=np.float32), np.zeros(sections, dtype=np.float32)
    return WordMatch(empty, empty, none, none, none, empty)
