"""The two small models: a softmax over slots and a scorer of sections, fitted and given back as plain arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.retrieval.concepts import Concept
from knowledge.retrieval.ranker import bag

Floats = NDArray[np.float32]
Arrays = dict[str, NDArray[np.generic]]

_TERM_STRENGTH = 6.0
_DENSE_STRENGTH = 30.0
_HIDDEN = 8
_EPOCHS = 20
_RATE = 0.005
_DECAY = 0.1


@dataclass(frozen=True, slots=True)
class SlotExample:
    """A question's concepts and vector with the share of each slot that answers it."""

    concepts: Sequence[Concept]
    vector: Floats
    target: Floats


def fit_slots(examples: Sequence[SlotExample], embedder: str) -> Arrays:
    """The two softmax heads over slots: one on terms, one on the query vector."""
    vocabulary = _vocabulary(examples)
    bags = np.stack([bag(example.concepts, vocabulary) for example in examples])
    vectors = np.stack([example.vector for example in examples])
    centre = vectors.mean(axis=0)
    targets = np.stack([example.target for example in examples])
    term_weights, term_bias = _softmax_fit(bags, targets, _TERM_STRENGTH)
    dense_weights, dense_bias = _softmax_fit(vectors - centre, targets, _DENSE_STRENGTH)
    return {
        "terms": np.array(list(vocabulary)),
        "slot_terms": term_weights,
        "slot_bias": term_bias,
        "embedder": np.array(embedder),
        "dense_mean": centre.astype(np.float32),
        "slot_dense": dense_weights,
        "dense_bias": dense_bias,
    }


def _vocabulary(examples: Sequence[SlotExample]) -> dict[str, int]:
    counted = Counter(term for e in examples for term in {t for c in e.concepts for way in c.ways for t in way})
    kept = sorted(term for term, count in counted.items() if count >= 2)
    return {term: place for place, term in enumerate(kept)}


def _softmax_fit(inputs: Floats, targets: Floats, strength: float) -> tuple[Floats, Floats]:
    """Weights (inputs, slots) and bias; slots never seen keep a bias that makes them improbable."""
    rows, slots = np.nonzero(targets > 0)
    model = LogisticRegression(C=strength, max_iter=300)
    model.fit(inputs[rows], slots, sample_weight=targets[rows, slots])
    weights = np.zeros((inputs.shape[1], targets.shape[1]), dtype=np.float32)
    bias = np.full(targets.shape[1], float(model.intercept_.min()) - 2.0, dtype=np.float32)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return weights, bias


@dataclass(frozen=True, slots=True)
class RankExample:
    """The features of every section of a question's label, and what each is worth."""

    rows: Floats
    worth: Floats


def fit_sections(examples: Sequence[RankExample], seed: int = 7) -> Arrays:
    """A linear score plus one small hidden layer, fitted so that the right section stands first (softmax per question).

    The score is then mapped to a chance by fitting a logistic curve over all sections.
    """
    stacked = np.concatenate([example.rows for example in examples])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale = np.where(scale < 1e-3, 1.0, scale).astype(np.float32)
    inputs = [((e.rows - mean) / scale).astype(np.float32) for e in examples]
    targets = [(e.worth / e.worth.sum()).astype(np.float32) for e in examples]
    net = _train(inputs, targets, np.random.default_rng(seed))
    raw = np.concatenate([_forward(net, rows)[0] for rows in inputs])
    right = np.concatenate([example.worth > 0 for example in examples]).astype(int)
    curve = LogisticRegression(C=1e4).fit(raw[:, None], right)
    return {
        "mean": mean.astype(np.float32),
        "scale": scale,
        **net,
        "slope": np.float32(curve.coef_[0, 0]),
        "offset": np.float32(curve.intercept_[0]),
    }


def _train(inputs: list[Floats], targets: list[Floats], random: np.random.Generator) -> Arrays:
    width = inputs[0].shape[1]
    net: Arrays = {
        "direct": np.zeros(width, dtype=np.float32),
        "hidden": (random.normal(size=(width, _HIDDEN)) * 0.15).astype(np.float32),
        "hidden_bias": np.zeros(_HIDDEN, dtype=np.float32),
        "output": np.zeros(_HIDDEN, dtype=np.float32),
    }
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in net.items()}
    step = 0
    for epoch in range(_EPOCHS):
        for at in random.permutation(len(inputs)):
            step += 1
            slopes = _gradients(net, inputs[at], targets[at])
            _adam(net, moments, slopes, step, _RATE * (1 - epoch / _EPOCHS))
    return net


def _forward(net: Arrays, rows: Floats) -> tuple[Floats, Floats]:
    hidden = np.maximum(rows @ net["hidden"] + net["hidden_bias"], 0.0)
    return rows @ net["direct"] + hidden @ net["output"], hidden


def _gradients(net: Arrays, rows: Floats, target: Floats) -> Arrays:
    scores, hidden = _forward(net, rows)
    chances = np.exp(scores - scores.max())
    error = chances / chances.sum() - target
    back = np.outer(error, net["output"]) * (hidden > 0)
    return {
        "direct": rows.T @ error,
        "hidden": rows.T @ back,
        "hidden_bias": back.sum(axis=0),
        "output": hidden.T @ error,
    }


def _adam(net: Arrays, moments: dict[str, tuple[Floats, Floats]], slopes: Arrays, step: int, rate: float) -> None:
    for name, slope in slopes.items():
        first, second = moments[name]
        first[...] = 0.9 * first + 0.1 * slope
        second[...] = 0.999 * second + 0.001 * slope * slope
        change = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        net[name] = (net[name] - rate * (change + _DECAY * net[name])).astype(np.float32)
