"""Vectors remembered by the text they stand for, so that nothing is embedded twice, and some never at all."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from integrations.search.derived_file import DerivedFile
from knowledge.errors import IndexFault
from knowledge.ports import Embedder, PartedText, Vectors

_SCHEMA = ("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID",)
_AT_ONCE = 500
_QUESTIONS_KEPT = 16
_log = logging.getLogger(__name__)


def content_key(model: str, text: str) -> bytes:
    """Names a text under a model: 16 bytes of SHA-256."""
    return hashlib.sha256(f"{model}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


class VectorCache:
    """Half-precision vectors by content key in one SQLite file: 800 bytes a passage, cosine error below 0.0005."""

    def __init__(self, path: Path) -> None:
        self._file = DerivedFile(path, "vector-cache-1", _SCHEMA)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors held for these keys."""
        found: dict[bytes, Vectors] = {}
        with self._file.reading() as connection:
            if connection is None:
                return found
            for at in range(0, len(keys), _AT_ONCE):
                part = keys[at : at + _AT_ONCE]
                marks = ",".join("?" * len(part))
                rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part)  # noqa: S608
                found.update({key: np.frombuffer(vector, np.float16).astype(np.float32) for key, vector in rows})
        return found

    def everything(self) -> dict[bytes, Vectors]:
        """All that is held."""
        with self._file.reading() as connection:
            rows = [] if connection is None else connection.execute("SELECT key, vector FROM vectors").fetchall()
        return {key: np.frombuffer(vector, np.float16).astype(np.float32) for key, vector in rows}

    def put(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Remember vectors."""
        rows = [(key, vector.astype(np.float16).tobytes()) for key, vector in vectors.items()]
        with self._file.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


class SeedVectors:
    """Vectors shipped with content, in an `.npz` of `keys` (n, 16) bytes and `vectors` (n, dimension) float16."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors held for these keys."""
        rows, vectors = self._loaded
        return {key: vectors[rows[key]].astype(np.float32) for key in keys if key in rows}

    @cached_property
    def _loaded(self) -> tuple[dict[bytes, int], NDArray[np.float16]]:
        with np.load(self._path, allow_pickle=False) as file:
            return {key.tobytes(): row for row, key in enumerate(file["keys"])}, file["vectors"]


def write_seeds(path: Path, vectors: Mapping[bytes, Vectors]) -> None:
    """Write the file `SeedVectors` reads. Equal vectors, equal bytes."""
    keys = sorted(vectors)
    rows = np.stack([vectors[key] for key in keys]).astype(np.float16)
    np.savez_compressed(path, keys=np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 16), vectors=rows)


class CachedEmbedder:
    """An embedder that asks its seeds and its cache first. Questions are kept in memory only, and few of them.

    A cache that cannot be read or written is logged and done without: it only saves time.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache, seeds: Sequence[SeedVectors] = ()) -> None:
        self._embedder = embedder
        self._cache = cache
        self._seeds = seeds
        self._asked: dict[str, Vectors] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The name of the embedder behind."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """The dimension of the embedder behind."""
        return self._embedder.dimension

    def embed_query(self, text: str) -> Vectors:
        """As the embedder behind; the last few questions are kept, since one ask embeds its question more than once."""
        with self._lock:
            if text in self._asked:
                return self._asked[text]
        vector = self._embedder.embed_query(text)
        with self._lock:
            self._asked[text] = vector
            while len(self._asked) > _QUESTIONS_KEPT:
                self._asked.pop(next(iter(self._asked)))
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """As the embedder behind, though only for texts that are new; each distinct text once."""
        keys = [content_key(self.name, text) for text in texts]
        held = self._held(list(dict.fromkeys(keys)))
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in held}
        if new:
            # Rounded like what comes back from the cache: a vector is the same the first time and the second.
            fresh = self._embedder.embed_passages(list(new.values())).astype(np.float16).astype(np.float32)
            made = dict(zip(new, fresh, strict=True))
            held.update(made)
            self._remember(made)
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            found[row] = _scaled(held[key])
        return found

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        """As the embedder behind, though only for texts of which anything is new."""
        keys = [_parted_keys(self.name, text) for text in texts]
        held = self._held(list(dict.fromkeys(key for row in keys for key in row)))
        new = [place for place, row in enumerate(keys) if any(key not in held for key in row)]
        if new:
            fresh = self._embedder.embed_parted([texts[place] for place in new])
            made = {
                key: vector.astype(np.float16).astype(np.float32)
                for place, matrix in zip(new, fresh, strict=True)
                for key, vector in zip(keys[place], matrix, strict=True)
            }
            held.update(made)
            self._remember(made)
        return [np.stack([_scaled(held[key]) for key in row]) for row in keys]

    def _held(self, keys: list[bytes]) -> dict[bytes, Vectors]:
        held: dict[bytes, Vectors] = {}
        for seed in self._seeds:
            held.update(seed.get(keys))
        try:
            held.update(self._cache.get([key for key in keys if key not in held]))
        except IndexFault as fault:
            _log.warning("vectors are not remembered: %s", fault)
        return {key: vector for key, vector in held.items() if vector.shape == (self.dimension,)}

    def _remember(self, made: dict[bytes, Vectors]) -> None:
        try:
            self._cache.put(made)
        except IndexFault as fault:
            _log.warning("vectors are not remembered: %s", fault)


def _parted_keys(model: str, text: PartedText) -> list[bytes]:
    """The whole's key, as `embed_passages` would use it, then one for each part: its place in that very text."""
    return [
        content_key(model, text.text),
        *(content_key(model, f"{text.text}\0{start}-{end}") for start, end in text.parts),
    ]


def _scaled(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)
