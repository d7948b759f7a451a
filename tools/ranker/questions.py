"""The questions written for training, and which sections of a label answer each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval.shelf import Shelf

QUESTIONS = Path(__file__).with_name("questions.tsv")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of questions.tsv. `file` is empty where only the slot is known; then `wanted` names slots."""

    file: str
    wanted: tuple[str, ...]
    text: str
    history: tuple[str, ...] = ()


def load_questions(path: Path = QUESTIONS) -> list[Question]:
    """Every question of the file, in order."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")]
    return [
        Question(
            file="" if row[0] == "-" else row[0],
            wanted=tuple(row[1].split(",")),
            text=row[2],
            history=tuple(row[3].split(" || ")) if len(row) > 3 else (),
        )
        for row in rows
    ]


def gold(question: Question, shelf: Shelf) -> NDArray[np.float32]:
    """How well each section of the label answers: 1 for the first section wanted, 0.6 for the others, else 0."""
    worth = np.zeros(shelf.sections, dtype=np.float32)
    for passage, section in zip(shelf.passages, shelf.section_of, strict=True):
        for place, wanted in enumerate(question.wanted):
            if _is(wanted, passage.number, (*passage.path, passage.title)):
                worth[section] = max(worth[section], 0.6 if place else 1.0)
    return worth


def _is(wanted: str, number: str, headings: tuple[str, ...]) -> bool:
    if wanted.startswith("="):
        return any(wanted[1:].lower() in heading.lower() for heading in headings[-2:])
    return number == wanted or number.startswith(wanted + ".")
