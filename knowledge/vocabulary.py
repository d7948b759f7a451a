"""Names of drugs in general, ours or not: to notice a competitor, a co-medication, a product outside an assignment.

The vocabulary is that of the package `drug-named-entity-recognition` (MIT; DrugBank, MeSH and NHS names). Its own
code is not imported (it takes seconds and hundreds of megabytes): the names are read from its data file once, reduced
to a sorted text, and kept in a cache folder if there is one.
"""

from __future__ import annotations

import bz2
import hashlib
import io
import logging
import pickle  # nosec: only plain containers are admitted, see _PlainData
import re
import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from knowledge.names import ProductNames, fold, name_pairs, translated_names, word_list

_PACKAGE = "drug_named_entity_recognition"
_DISTRIBUTION = "drug-named-entity-recognition"
_LISTS = ("more_drugs.tsv", "not_drugs.txt", "ordinary_words.txt")
_DATA = "drug_ner_dictionary.pkl.bz2"
_TOKEN = re.compile(r"[0-9a-z]+(?:[-'][0-9a-z]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAME = re.compile(r"[a-z][a-z' -]{4,39}")
_CHEMICAL = re.compile(r"^[0-9(\[]|interleukin|cytochrome")
_LONGEST = 3
_POSSESSIVE = re.compile(r"(?:'s|s')$")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DrugMention:
    """A stretch `[start, end)` of a text that names a drug; `drug` is its common name, `brand` whether by a brand."""

    drug: str
    text: str
    start: int
    end: int
    brand: bool


class DrugVocabulary:
    """Finds drug names in text by exact lookup. Loaded on first use; about 3 MB held; safe among threads."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._cache_folder = cache_folder
        self._lock = threading.Lock()
        self._table: _Table | None = None

    def mentions(self, text: str) -> list[DrugMention]:
        """Every drug named, in order; the longest name from each place."""
        plain = fold(text).replace("’", "'")
        found = [*self._in_words(plain, text), *_in_chinese(plain, text)]
        return sorted(found, key=lambda mention: mention.start)

    def other_drugs(self, text: str, ours: ProductNames) -> list[DrugMention]:
        """Drugs named in a text that are none of ours, by brand or by ingredient."""
        own = [(mention.start, mention.end) for mention in ours.mentions(text)]
        return [
            mention
            for mention in self.mentions(text)
            if not any(mention.start < end and start < mention.end for start, end in own)
            and (mention.brand or not ours.resolve(mention.drug))
        ]

    def drug(self, name: str) -> str | None:
        """The common name of a drug by any of its names, or None."""
        return self._loaded().find(fold(name).strip())

    def _in_words(self, plain: str, text: str) -> Iterator[DrugMention]:
        tokens, table = list(_TOKEN.finditer(plain)), self._loaded()
        at = 0
        while at < len(tokens):
            for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
                start, end = tokens[at].start(), tokens[at + size - 1].end()
                name = _POSSESSIVE.sub("", plain[start:end])
                drug = table.find(name) if _may_be_drug(name) else None
                if drug:
                    yield DrugMention(drug, text[start:end], start, end, brand=name != drug)
                    at += size - 1
                    break
            at += 1

    def _loaded(self) -> _Table:
        with self._lock:
            if self._table is None:
                self._table = _Table(self._lines())
            return self._table

    def _lines(self) -> bytes:
        """The reduced vocabulary, from the cache folder or from the package."""
        kept = self._cache_folder / f"drug-names-{_edition()}.txt" if self._cache_folder else None
        if kept is not None and kept.exists():
            return kept.read_bytes()
        lines = _from_package()
        if kept is not None:
            try:
                kept.parent.mkdir(parents=True, exist_ok=True)
                part = kept.with_suffix(".part")
                part.write_bytes(lines)
                part.replace(kept)
            except OSError as error:
                _log.warning("drug names could not be kept in %s (%s); they are read again next time", kept, error)
        return lines


class _Table:
    """Sorted lines `name<TAB>drug`, searched by halves."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines
        ends = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
        self._starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.uint32)
        self._ends = ends.astype(np.uint32)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> bytes:
        return self._lines[self._starts[place] : self._ends[place]].partition(b"\t")[0]

    def find(self, name: str) -> str | None:
        """The drug a name belongs to."""
        wanted = name.encode()
        place = bisect_left(self, wanted)
        if place == len(self) or self[place] != wanted:
            return None
        return self._lines[self._starts[place] : self._ends[place]].partition(b"\t")[2].decode()


class _PlainData(pickle.Unpickler):
    """Reads dictionaries, lists, strings and numbers; anything else in the file is refused."""

    def find_class(self, module_name: str, global_name: str) -> object:
        raise pickle.UnpicklingError(f"{_DATA} holds {module_name}.{global_name}; only plain data is read")


def _from_package() -> bytes:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {_DISTRIBUTION} is not installed; install the locked dependencies")
    packed = Path(spec.origin).with_name(_DATA).read_bytes()
    held = _PlainData(io.BytesIO(bz2.decompress(packed))).load()
    return _lines_of(held["drug_variant_to_canonical"])


def _lines_of(names: dict[str, list[str]]) -> bytes:
    refused = word_list("not_drugs.txt") | word_list("ordinary_words.txt")
    kept = {
        name: drugs[0]
        for name, drugs in names.items()
        if drugs and _NAME.fullmatch(name) and not _CHEMICAL.search(drugs[0]) and not _is_plain(name, refused)
    }
    kept |= name_pairs("more_drugs.tsv")
    return "".join(f"{name}\t{kept[name]}\n" for name in sorted(kept)).encode()


def _is_plain(name: str, refused: frozenset[str]) -> bool:
    return all(word in refused for word in name.split())


def _edition() -> str:
    """What the reduced vocabulary is made from: the package's version, our own lists and rules."""
    made_from = b"".join((files("knowledge") / "data" / name).read_bytes() for name in _LISTS)
    made_from += (_NAME.pattern + _CHEMICAL.pattern).encode()
    return f"{version(_DISTRIBUTION)}-{hashlib.sha256(made_from).hexdigest()[:12]}"


def _may_be_drug(name: str) -> bool:
    return len(name) > 4 and name not in word_list("ordinary_words.txt") and name not in word_list("not_drugs.txt")


def _in_chinese(plain: str, text: str) -> Iterator[DrugMention]:
    for name, drug in translated_names().items() if _HAN.search(plain) else ():
        start = plain.find(name) if _HAN.search(name) else -1
        if start >= 0:
            yield DrugMention(drug, text[start : start + len(name)], start, start + len(name), brand=False)
