"""Train the outcome model on a home with the labels: `python -m tools.outcome --home HOME --as EMAIL [--write]`.

Looks every training question up as `rep ask` would. Prints both errors on products the model was not trained on (six
parts, split by product), then fits on everything; `--write` replaces the weights that ship.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.ask.outcome import Verdict
from integrations.bootstrap import open_assistant
from tools.lookup import Lookup
from tools.outcome.model import VERDICTS, WEIGHTS, cross_validate, design, fit, save
from tools.outcome.questions import Example, load_examples

_THRESHOLDS = (0.3, 0.4, 0.5, 0.6)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--as", dest="email", required=True, help="someone who may see every label")
    parser.add_argument("--write", action="store_true", help=f"replace {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    assistant = open_assistant(options.home)
    lookup = Lookup(assistant, assistant.application.identify.by_email(options.email))
    examples = load_examples()
    signals = [lookup.signals(example.question, example.history, example.product) for example in examples]
    matrix = design(signals)
    report(cross_validate(matrix, examples), examples)
    if options.write:
        save(fit(matrix, [example.verdict for example in examples]))
        sys.stdout.write(f"wrote {WEIGHTS}\n")
    return 0


def report(shares: np.ndarray, examples: Sequence[Example]) -> None:
    """Both errors at several thresholds, by verdict."""
    truth = np.array([VERDICTS.index(example.verdict) for example in examples])
    answer = shares[:, VERDICTS.index(Verdict.ANSWER)]
    can = truth == VERDICTS.index(Verdict.ANSWER)
    for threshold in _THRESHOLDS:
        refused = float((answer[can] < threshold).mean())
        missed = "  ".join(
            f"{name.value} {int((answer[truth == place] >= threshold).sum())}/{int((truth == place).sum())}"
            for place, name in enumerate(VERDICTS)
            if name is not Verdict.ANSWER
        )
        sys.stdout.write(f"threshold {threshold}: answerable refused {refused:.3f}; answered wrongly: {missed}\n")


if __name__ == "__main__":
    sys.exit(main())
