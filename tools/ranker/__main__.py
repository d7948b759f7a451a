"""Train the ranker over a home that holds the labels: `python -m tools.ranker --home HOME [--write]`.

Prints how it does on labels it was not trained on (five parts, split by label), then fits on everything. `--write`
replaces the weights that ship.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from integrations.bootstrap import open_assistant
from knowledge.names import ProductNames
from knowledge.ports import Embedder, PassageIndex
from knowledge.retrieval.concepts import concepts
from knowledge.retrieval.features import FEATURES, sheet
from knowledge.retrieval.query import Query
from knowledge.retrieval.ranker import WEIGHTS, Ranker
from knowledge.retrieval.service import LEANS, asked_of, whole
from knowledge.retrieval.shelf import Floats, Shelf
from knowledge.retrieval.shelving import Shelves
from knowledge.retrieval.slots import slot_names
from knowledge.retrieval.thread import Reading, read
from tools.ranker.models import Arrays, RankExample, SlotExample, fit_sections, fit_slots
from tools.ranker.questions import Question, gold, load_questions

_PARTS = 5
_TENANT = "default"


@dataclass(frozen=True, slots=True)
class _Item:
    """One question made ready: `shelf` and `worth` only where its label is known."""

    question: Question
    reading: Reading
    own: Floats
    thread: Floats
    example: SlotExample
    shelf: Shelf | None
    worth: Floats | None


class _Bench:
    """What training needs of a home."""

    def __init__(self, embedder: Embedder, index: PassageIndex, shelves: dict[str, Shelf]) -> None:
        self.embedder = embedder
        self._index = index
        self._shelves = shelves
        self._names = ProductNames.of(shelf.document for shelf in shelves.values())

    def item(self, question: Question) -> _Item:
        """A question with its vectors and what it should find. Raises KeyError for a label that is not held."""
        shelf = self._shelves[question.file] if question.file else None
        products = shelf.document.approval.products if shelf else frozenset()
        reading = read(Query(question.text, question.history, products), self._names)
        own = self.embedder.embed_query(reading.text)
        thread = own if reading.leaning < LEANS else self.embedder.embed_query(f"{reading.context}\n{reading.text}")
        worth = gold(question, shelf) if shelf else None
        if worth is not None and not worth.any():
            raise KeyError(f"{question.file} has no section {', '.join(question.wanted)} ({question.text})")
        example = SlotExample(concepts(whole(reading)), thread, _target(question, shelf, worth))
        return _Item(question, reading, own, thread, example, shelf, worth)

    def rows(self, item: _Item, ranker: Ranker) -> Floats:
        """The features of every section of the item's label."""
        if item.shelf is None:
            raise ValueError("a question without a label has no sections")
        ids = [passage.id for passage in item.shelf.passages]
        dense = [self._index.similarities(item.own, ids)]
        context = dense if item.thread is item.own else [self._index.similarities(item.thread, ids)]
        slots = ranker.slots(item.example.concepts, item.thread, self.embedder.name)
        return sheet([item.shelf], asked_of(item.reading, slots), dense, context).rows


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.ranker", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with_home = open_assistant(options.home)
    shelving = Shelves(with_home.documents)
    shelves = {document.file_name: shelving.of(document) for document in with_home.documents.documents(_TENANT)}
    bench = _Bench(with_home.embedder, with_home.passage_index, shelves)
    items = [bench.item(question) for question in load_questions()]
    arrays = train(bench, items)
    if options.write:
        np.savez_compressed(Path("knowledge/retrieval") / WEIGHTS, **arrays)  # type: ignore[arg-type]
    with_home.close()
    return 0


def train(bench: _Bench, items: Sequence[_Item]) -> Arrays:
    """Weights fitted on everything, after printing what they are worth on labels left out.

    The slots that the section model sees come from models that never saw the question's label: otherwise it would
    trust them too much.
    """
    labels = sorted({item.question.file for item in items if item.shelf})
    order = np.random.default_rng(3).permutation(len(labels))
    part = {labels[at]: place % _PARTS for place, at in enumerate(order)}
    ready: list[tuple[int, _Item, RankExample]] = []
    for left_out in range(_PARTS):
        ranker = Ranker(_slots_of([i for i in items if part.get(i.question.file) != left_out], bench.embedder.name))
        ready += [
            (left_out, item, RankExample(bench.rows(item, ranker), item.worth))
            for item in items
            if item.worth is not None and part[item.question.file] == left_out
        ]
    _report(ready)
    sections = fit_sections([example for _, _, example in ready])
    return {**_slots_of(items, bench.embedder.name), **sections}


def _report(ready: Sequence[tuple[int, _Item, RankExample]]) -> None:
    found = np.zeros(3)
    for left_out in range(_PARTS):
        net = fit_sections([example for at, _, example in ready if at != left_out])
        for at, item, example in ready:
            if at == left_out:
                scores = Ranker({**_empty(item), **net}).scores(example.rows)
                right = example.worth[np.argsort(-scores)] > 0
                found += [right[:1].any(), right[:5].any(), right[:10].any()]
    shares = found / max(1, len(ready))
    sys.stdout.write(
        f"{len(ready)} questions, labels left out: @1 {shares[0]:.3f} @5 {shares[1]:.3f} @10 {shares[2]:.3f}\n"
    )


def _empty(item: _Item) -> Arrays:
    """Slot arrays that are never asked: scores need the section model alone."""
    return _slots_shape(len(item.example.vector))


def _slots_shape(dimension: int) -> Arrays:
    slots = len(slot_names())
    return {
        "features": np.array(FEATURES),
        "slots": np.array(slot_names()),
        "terms": np.array([], dtype="<U1"),
        "slot_terms": np.zeros((0, slots), np.float32),
        "slot_bias": np.zeros(slots, np.float32),
        "embedder": np.array(""),
        "slot_dense": np.zeros((dimension, slots), np.float32),
    }


def _slots_of(items: Sequence[_Item], embedder: str) -> Arrays:
    fitted = fit_slots([item.example for item in items], embedder)
    return {**fitted, "features": np.array(FEATURES), "slots": np.array(slot_names())}


def _target(question: Question, shelf: Shelf | None, worth: Floats | None) -> Floats:
    names = slot_names()
    target = np.zeros(len(names), dtype=np.float32)
    if shelf is None or worth is None:
        target[[names.index(name) for name in question.wanted]] = 1.0
    else:
        np.add.at(target, shelf.slots, worth)
    return np.asarray(target / target.sum(), dtype=np.float32)


if __name__ == "__main__":
    raise SystemExit(main())
