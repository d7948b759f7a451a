"""Train the choice of quotes on a home with the labels: `python -m tools.quotes --home HOME --as EMAIL [--write]`.

Learns from `marks.tsv`, questions of our own with the sentences and rows that answer them, so that among all candidates
of a question those marked get the weight. Prints how often a marked unit is shown on labels left out of training (six
parts, split by label), then fits on everything; `--write` replaces `assistant/ask/data/quotes.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.ask.quote_features import FEATURES, Candidates, Floats
from assistant.ask.select import choose, use_weights
from integrations.bootstrap import open_assistant
from integrations.evals.matching import compact
from tools.lookup import Lookup
from tools.outcome.questions import label_products, mark_rows
from tools.quotes.listwise import fit

WEIGHTS = Path(__file__).resolve().parents[2] / "assistant" / "ask" / "data" / "quotes.json"
_PARTS = 6


@dataclass(frozen=True, slots=True)
class _Item:
    file: str
    found: Candidates
    marked: np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--as", dest="email", required=True, help="someone who may see every label")
    parser.add_argument("--write", action="store_true", help=f"replace {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    assistant = open_assistant(options.home)
    items = _items(Lookup(assistant, assistant.application.identify.by_email(options.email)))
    usable = [item for item in items if item.marked.any()]
    sys.stdout.write(f"{len(items)} questions, {len(usable)} with a marked unit among the candidates\n")
    sys.stdout.write(f"shown on labels left out: {_cross_validated(usable, len(items)):.3f}\n")
    if options.write:
        weights = fit([(item.found.rows, item.marked) for item in usable])
        stored = {"trained_on": f"{len(usable)} marked questions", "weights": _named(weights)}
        WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote {WEIGHTS}\n")
    return 0


def _items(lookup: Lookup) -> list[_Item]:
    products = label_products()
    items = []
    for file, text, thread, marks in mark_rows():
        history = tuple(part for part in thread.split(" || ") if part)
        _, found = lookup.find(text, history, frozenset({products[file]}))
        wanted = set(marks.split(","))
        marked = np.array([_hash(found.unit(place).text) in wanted for place in range(len(found.rows))], dtype=bool)
        items.append(_Item(file, found, marked))
    return items


def _cross_validated(items: Sequence[_Item], total: int) -> float:
    files = sorted({item.file for item in items})
    shown = 0
    for part in range(_PARTS):
        held = {file for place, file in enumerate(files) if place % _PARTS == part}
        weights = fit([(item.found.rows, item.marked) for item in items if item.file not in held])
        with use_weights(weights):
            shown += sum(_shows(item) for item in items if item.file in held)
    return shown / total


def _shows(item: _Item) -> bool:
    chosen = {(quoted.shelf.document.key, quoted.index) for quoted in choose(item.found)}
    places = np.flatnonzero(item.marked)
    return any((item.found.shelf(int(p)).document.key, int(item.found.index[p])) in chosen for p in places)


def _named(weights: Floats) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}


def _hash(text: str) -> str:
    return f"{zlib.crc32(compact(text).encode()):08x}"


if __name__ == "__main__":
    sys.exit(main())
