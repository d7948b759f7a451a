"""A linear choice among candidates: the marked ones of each question should get the softmax's mass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.ask.quote_features import Floats

_RIDGE = 1.0
_STEPS = 600
_RATE = 0.05
_DECAY = (0.9, 0.99)


def fit(questions: Sequence[tuple[Floats, NDArray[np.bool_]]]) -> Floats:
    """Weights for unscaled features by Adam on the listwise log-loss; deterministic."""
    every = np.concatenate([rows for rows, _ in questions])
    spread = every.std(axis=0) + 1e-6
    scaled = [(rows / spread, marked) for rows, marked in questions]
    weights = np.zeros(every.shape[1])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        gradient = (_RIDGE * weights + sum(_gradient(rows, marked, weights) for rows, marked in scaled)) / len(scaled)
        first = _DECAY[0] * first + (1 - _DECAY[0]) * gradient
        second = _DECAY[1] * second + (1 - _DECAY[1]) * gradient**2
        rate = _RATE / (np.sqrt(second / (1 - _DECAY[1] ** step)) + 1e-8)
        weights -= rate * first / (1 - _DECAY[0] ** step)
    return np.asarray(weights / spread, dtype=np.float32)


def _gradient(rows: Floats, marked: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = rows @ weights
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    wanted = shares * marked
    gradient: NDArray[np.float64] = (shares - wanted / max(float(wanted.sum()), 1e-12)) @ rows
    return gradient
