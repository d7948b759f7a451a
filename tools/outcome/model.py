"""Fitting the outcome model: hashed words of the masked question beside figures, one multinomial regression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.ask.outcome import BUCKETS, FIGURES, Signals, Verdict, hashed, row
from tools.outcome.questions import Example

WEIGHTS = Path(__file__).resolve().parents[2] / "assistant" / "ask" / "data" / "outcome.npz"
VERDICTS = tuple(Verdict)
_STRENGTH = 4.0
_FIGURE_SCALE = 2.0
_PARTS = 6
# Three questions of four in a working day can be answered; the refusals share the rest.
_ANSWER_SHARE = 0.75


def design(signals: Sequence[Signals]) -> csr_matrix:
    """Hashed words beside scaled figures, shape (examples, BUCKETS + len(FIGURES))."""
    data: list[float] = []
    columns: list[int] = []
    pointers = [0]
    for one in signals:
        buckets = hashed(one.masked)
        columns += buckets.keys()
        data += buckets.values()
        pointers.append(len(columns))
    words = csr_matrix((data, columns, pointers), shape=(len(signals), BUCKETS))
    figures = csr_matrix(np.stack([row(one) for one in signals]) * _FIGURE_SCALE)
    return hstack([words, figures]).tocsr()


def fit(matrix: csr_matrix, verdicts: Sequence[Verdict]) -> LogisticRegression:
    """A multinomial model with the classes weighed as a working day holds them."""
    counts = Counter(verdicts)
    others = len(counts) - 1
    share = {name: _ANSWER_SHARE if name is Verdict.ANSWER else (1 - _ANSWER_SHARE) / others for name in counts}
    weights = {VERDICTS.index(name): share[name] * len(verdicts) / counts[name] for name in counts}
    labels = [VERDICTS.index(name) for name in verdicts]
    return LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight=weights).fit(matrix, labels)


def cross_validate(matrix: csr_matrix, examples: Sequence[Example]) -> np.ndarray:
    """Shares of each verdict for every example, from models that saw no question of its product."""
    shares = np.zeros((len(examples), len(VERDICTS)))
    groups = [example.product for example in examples]
    for train, test in GroupKFold(_PARTS).split(matrix, groups=groups):
        model = fit(matrix[train], [examples[place].verdict for place in train])
        shares[np.ix_(test, model.classes_)] = model.predict_proba(matrix[test])
    return shares


def save(model: LogisticRegression, path: Path = WEIGHTS) -> None:
    """Write the weights, words in half precision, figures for unscaled input."""
    np.savez_compressed(
        path,
        verdicts=np.array([VERDICTS[place].value for place in model.classes_]),
        words=model.coef_[:, :BUCKETS].astype(np.float16),
        figures=(model.coef_[:, BUCKETS:] * _FIGURE_SCALE).astype(np.float32),
        figure_names=np.array(FIGURES),
        bias=model.intercept_.astype(np.float32),
    )
