"""Train the outcome model: which questions approved text may answer, and which it may not.

    python -m tools.train_outcome --home HOME        a home that holds the labels the training questions are about

Reads `assistant/ask/training/questions.tsv`, looks each question up as `rep ask` would, and writes
`assistant/ask/data/outcome.npz`. Prints what cross-validation by product says, the figures of the model card.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.ask.outcome import BUCKETS, FIGURES, Signals, Verdict, hashed, row

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "assistant" / "ask" / "training" / "questions.tsv"
WEIGHTS = ROOT / "assistant" / "ask" / "data" / "outcome.npz"
VERDICTS = tuple(Verdict)
_STRENGTH = 4.0
_FIGURE_SCALE = 2.0
# Most questions of a working day can be answered; the corpus, written to teach refusals, holds as many that cannot.
_ANSWER_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Example:
    """One training question."""

    product: str
    verdict: Verdict
    question: str


def read_examples(path: Path = QUESTIONS) -> list[Example]:
    """The training questions; a line that is not product, class and question raises with its number."""
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            parts = line.split("\t")
            if len(parts) != 3:
                raise SystemExit(f"{path.name}:{number}: expected product, class and question between tabs")
            examples.append(Example(parts[0], Verdict(parts[1]), parts[2]))
    return examples


def design(signals: Sequence[Signals]) -> csr_matrix:
    """Hashed words beside scaled figures, shape (examples, BUCKETS + len(FIGURES))."""
    data, columns, pointers = [], [], [0]
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
    most = max(counts.values())
    weights = {
        VERDICTS.index(name): (_ANSWER_WEIGHT if name is Verdict.ANSWER else 1.0) * most / counts[name]
        for name in counts
    }
    labels = [VERDICTS.index(name) for name in verdicts]
    return LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight=weights).fit(matrix, labels)


def cross_validate(matrix: csr_matrix, examples: Sequence[Example]) -> np.ndarray:
    """Shares of each verdict for every example, from models that saw no question of its product."""
    shares = np.zeros((len(examples), len(VERDICTS)))
    groups = [example.product for example in examples]
    for train, test in GroupKFold(6).split(matrix, groups=groups):
        model = fit(matrix[train], [examples[i].verdict for i in train])
        shares[np.ix_(test, model.classes_)] = model.predict_proba(matrix[test])
    return shares


def report(shares: np.ndarray, examples: Sequence[Example], say: Callable[[str], object] = print) -> None:
    """Both errors at several thresholds, by verdict."""
    truth = np.array([VERDICTS.index(example.verdict) for example in examples])
    answer = shares[:, VERDICTS.index(Verdict.ANSWER)]
    can = truth == VERDICTS.index(Verdict.ANSWER)
    for threshold in (0.3, 0.4, 0.5, 0.6):
        refused = float((answer[can] < threshold).mean())
        missed = {
            name.value: f"{int((answer[truth == i] >= threshold).sum())}/{int((truth == i).sum())}"
            for i, name in enumerate(VERDICTS)
            if name is not Verdict.ANSWER
        }
        say(f"threshold {threshold}: answerable refused {refused:.3f}; answered though not answerable {missed}")


def save(model: LogisticRegression, path: Path = WEIGHTS) -> None:
    """Write the weights, half precision, figures unscaled."""
    coefficients = model.coef_
    np.savez_compressed(
        path,
        verdicts=np.array([VERDICTS[i].value for i in model.classes_]),
        words=coefficients[:, :BUCKETS].astype(np.float16),
        figures=(coefficients[:, BUCKETS:] * _FIGURE_SCALE).astype(np.float32),
        figure_names=np.array(FIGURES),
        bias=model.intercept_.astype(np.float32),
    )
