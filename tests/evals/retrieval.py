"""Retrieval alone, on a set of questions: `python -m tests.evals.retrieval --home HOME --data FILE [--product]`.

The home must hold the labels and the roster. Without --product only questions are asked whose thread names a product.
Every miss is printed. Recall counts distinct sections; `found@5` asks whether the answer's words stand in an excerpt.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from assistant.identify import IdentifyService
from assistant.policies.access import content_scope
from integrations.bootstrap import open_assistant
from knowledge.names import ProductNames
from knowledge.retrieval import Hit, Query, distinct_sections

_SHARE = 0.6


def is_gold(hit: Hit, record: dict[str, Any]) -> bool:
    """Whether a hit lies in one of the sections that answer, by number or by title."""
    number, title = _plain(hit.passage.number), _plain(hit.passage.title)
    return hit.document.id == record["label_id"] and any(_same(number, title, gold) for gold in record["gold_sections"])


def holds_span(hit: Hit, record: dict[str, Any]) -> bool:
    """Whether the words of an answer stand in the hit's excerpt."""
    if hit.document.id != record["label_id"]:
        return False
    shown = _words(hit.excerpt or hit.passage.text)
    return any(_borne_out(_words(span), shown) for span in record["gold_spans"])


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--as", dest="email", default="robin.vale@example.com")
    parser.add_argument("--product", action="store_true")
    options = parser.parse_args()
    assistant = open_assistant(options.home)
    principal = IdentifyService(assistant.people).by_email(options.email)
    scope = content_scope(principal, assistant.clock.now())
    names, service = assistant.retrieval.names(scope), assistant.retrieval
    records = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    counted, times = Counter[str](), []
    for record in records:
        query = _query(record, names, given=options.product)
        if record["answerable"] and query is not None:
            started = time.perf_counter()
            hits = service.search(query, scope, limit=60)
            times.append(1000 * (time.perf_counter() - started))
            _count(counted, record, distinct_sections(hits, 10))
    asked = max(1, counted.pop("asked"))
    figures = {name: round(count / asked, 3) for name, count in sorted(counted.items())}
    spent = {"p50_ms": round(float(np.median(times)), 1), "p95_ms": round(float(np.percentile(times, 95)), 1)}
    sys.stdout.write(json.dumps({"asked": asked, **figures, **spent}) + "\n")
    assistant.close()
    return 0


def _query(record: dict[str, Any], names: ProductNames, *, given: bool) -> Query | None:
    history = tuple(record.get("history") or ())
    product = names.resolve(record["product"])
    if given:
        return Query(record["question"], history, product)
    said = names.products_in("\n".join([*history, record["question"]]))
    return Query(record["question"], history) if said & product else None


def _count(counted: Counter[str], record: dict[str, Any], hits: list[Hit]) -> None:
    right = [is_gold(hit, record) for hit in hits]
    counted["asked"] += 1
    for place in (1, 5, 10):
        counted[f"recall@{place}"] += any(right[:place])
    counted["found@5"] += any(holds_span(hit, record) for hit in hits[:5])
    if not any(right[:5]):
        wanted = [gold.get("number") or gold.get("title") for gold in record["gold_sections"]]
        found = [f"{hit.passage.number} {hit.passage.title[:24]} {hit.score:.2f}" for hit in hits[:5]]
        sys.stderr.write(
            f"{record['id']} {record['product']}: {record['question'][:110]} | wanted {wanted} | {found}\n"
        )


def _same(number: str, title: str, gold: dict[str, Any]) -> bool:
    own = _plain(gold.get("number") or "")
    named = _plain(gold.get("title") or (gold.get("path") or [""])[-1])
    if own and (number == own or number.startswith(own + " ")):
        return True
    return bool(named and title) and (title == named or (len(title) > 4 and f" {title} " in f" {named} "))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def _words(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?|[a-z]+|[\u4e00-\u9fff]", text.lower())


def _borne_out(span: list[str], shown: list[str]) -> bool:
    """Whether most runs of three words of the span (of all its words, when it has fewer) stand in what is shown."""
    size = min(3, len(span))
    wanted = set(zip(*(span[at:] for at in range(size)), strict=False))
    held = set(zip(*(shown[at:] for at in range(size)), strict=False))
    return bool(wanted) and len(wanted & held) >= _SHARE * len(wanted)


if __name__ == "__main__":
    raise SystemExit(main())
