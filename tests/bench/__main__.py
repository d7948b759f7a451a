"""Runs the benchmarks named on the command line, or all of them."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

FRAME = {"figures", "corpus"}


def names() -> list[str]:
    """Every benchmark there is."""
    folder = str(Path(__file__).parent)
    return sorted(m.name for m in pkgutil.iter_modules([folder]) if not m.name.startswith("_") and m.name not in FRAME)


def main(wanted: list[str]) -> int:
    """Print each benchmark's figures; 2 for a name that does not exist."""
    if unknown := set(wanted) - set(names()):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(names())}", file=sys.stderr)  # noqa: T201
        return 2
    for name in wanted or names():
        module = importlib.import_module(f"tests.bench.{name}")
        print(f"{name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)  # noqa: T201
        for figure in module.measure():
            print(figure, flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
