"""Logistic regressions over hashed features: one matrix of weights, a column a label."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.screen.errors import ScreenDataError
from assistant.screen.features import BUCKETS, Features


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` is (BUCKETS, len(labels)) float32, `bias` and `thresholds` (len(labels),) float32."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    thresholds: NDArray[np.float32]

    def probabilities(self, features: Features) -> NDArray[np.float32]:
        """Shape (len(labels),): the probability of each label for one stretch of text."""
        total = features.values @ self.weights[features.ids] + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-total)), dtype=np.float32)


def load_model(path: Path, prefix: str) -> LinearModel:
    """One model of a weight file; raises ScreenDataError when the file is not what it must be."""
    try:
        with np.load(path, allow_pickle=False) as file:
            model = LinearModel(
                tuple(str(label) for label in file[f"{prefix}_labels"]),
                file[f"{prefix}_weights"].astype(np.float32),
                file[f"{prefix}_bias"].astype(np.float32),
                file[f"{prefix}_thresholds"].astype(np.float32),
            )
    except (OSError, KeyError, ValueError) as error:
        raise ScreenDataError(f"{path.name}: not a weight file of the screen ({error}); train it again") from error
    if model.weights.shape != (BUCKETS, len(model.labels)):
        raise ScreenDataError(f"{path.name}: weights of {model.weights.shape}, {(BUCKETS, len(model.labels))} wanted")
    return model
