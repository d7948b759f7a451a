"""May this be answered? Inside the label, outside it, another role's matter, or something nobody wrote down.

A small linear model over two kinds of evidence: the words of the question with names masked ("dose of OURDRUG for
CONDABSENT?"), and figures about what the approved text holds (is the condition among the indications, how much of the
question does any passage cover). Masking is what lets it speak about products it has never seen. Trained by
`python -m tools.outcome`; the model card stands beside the weights. It errs toward referral.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.ask.conditions import condition_mentions
from assistant.ask.cues import cue_counts, cues
from assistant.ask.label_facts import LabelFacts
from assistant.ask.patient_age import patient_age
from knowledge.text import normalise, words

Floats = NDArray[np.float32]
BUCKETS = 1 << 15
_CHARACTERS = (3, 4, 5)
_CUE_CAP = 3

FIGURES = (
    *(f"cue_{cue.name}" for cue in cues()),
    "condition_approved",
    "condition_mentioned",
    "condition_absent",
    "only_absent",
    "age_below",
    "age_named",
    "beside_mentioned",
    "beside_absent",
    "best_hit",
    "second_hit",
    "tenth_hit",
    "unit_best",
    "cover_best",
    "cover_sections",
    "cover_document",
    "gap_known",
    "history",
    "chinese",
    "use_of_absent",
    "use_below_age",
    "dose_of_other",
    "dose_below_age",
    "compared_absent",
    "compared_mentioned",
    "asked_and_found",
)


class Verdict(StrEnum):
    """What a question is, seen from the approved text."""

    ANSWER = "answer"
    OFF_LABEL = "off_label"
    COMPETITOR = "competitor"
    ACCESS_PRICE = "access_price"
    NOT_IN_LABEL = "not_in_label"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the question that names a drug: ours, or one beside it (`known`: our text speaks of it)."""

    start: int
    end: int
    ours: bool
    known: bool = False


@dataclass(frozen=True, slots=True)
class Signals:
    """A question as the model sees it: its masked text, and figures by name (missing ones are 0)."""

    masked: str
    figures: Mapping[str, float]


def word_signals(question: str, drugs: Sequence[Span], facts: LabelFacts) -> Signals:
    """The part of the signals that needs no search: masked text, cues, conditions, age, other drugs."""
    counts = cue_counts(question)
    mentions = condition_mentions(question)
    standings = [facts.standing(mention.condition) for mention in mentions]
    age = patient_age(question)
    figures: dict[str, float] = {f"cue_{name}": min(count, _CUE_CAP) / _CUE_CAP for name, count in counts.items()}
    for standing in ("approved", "mentioned", "absent"):
        figures[f"condition_{standing}"] = float(standing in standings)
    figures["only_absent"] = float("absent" in standings and "approved" not in standings)
    figures["age_named"] = float(age is not None)
    figures["age_below"] = float(age is not None and facts.minimum_age is not None and age < facts.minimum_age)
    figures["beside_mentioned"] = float(any(not drug.ours and drug.known for drug in drugs))
    figures["beside_absent"] = float(any(not drug.ours and not drug.known for drug in drugs))
    figures["use_of_absent"] = figures["only_absent"] * float(counts["use"] > 0)
    figures["use_below_age"] = figures["age_below"] * float(counts["use"] > 0)
    other = bool(standings) and "approved" not in standings
    figures["dose_of_other"] = float(other and counts["dose"] > 0 and not counts["label"])
    figures["dose_below_age"] = figures["age_below"] * float(counts["dose"] > 0)
    for standing in ("absent", "mentioned"):
        figures[f"compared_{standing}"] = figures[f"beside_{standing}"] * float(counts["comparison"] > 0)
    marks = [
        *((drug.start, drug.end, _drug_mask(drug)) for drug in drugs),
        *((m.start, m.end, f"cond{standing}") for m, standing in zip(mentions, standings, strict=True)),
    ]
    return Signals(_mask(question, marks), figures)


def judge(signals: Signals) -> dict[Verdict, float]:
    """The probability of each verdict, summing to 1."""
    model = _model()
    buckets, weights = _hashed(signals.masked)
    logits = model.words[:, buckets] @ weights + model.figures @ row(signals) + model.bias
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    return {verdict: float(share) for verdict, share in zip(model.verdicts, shares, strict=True)}


def row(signals: Signals) -> Floats:
    """The figures in the order of FIGURES, shape (len(FIGURES),)."""
    return np.array([signals.figures.get(name, 0.0) for name in FIGURES], dtype=np.float32)


def hashed(masked: str) -> dict[int, float]:
    """The words of a masked question as hash buckets with weights; unit length."""
    buckets, weights = _hashed(masked)
    return dict(zip(buckets, weights.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Model:
    verdicts: tuple[Verdict, ...]
    words: Floats
    figures: Floats
    bias: Floats


@cache
def _model() -> _Model:
    with as_file(files("assistant.ask") / "data" / "outcome.npz") as path, np.load(path) as stored:
        return _Model(
            verdicts=tuple(Verdict(str(name)) for name in stored["verdicts"]),
            words=stored["words"].astype(np.float32),
            figures=stored["figures"].astype(np.float32),
            bias=stored["bias"].astype(np.float32),
        )


def _drug_mask(drug: Span) -> str:
    if drug.ours:
        return "ourdrug"
    return "drugmentioned" if drug.known else "drugabsent"


def _mask(text: str, marks: Sequence[tuple[int, int, str]]) -> str:
    """The text with each marked stretch replaced; an earlier mark wins where two overlap."""
    parts: list[str] = []
    at = 0
    for start, end, mask in sorted(marks, key=lambda mark: mark[:2]):
        if start >= at:
            parts += [text[at:start], f" {mask} "]
            at = end
    return normalise("".join((*parts, text[at:])))


def _grams(masked: str) -> Iterator[str]:
    tokens = words(masked)
    yield from tokens
    yield from (f"{one} {two}" for one, two in pairwise(tokens))
    for token in tokens:
        padded = f"<{token}>"
        for size in _CHARACTERS:
            yield from (f"#{padded[i : i + size]}" for i in range(len(padded) - size + 1))


def _hashed(masked: str) -> tuple[list[int], Floats]:
    counted: dict[int, int] = {}
    for gram in _grams(masked):
        bucket = zlib.crc32(gram.encode("utf-8", "replace")) % BUCKETS
        counted[bucket] = counted.get(bucket, 0) + 1
    counts = np.array(list(counted.values()), dtype=np.float32)
    weights = 1 + np.log(np.maximum(counts, 1))
    return list(counted), np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-6), dtype=np.float32)
