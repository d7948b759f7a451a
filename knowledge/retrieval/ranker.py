"""The learned parts of retrieval, as plain arrays: which slot a question asks for, and how to weigh the features.

Both are trained by `python -m tools.ranker` on questions of our own (see MODEL_CARD.md beside the weights).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.concepts import Concept
from knowledge.retrieval.features import FEATURES
from knowledge.retrieval.shelf import Floats
from knowledge.retrieval.slots import slot_names

WEIGHTS = "ranker.npz"


class Ranker:
    """Two small models over numpy: a softmax over slots, and a score for each section."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Take the arrays of a weights file; ValueError when they belong to other features or slots."""
        self._arrays = {name: np.asarray(array) for name, array in arrays.items()}
        if tuple(self._arrays["features"]) != FEATURES or tuple(self._arrays["slots"]) != slot_names():
            raise ValueError(f"{WEIGHTS} was trained for other features or slots; train it again")
        self._vocabulary = {str(term): place for place, term in enumerate(self._arrays["terms"])}

    def slots(self, asked: Sequence[Concept], vector: Floats, embedder: str) -> Floats:
        """The probability of each slot for a question; its vector counts when it is of the embedder trained with."""
        logits = bag(asked, self._vocabulary) @ self._arrays["slot_terms"] + self._arrays["slot_bias"]
        if embedder == str(self._arrays["embedder"]) and len(vector) == len(self._arrays["slot_dense"]):
            dense = (vector - self._arrays["dense_mean"]) @ self._arrays["slot_dense"] + self._arrays["dense_bias"]
            return np.asarray((_softmax(logits) + _softmax(dense)) / 2, dtype=np.float32)
        return _softmax(logits)

    def scores(self, rows: Floats) -> Floats:
        """A chance, 0..1, for each row of features that its section answers."""
        inputs = (rows - self._arrays["mean"]) / self._arrays["scale"]
        hidden = np.maximum(inputs @ self._arrays["hidden"] + self._arrays["hidden_bias"], 0.0)
        raw = inputs @ self._arrays["direct"] + hidden @ self._arrays["output"]
        return np.asarray(1.0 / (1.0 + np.exp(-(raw * self._arrays["slope"] + self._arrays["offset"]))), np.float32)


def bag(asked: Sequence[Concept], vocabulary: Mapping[str, int]) -> Floats:
    """Which terms of the vocabulary a question holds in any way of saying it, as a unit vector."""
    held = np.zeros(len(vocabulary), dtype=np.float32)
    for concept in asked:
        for rank, way in enumerate(concept.ways):
            for term in way:
                place = vocabulary.get(term)
                if place is not None:
                    held[place] = max(held[place], 1.0 if rank == 0 else 0.7)
    norm = float(np.linalg.norm(held))
    return held / norm if norm else held


@cache
def shipped_ranker() -> Ranker:
    """The ranker that comes with the package."""
    with as_file(files("knowledge.retrieval") / WEIGHTS) as path, np.load(path, allow_pickle=False) as arrays:
        return Ranker(dict(arrays))


def _softmax(logits: NDArray[np.generic]) -> Floats:
    powers = np.exp(logits - np.max(logits))
    return np.asarray(powers / powers.sum(), dtype=np.float32)
