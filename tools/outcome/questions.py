"""The questions the outcome model learns from: our own refusals, and the ranker's questions as answerable ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.ask.outcome import Verdict

QUESTIONS = Path(__file__).with_name("questions.tsv")
MARKS = Path(__file__).resolve().parents[1] / "quotes" / "marks.tsv"
_LABELS = Path(__file__).with_name("labels.tsv")


@dataclass(frozen=True, slots=True)
class Example:
    """One training question about a product, and what it is."""

    product: str
    verdict: Verdict
    question: str
    history: tuple[str, ...] = ()


def load_examples() -> list[Example]:
    """Every example; a malformed line ends the run with its place."""
    products = label_products()
    own = [Example(product, Verdict(verdict), text) for product, verdict, text in _rows(QUESTIONS, 3)]
    answerable = [
        Example(products[file], Verdict.ANSWER, text, tuple(part for part in thread.split(" || ") if part))
        for file, text, thread, _ in mark_rows()
    ]
    return own + answerable


def label_products() -> dict[str, str]:
    """The product each label file is about."""
    return dict(_rows(_LABELS, 2))


def mark_rows() -> list[list[str]]:
    """Label file, question, earlier messages and marks of every line of the quotes' training set."""
    return _rows(MARKS, 4)


def _rows(path: Path, columns: int) -> list[list[str]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            row = line.split("\t")
            if len(row) != columns:
                raise SystemExit(f"{path.name}:{number}: expected {columns} columns between tabs, found {len(row)}")
            rows.append(row)
    return rows
