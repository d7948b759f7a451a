"""Train the screen's models from the corpus and the public sets: `python -m tools.screen.train`.

Thresholds come from four-fold cross-validation over authored lines (no variant of a line is on both sides). What
stands in messages/held_out is never read here; `python -m tools.screen.measure` reports on it.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from tools.screen.augment import embedded, variants
from tools.screen.corpus import FOLDER, Message, authored
from tools.screen.dataset import INTENT_LABELS, LABELS, Reader, Rows, intent_targets, public_messages, rows_of

WEIGHTS = Path(__file__).resolve().parents[2] / "assistant" / "screen" / "weights.npz"
_FOLDS = 3
_COST = {"windows": 4.0, "intents": 3.0}
_PUBLIC_WEIGHT = 0.25
_SMALLEST = 4e-3
_EVENT = "adverse_event"
_BETA = {_EVENT: 2.2, "injection": 1.6, "product_complaint": 1.6, "medical_information_request": 1.6}


def _fit(
    features: csr_matrix, target: NDArray[np.int8], weight: NDArray[np.float64] | None, cost: float
) -> tuple[NDArray[np.float64], float]:
    use = target >= 0
    model = LogisticRegression(solver="liblinear", C=cost, max_iter=40, tol=1e-2)
    positives = max(1, int((target[use] == 1).sum()))
    balance = np.where(target[use] == 1, min(8.0, (use.sum() / positives) ** 0.5), 1.0)
    model.fit(features[use], target[use], balance * (weight[use] if weight is not None else 1.0))
    return model.coef_[0], float(model.intercept_[0])


def _probability(features: csr_matrix, weights: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(features @ weights + bias))))


def _threshold(truth: NDArray[np.bool_], score: NDArray[np.float64], beta: float) -> tuple[float, float, float]:
    """The threshold of the best F-beta, with its recall and precision."""
    best = (0.0, 0.5, 0.0, 0.0)
    for threshold in np.linspace(0.05, 0.95, 46):
        found = score >= threshold
        hit = float((found & truth).sum())
        recall, precision = hit / max(1, truth.sum()), hit / max(1, found.sum())
        value = (1 + beta**2) * precision * recall / max(1e-9, beta**2 * precision + recall)
        best = max(best, (value, float(threshold), recall, precision))
    return best[1:]


def _by_message(group: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    best = np.zeros(count)
    np.maximum.at(best, group, values)
    return best


def _folds(messages: list[Message]) -> NDArray[np.int64]:
    """A message's fold by its line; -1 for mixtures of several lines, which only ever train when none is held."""
    return np.array(
        [int(m.line[:6], 16) % _FOLDS if "+" not in m.line and m.line != "public" else -1 for m in messages]
    )


def _cross_validate(rows: Rows, messages: list[Message], first: NDArray[np.bool_], quiet: bool) -> dict[str, float]:
    fold = _folds(messages)
    mixed = [{int(p[:6], 16) % _FOLDS for p in m.line.split("+")} if "+" in m.line else set() for m in messages]
    masks = []
    for held in range(_FOLDS):
        train = np.array([f != held and held not in m for f, m in zip(fold, mixed, strict=True)])
        masks.append((train[rows.group], ((fold == held) & first)[rows.group]))
    thresholds = {}
    for column, label in enumerate(LABELS):
        truth = np.array([label in m.types or any(k.special == label for k in m.marks) for m in messages])
        score = np.zeros(len(messages))
        for train, test in masks:
            weights, bias = _fit(
                rows.features[train], rows.targets[train, column], rows.weight[train], _COST["windows"]
            )
            passed = _probability(rows.features[test], weights, bias)
            if label == _EVENT:
                passed = np.where(passed >= rows.bars[test], passed, 0.0)
            score = np.maximum(score, _by_message(rows.group[test], passed, len(messages)))
        use = first & (fold >= 0)
        thresholds[label], recall, precision = _threshold(truth[use], score[use], _BETA.get(label, 1.2))
        if not quiet:
            print(
                f"{label:30s} n {truth[use].sum():4d}  threshold {thresholds[label]:.2f}"
                f"  recall {recall:.3f}  precision {precision:.3f}",
                flush=True,
            )
            if label == _EVENT:
                _misses(messages, use, truth, score, thresholds[label])
    return thresholds


def _misses(
    messages: list[Message],
    use: NDArray[np.bool_],
    truth: NDArray[np.bool_],
    score: NDArray[np.float64],
    threshold: float,
) -> None:
    for number in np.flatnonzero(use & (truth != (score >= threshold))):
        print(f"   {'missed' if truth[number] else 'false'} {score[number]:.2f} {messages[number].text[:150]!r}")


def _intent_thresholds(
    features: csr_matrix, messages: list[Message], first: NDArray[np.bool_], quiet: bool
) -> dict[str, float]:
    fold, targets, weight = _folds(messages), intent_targets(messages), _intent_weights(messages)
    thresholds = {}
    for column, label in enumerate(INTENT_LABELS):
        score = np.zeros(len(messages))
        for held in range(_FOLDS):
            train = (fold != held) & (fold >= 0)
            weights, bias = _fit(features[train], targets[train, column], weight[train], _COST["intents"])
            score[fold == held] = _probability(features[fold == held], weights, bias)
        use = first & (fold >= 0)
        thresholds[label], recall, precision = _threshold(targets[use, column] == 1, score[use], 1.0)
        if not quiet:
            print(
                f"{label:30s} n {targets[use, column].sum():4d}  threshold {thresholds[label]:.2f}"
                f"  recall {recall:.3f}  precision {precision:.3f}",
                flush=True,
            )
    return thresholds


def _intent_weights(messages: list[Message]) -> NDArray[np.float64]:
    """A bare remark of an event says little of what its sender wants; there are many, so each counts less."""
    return np.array([0.15 if m.terse else 1.0 for m in messages])


def _compact(columns: list[tuple[NDArray[np.float64], float]]) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    weights = np.stack([c[0] for c in columns], axis=1)
    weights[np.abs(weights) < _SMALLEST] = 0
    return weights.astype(np.float16), np.array([c[1] for c in columns], np.float32)


def main() -> int:
    """Train, print the cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, default=Path(__file__).resolve().parents[2].parent / "shared" / "data")
    parser.add_argument("--variants", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="keep the thresholds of the last weights")
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    rng = random.Random(20)
    reader = Reader()
    groups = [variants(language, line, options.variants, rng) for language, line in authored(FOLDER)]
    messages = [m for group in groups for m in group]
    plain = len(messages)
    first = np.array([n % options.variants == 0 for n in range(plain)])
    notes = [m for m in messages if m.intents[:1] == ("capture_note",)]
    messages += embedded(notes, rng, plain // 5)
    rows, wholes = rows_of(messages, reader)
    extra = public_messages(options.public, rng, 600)
    if extra:
        more, _ = rows_of(extra, reader)
        rows = Rows(
            vstack([rows.features, more.features]).tocsr(),
            np.concatenate([rows.targets, more.targets]),
            np.concatenate([rows.group, more.group + len(messages)]),
            np.concatenate([rows.weight, np.full(len(more.weight), _PUBLIC_WEIGHT)]),
            np.concatenate([rows.bars, more.bars]),
        )
    everyone = messages + extra
    first = np.concatenate([first, np.zeros(len(everyone) - plain, bool)])
    print(
        f"{len(groups)} lines, {len(messages)} messages, {len(extra)} public, {rows.features.shape[0]} windows",
        flush=True,
    )
    if options.quick and WEIGHTS.exists():
        with np.load(WEIGHTS) as old:
            window_thresholds = dict(zip(old["windows_labels"], old["windows_thresholds"], strict=True))
            intent_thresholds = dict(zip(old["intents_labels"], old["intents_thresholds"], strict=True))
    else:
        window_thresholds = _cross_validate(rows, everyone, first, options.quiet)
        intent_thresholds = _intent_thresholds(wholes[:plain], messages[:plain], first[:plain], options.quiet)
    targets = intent_targets(messages[:plain])
    window_weights, window_bias = _compact(
        [_fit(rows.features, rows.targets[:, c], rows.weight, _COST["windows"]) for c in range(len(LABELS))]
    )
    intent_weights, intent_bias = _compact(
        [
            _fit(wholes[:plain], targets[:, c], _intent_weights(messages[:plain]), _COST["intents"])
            for c in range(len(INTENT_LABELS))
        ]
    )
    np.savez_compressed(
        WEIGHTS,
        windows_labels=np.array(LABELS), windows_weights=window_weights, windows_bias=window_bias,
        windows_thresholds=np.array([window_thresholds[n] for n in LABELS], np.float32),
        intents_labels=np.array(INTENT_LABELS), intents_weights=intent_weights, intents_bias=intent_bias,
        intents_thresholds=np.array([intent_thresholds[n] for n in INTENT_LABELS], np.float32),
    )  # fmt: skip
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
