"""What every embedder does to a text first, so that any text is accepted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.ports import PartedText, Vectors

_UNUSABLE = re.compile(r"[\x00\ud800-\udfff]")

MAX_CHARACTERS = 20_000
"""More than any model here reads (512 tokens of at most 16 characters), so longer texts cost no more."""


def usable(text: str) -> str:
    """The text without NULs and lone surrogates (neither survives UTF-8 or a C string), cut to what can matter."""
    return _UNUSABLE.sub(" ", text[:MAX_CHARACTERS])


def unit_rows(rows: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1, float32; a zero row becomes the first axis, so that every row has a direction."""
    scaled = np.array(rows, dtype=np.float32, ndmin=2)
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    scaled[(lengths == 0).ravel(), 0] = 1.0
    lengths[lengths == 0] = 1.0
    return np.asarray(scaled / lengths, dtype=np.float32)


def whole_for_parts(wholes: Vectors, texts: Sequence[PartedText]) -> list[Vectors]:
    """Each whole's vector for its parts too: what an engine that shows no token's state can say of them."""
    return [np.repeat(whole[None], 1 + len(text.parts), axis=0) for whole, text in zip(wholes, texts, strict=True)]
