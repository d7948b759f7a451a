"""Chroma as a store of vectors, embedded or on a server, opened when first needed (its import takes two seconds)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from integrations.search.derived_file import REBUILD
from knowledge.errors import IndexFault
from knowledge.ports import Scored, Vectors

_PAGE = 1_000
# Below this many ids it is quicker to fetch their vectors than to have Chroma search among them.
_FETCH_BELOW = 500
_log = logging.getLogger(__name__)


class ChromaStore:
    """One collection, cosine space, vectors always given. `place` is a folder, or the URL of a server.

    A folder belongs to one process at a time: Chroma shows a second one stale data. The home's lock sees to that for
    writing; reading goes past it (see `resident`).
    """

    def __init__(self, place: Path | str, model: str) -> None:
        self._place = place
        self._name = "passages-" + re.sub(r"[^a-zA-Z0-9]+", "-", model).strip("-")[:200]

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors by id, replacing what was there (`add` would silently keep the old ones)."""
        with self._explained():
            for at in range(0, len(ids), _PAGE):
                self._collection.upsert(ids=list(ids[at : at + _PAGE]), embeddings=vectors[at : at + _PAGE])

    def delete(self, ids: Iterable[str]) -> None:
        """Forget ids; unknown ones are no error."""
        wanted = list(ids)
        with self._explained():
            for at in range(0, len(wanted), _PAGE):
                self._collection.delete(ids=wanted[at : at + _PAGE])

    def ids(self) -> set[str]:
        """Every id held."""
        return {key for page in self._pages([]) for key in page["ids"]}

    def everything(self) -> Iterator[dict[str, Vectors]]:
        """All ids with their vectors, a page at a time."""
        for page in self._pages(["embeddings"]):
            yield dict(zip(page["ids"], np.asarray(page["embeddings"], dtype=np.float32), strict=True))

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those ids that are held."""
        found: dict[str, Vectors] = {}
        wanted = list(dict.fromkeys(ids))
        with self._explained():
            for at in range(0, len(wanted), _PAGE):
                page = self._collection.get(ids=wanted[at : at + _PAGE], include=["embeddings"])
                found.update(zip(page["ids"], np.asarray(page["embeddings"], dtype=np.float32), strict=True))
        return found

    def search(self, query: Vectors, among: Sequence[str], limit: int) -> list[Scored]:
        """The nearest of the given ids, best first; unknown ids are ignored."""
        if not among or limit < 1:
            return []
        if len(among) < _FETCH_BELOW:
            held = self.vectors(among)
            scored = [Scored(key, float(vector @ query)) for key, vector in held.items()]
            return sorted(scored, key=lambda entry: -entry.score)[:limit]
        return self._ask(query, list(dict.fromkeys(among)), limit)

    def _ask(self, query: Vectors, among: list[str], limit: int) -> list[Scored]:
        with self._explained():
            if unknown := set(among) - self.ids():
                # Chroma refuses the whole question for one unknown id.
                among = [key for key in among if key not in unknown]
            if not among:
                return []
            found = self._collection.query(
                query_embeddings=[query], ids=among, n_results=min(limit, len(among)), include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Scored(key, 1.0 - float(distance)) for key, distance in pairs]

    def _pages(self, include: list[str]) -> Iterator[dict[str, Any]]:
        at = 0
        while True:
            with self._explained():
                page = self._collection.get(include=include, limit=_PAGE, offset=at)
            if not page["ids"]:
                return
            yield page
            at += _PAGE

    @cached_property
    def _collection(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        client: Any
        if isinstance(self._place, Path):
            client = chromadb.PersistentClient(path=str(self._place), settings=quiet)
        else:
            url = urlsplit(self._place)
            secure = url.scheme == "https"
            port = url.port or (443 if secure else 8000)
            client = chromadb.HttpClient(host=url.hostname or "localhost", port=port, ssl=secure, settings=quiet)
        return client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IndexFault:
            raise
        except Exception as fault:
            remedy = REBUILD if isinstance(self._place, Path) else "check chroma_url and that the server runs"
            _log.debug("chroma failed", exc_info=fault)
            raise IndexFault(f"Chroma at {self._place}: {fault or type(fault).__name__}; {remedy}") from fault
