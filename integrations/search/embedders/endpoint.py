"""Any OpenAI-compatible embeddings endpoint: OpenAI, Azure, vLLM, LiteLLM, a server of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import openai
from langchain_openai import OpenAIEmbeddings
from pydantic import SecretStr

from assistant.errors import PermanentFault, TransientFault
from integrations.search.embedders.cleaning import unit_rows, usable, whole_for_parts
from integrations.settings import EmbeddingSettings
from knowledge.ports import PartedText, Vectors

_TIMEOUT_SECONDS = 30.0
_RETRIES = 2
_AT_ONCE = 64
_BLANK = "-"


class EndpointEmbedder:
    """Vectors from an endpoint. Its faults become PermanentFault (setting, key, model) or TransientFault (network).

    Text is sent as it is, not as token ids, which compatible servers do not take; a text longer than the server's
    window is the server's to cut or refuse. An empty text is sent as a dash: several servers refuse "".
    """

    def __init__(self, settings: EmbeddingSettings, name: str) -> None:
        self._settings = settings
        self._name = name

    @property
    def name(self) -> str:
        """Model and host."""
        return self._name

    @cached_property
    def dimension(self) -> int:
        """Length of a vector, asked of the endpoint once."""
        return int(self.embed_query("dimension").size)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), unit rows."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._explained():
            return unit_rows(np.asarray(self._client.embed_documents([_sendable(text) for text in texts])))

    def embed_query(self, text: str) -> Vectors:
        """Shape (dimension,), unit length."""
        with self._explained():
            return np.asarray(unit_rows(np.asarray(self._client.embed_query(_sendable(text))))[0])

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        """The whole's vector for each part too: an endpoint shows no token's state, and parts would cost calls."""
        return whole_for_parts(self.embed_passages([text.text for text in texts]), texts)

    @cached_property
    def _client(self) -> OpenAIEmbeddings:
        options: dict[str, Any] = {"model": self._settings.model, "base_url": self._settings.base_url}
        return OpenAIEmbeddings(
            **options,
            api_key=self._settings.api_key or SecretStr("none"),
            check_embedding_ctx_length=False,
            timeout=_TIMEOUT_SECONDS,
            max_retries=_RETRIES,
            chunk_size=_AT_ONCE,
        )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        place = f"the embeddings endpoint {self._settings.base_url or 'of OpenAI'}"
        try:
            yield
        except (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError) as fault:
            raise TransientFault(f"{place} did not answer ({fault}); try again, or see that it runs") from fault
        except openai.OpenAIError as fault:
            raise PermanentFault(
                f"{place} refused ({fault}); check embedding.base_url, embedding.model and embedding.api_key"
            ) from fault


def _sendable(text: str) -> str:
    return usable(text) if text.strip() else _BLANK
