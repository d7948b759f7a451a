"""Which of our products a text speaks about: brand, generic, abbreviated, misspelt or translated names.

Names come from the register's documents (`ProductNames.of`); what is an ordinary word comes from a data file, so that
"met" or "cold" is not taken for a drug. Names of other companies' drugs: see `knowledge.vocabulary`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from knowledge.models import Document

_LATIN = "0-9A-Za-zÀ-ɏ"
_WORD = re.compile(rf"[{_LATIN}]+(?:[-'’][{_LATIN}]+)*")
_SUFFIX = re.compile(r"-[a-z]{4}$")
_PREFIX_LENGTH = 3
_FUZZY_LENGTH = 6
_TWO_EDITS_LENGTH = 9


class Match(StrEnum):
    """How a mention was recognised, surest first."""

    EXACT = "exact"
    PREFIX = "prefix"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch `[start, end)` of a text that names a product, or several that share the name (a generic)."""

    products: frozenset[str]
    text: str
    start: int
    end: int
    match: Match


@lru_cache(maxsize=16)
def word_list(name: str) -> frozenset[str]:
    """The lower-case words of a data file, one or several a line, `#` starting a comment."""
    text = (files("knowledge") / "data" / name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() for word in line.partition("#")[0].lower().split())


@cache
def translated_names() -> dict[str, str]:
    """Drug names in other languages and scripts, with the English name."""
    return name_pairs("translated_names.tsv")


def name_pairs(file_name: str) -> dict[str, str]:
    """The rows `name<TAB>other name` of a data file, both folded, `#` starting a comment line."""
    lines = (files("knowledge") / "data" / file_name).read_text(encoding="utf-8").splitlines()
    rows = [line.partition("\t") for line in lines if "\t" in line and not line.startswith("#")]
    return {fold(left): fold(right).strip() for left, _, right in rows}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, full-width forms made plain; length kept, so that offsets still fit the original."""
    if text.isascii():
        return text.lower()
    folded = "".join(_narrow(char) for char in text)
    return folded if len(folded) == len(text) else text.lower()


def _narrow(char: str) -> str:
    if char in "®™":
        return " "
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", char) if not unicodedata.combining(mark)).lower()
    return bare if len(bare) == 1 else char


class ProductNames:
    """Every way the products of some documents are written."""

    def __init__(self, names: Mapping[str, frozenset[str]], products: frozenset[str]) -> None:
        """`names` maps a lower-case name to the products it may mean; `products` are the register's spellings."""
        self.products = products
        self._names = dict(names)
        self._single = {name: held for name, held in names.items() if " " not in name and name.isascii()}
        self._phrases = sorted((name for name in names if name not in self._single), key=len, reverse=True)
        self._ordinary = word_list("ordinary_words.txt")

    @classmethod
    def of(cls, documents: Iterable[Document]) -> ProductNames:
        """Names of all products of the documents, from the approval facts and from what the files say of themselves."""
        names: dict[str, set[str]] = defaultdict(set)
        products: set[str] = set()
        for document in documents:
            held = document.approval.products
            products |= held
            for product in held:
                _add(names, product, {product})
            for name in document.names if len(held) == 1 else ():
                _add(names, name, set(held))
        for alias, english in translated_names().items():
            if english in names:
                names[alias] |= names[english]
        return cls({name: frozenset(held) for name, held in names.items()}, frozenset(products))

    def resolve(self, name: str) -> frozenset[str]:
        """The products a bare name may mean, exactly or nearly; empty when none."""
        exact = self._names.get(fold(name).strip())
        if exact:
            return exact
        found = [mention.products for mention in self.mentions(name)]
        return frozenset.union(*found) if found else frozenset()

    def mentions(self, text: str) -> list[Mention]:
        """Every stretch that names a product, in order, without overlaps; a longer name wins over a shorter one."""
        folded = fold(text)
        taken: list[Mention] = []
        for found in (*self._phrase_mentions(folded, text), *self._word_mentions(folded, text)):
            if not any(found.start < other.end and other.start < found.end for other in taken):
                taken.append(found)
        return sorted(taken, key=lambda mention: mention.start)

    def products_in(self, text: str) -> frozenset[str]:
        """Every product a text may speak about."""
        return frozenset().union(*(mention.products for mention in self.mentions(text)))

    def _phrase_mentions(self, folded: str, text: str) -> Iterator[Mention]:
        for name in self._phrases:
            pattern = re.escape(name) if not name.isascii() else rf"(?<![{_LATIN}]){re.escape(name)}(?![{_LATIN}])"
            for found in re.finditer(pattern, folded):
                yield self._mention(name, text, found.span(), Match.EXACT)

    def _word_mentions(self, folded: str, text: str) -> Iterator[Mention]:
        for found in _WORD.finditer(folded):
            for start, end in _pieces(found):
                word = folded[start:end]
                recognised = self._recognise(word)
                if recognised:
                    name, match = recognised
                    yield self._mention(name, text, (start, end), match)
                    break

    def _mention(self, name: str, text: str, span: tuple[int, int], match: Match) -> Mention:
        start, end = span
        return Mention(self._names[name], text[start:end], start, end, match)

    def _recognise(self, word: str) -> tuple[str, Match] | None:
        if word in self._single:
            return word, Match.EXACT
        if word.endswith("s") and word[:-1] in self._single:
            return word[:-1], Match.EXACT
        if not word.isalpha() or not word.isascii() or word in self._ordinary or len(word) < _PREFIX_LENGTH:
            return None
        return self._by_prefix(word) or self._by_edits(word)

    def _by_prefix(self, word: str) -> tuple[str, Match] | None:
        """A clipped name ("jardi"), when every name it begins means the same products."""
        begun = [name for name in self._single if name.startswith(word) and len(name) > len(word)]
        if begun and len({self._names[name] for name in begun}) == 1:
            return begun[0], Match.PREFIX
        if begun:
            meant = frozenset.intersection(*(self._names[name] for name in begun))
            narrow = [name for name in begun if self._names[name] == meant]
            return (narrow[0], Match.PREFIX) if narrow else None
        return None

    def _by_edits(self, word: str) -> tuple[str, Match] | None:
        """A misspelt name: one edit from six letters on, two from nine, the first letter kept, no tie."""
        if len(word) < _FUZZY_LENGTH:
            return None
        allowed = 2 if len(word) >= _TWO_EDITS_LENGTH else 1
        near: dict[int, set[str]] = defaultdict(set)
        for name in self._single:
            if name[0] == word[0] and abs(len(name) - len(word)) <= allowed:
                near[OSA.distance(word, name, score_cutoff=allowed)].add(name)
        for distance in range(1, allowed + 1):
            if len({self._names[name] for name in near[distance]}) == 1:
                return min(near[distance]), Match.FUZZY
            if near[distance]:
                return None
        return None


def _pieces(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A word, then, if it is a compound ("mounjaro-patient"), its parts."""
    yield found.span()
    if "-" in found.group() or "'" in found.group() or "’" in found.group():
        for part in re.finditer(rf"[{_LATIN}]+", found.group()):
            yield found.start() + part.start(), found.start() + part.end()


def _add(names: dict[str, set[str]], name: str, products: set[str]) -> None:
    for form in _forms(name):
        names[form] |= products


def _forms(name: str) -> Iterator[str]:
    """A name as written, then without salt, suffix or strength, then each ingredient of a combination."""
    whole = " ".join(fold(name).split())
    if not whole:
        return
    yield whole
    salts, ordinary = word_list("salts.txt"), word_list("ordinary_words.txt")
    for ingredient in re.split(r"\s*(?:,|;|/|\+|\band\b)\s*", whole):
        words = [word for word in ingredient.split() if word not in salts]
        if all(word in ordinary for word in words):
            continue
        yield " ".join(words)
        base = _SUFFIX.sub("", words[0])
        if len(base) > _PREFIX_LENGTH and base not in ordinary and not base.isdigit():
            yield base
