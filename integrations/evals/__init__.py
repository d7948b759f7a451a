"""Scoring against records with known answers, one module a set; `rep eval` finds them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from integrations.bootstrap import Assistant

EVALS: dict[str, str] = {
    "ask": "integrations.evals.ask:evaluate",
    "triage": "integrations.evals.triage:evaluate",
}


@dataclass(frozen=True, slots=True)
class EvalRequest:
    """What to score: a file of records (None: the scorer's own), as whom, and whether each one's product is given."""

    assistant: Assistant
    email: str
    data: Path | None = None
    with_product: bool = False


@dataclass(frozen=True, slots=True)
class EvalReport:
    """Figures by name, and every miss with at least `wanted`, `found` and `why`."""

    figures: Mapping[str, Any]
    misses: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def load_eval(name: str) -> Callable[[EvalRequest], EvalReport] | None:
    """The scorer of that name; None when this installation has none."""
    if name not in EVALS:
        return None
    module, _, function = EVALS[name].partition(":")
    scorer: Callable[[EvalRequest], EvalReport] = getattr(import_module(module), function)
    return scorer
