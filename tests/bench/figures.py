"""What a benchmark reports, and the few statistics all of them need."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Times depend on the machine; where it matters a ratio to a known limit stands beside."""

    name: str
    value: float
    unit: str
    aim: str = ""

    def __str__(self) -> str:
        line = f"  {self.name:<62}{self.value:>10,.2f} {self.unit}"
        return f"{line:<92}(aim {self.aim})" if self.aim else line


def milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    """Wall-clock time of each of `rounds` runs."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append(1_000 * (time.perf_counter() - start))
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return float(np.quantile(np.asarray(values), share))
