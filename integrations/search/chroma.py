"""The dense index: Chroma keeps the vectors; searching happens in memory, or on a Chroma server when one is set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from integrations.search.chroma_store import ChromaStore
from integrations.search.embedders import embedder_name
from integrations.search.resident import ResidentVectors
from integrations.settings import Settings
from knowledge.ports import Scored, Vectors

CHROMA_FOLDER = "chroma"
_RESIDENT = "resident-vectors.db"


class ChromaPassageIndex:
    """A `PassageIndex` over one embedding model: another model, another collection, and nothing mixes.

    Embedded (the default), a copy of the vectors stands beside Chroma's files in one that is loaded whole: a question
    then needs no import of chromadb, and any number of processes may read one home. Chroma is written first, the
    copy after it, and ids count as held once they are in both.
    """

    def __init__(self, settings: Settings) -> None:
        model = embedder_name(settings)
        folder = settings.home / CHROMA_FOLDER
        self._store = ChromaStore(settings.chroma_url or folder, model)
        self._resident = None if settings.chroma_url else ResidentVectors(folder / _RESIDENT, model)
        self._folder: Path = folder

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors under passage ids, replacing what was there."""
        if not ids:
            return
        resident = self._loaded()
        self._store.upsert(ids, vectors)
        if resident is not None:
            resident.upsert(dict(zip(ids, vectors, strict=True)))

    def delete(self, ids: Iterable[str]) -> None:
        """Forget passages; unknown ids are no error."""
        wanted = list(ids)
        if not wanted:
            return
        resident = self._loaded()
        if resident is not None:
            # First out of what is searched: should Chroma fail, the passages are gone all the same.
            resident.delete(wanted)
        self._store.delete(wanted)

    def ids(self) -> set[str]:
        """Every passage id held."""
        resident = self._loaded()
        return self._store.ids() if resident is None else resident.ids()

    def search(self, query: Vectors, *, among: Sequence[str], limit: int) -> list[Scored]:
        """Nearest by cosine among the given ids; unknown ids are ignored."""
        resident = self._loaded()
        target = self._store if resident is None else resident
        return target.search(query, among, limit)

    def similarities(self, query: Vectors, ids: Sequence[str]) -> Vectors:
        """Cosine of each id, shape (len(ids),); 0.0 for an id that is not held."""
        resident = self._loaded()
        if resident is not None:
            return resident.similarities(query, ids)
        held = self._store.vectors(ids)
        return np.asarray([held[key] @ query if key in held else 0.0 for key in ids], dtype=np.float32)

    def _loaded(self) -> ResidentVectors | None:
        """The copy; made from Chroma's files first should it have been lost."""
        resident = self._resident
        if resident is not None and not resident.path.exists() and (self._folder / "chroma.sqlite3").exists():
            for page in self._store.everything():
                resident.upsert(page)
        return resident
