"""Shelves at hand: the most recently used in memory, all of them in a store if there is one.

Cutting a label into words takes a tenth of a second, reading what was cut a few milliseconds; a first question must
not pay for it.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np

from knowledge.models import Document, Passage
from knowledge.ports import DocumentRepository
from knowledge.retrieval.shelf import Postings, Shelf, build_shelf

PASSAGES_KEPT = 40_000
_FORMAT = "1"


class ShelfStore(Protocol):
    """Keeps derived bytes by key; may forget them at any time."""

    def get(self, key: str) -> bytes | None:
        """What was put under the key, or None."""
        ...

    def put(self, key: str, kept: bytes) -> None:
        """Keep bytes under the key, replacing what was there; failing to is no error."""
        ...


class Shelves:
    """Every document version's shelf by request. Thread-safe; memory is bounded by passages, not by the register."""

    def __init__(self, repository: DocumentRepository, store: ShelfStore | None = None) -> None:
        self._repository = repository
        self._store = store
        self._kept: OrderedDict[str, Shelf] = OrderedDict()
        self._passages = 0
        self._lock = threading.Lock()

    def of(self, document: Document) -> Shelf:
        """The shelf of a document version; it carries the approval facts as they are now."""
        with self._lock:
            shelf = self._kept.get(document.key)
            if shelf is not None and shelf.document == document:
                self._kept.move_to_end(document.key)
                return shelf
        shelf = self._made(document)
        self._keep(document.key, shelf)
        return shelf

    def _keep(self, key: str, shelf: Shelf) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            self._passages += len(shelf.passages) - (len(old.passages) if old else 0)
            self._kept[key] = shelf
            while self._passages > PASSAGES_KEPT and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._passages -= len(dropped.passages)

    def _made(self, document: Document) -> Shelf:
        passages = self._repository.passages([document.key])
        if self._store is None:
            return build_shelf(document, passages, self._repository.sections(document.key))
        ids = "\n".join(passage.id for passage in passages)
        made_from = f"{edition()}\n{document.approval.language}\n{ids}"
        key = f"{document.key}-{hashlib.sha256(made_from.encode()).hexdigest()[:16]}"
        kept = self._store.get(key)
        if kept is not None:
            return _unpack(kept, document, tuple(passages))
        shelf = build_shelf(document, passages, self._repository.sections(document.key))
        self._store.put(key, _pack(shelf))
        return shelf


@cache
def edition() -> str:
    """What a shelf is made by, beside the text: when it changes, kept shelves are made again."""
    package = files("knowledge")
    made_by = [package / "data" / "slots.toml", package / "text.py", package / "stop_words.toml"]
    digest = hashlib.sha256(_FORMAT.encode())
    for part in made_by:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:16]


def _pack(shelf: Shelf) -> bytes:
    arrays: dict[str, object] = {
        "gaps": np.array([gap or "" for gap in shelf.gaps]),
        "follows": np.array([gap is not None for gap in shelf.gaps]),
        "section_of": shelf.section_of,
        "slots": shelf.slots,
        "order": shelf.order,
        "norms": shelf.norms,
        "heading_sizes": shelf.heading_sizes,
        "words": shelf.words,
    }
    for name, postings in (("text", shelf.text), ("headings", shelf.headings)):
        terms, ends, places, counts, size = postings.arrays()
        joined = np.frombuffer("\n".join(terms).encode(), dtype=np.uint8)
        arrays |= {f"{name}_terms": joined, f"{name}_ends": ends, f"{name}_places": places, f"{name}_counts": counts}
        arrays[f"{name}_size"] = np.int64(size)
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # type: ignore[arg-type]
    return packed.getvalue()


def _unpack(kept: bytes, document: Document, passages: tuple[Passage, ...]) -> Shelf:
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        held = dict(arrays)
    postings = {
        name: Postings.of_arrays(
            held[f"{name}_terms"].tobytes().decode().split("\n"),
            held[f"{name}_ends"],
            held[f"{name}_places"],
            held[f"{name}_counts"],
            int(held[f"{name}_size"]),
        )
        for name in ("text", "headings")
    }
    gaps = zip(held["gaps"].tolist(), held["follows"].tolist(), strict=True)
    return Shelf(
        document=document,
        passages=passages,
        gaps=tuple(gap if follows else None for gap, follows in gaps),
        section_of=held["section_of"],
        slots=held["slots"],
        order=held["order"],
        text=postings["text"],
        headings=postings["headings"],
        norms=held["norms"],
        heading_sizes=held["heading_sizes"],
        words=held["words"],
    )
