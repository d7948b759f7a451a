"""A text as concepts: each a word or phrase with the other ways labels put it, across languages.

"sob" and "呼吸困難" both stand for what a label calls dyspnea. A concept counts as covered when any one way of saying
it is found, so a synonym never drowns the rest of the question as bag-of-words expansion would. The phrase tables are
data (`knowledge/data/synonyms_en.tsv`, `glossary_*.tsv`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from knowledge.names import fold
from knowledge.text import guess_language, stem, stop_words, terms, words

ENGLISH = "en"
_TABLES = {"en": "synonyms_en.tsv", "zh": "glossary_zh.tsv", "fr": "glossary_fr.tsv", "de": "glossary_de.tsv"}
_LONGEST = 4
_BORROWED = 3
_COMPOUND = 8
_COMPOUND_PART = 5
_ADULT, _OLD = 18, 65
_AGE = re.compile(
    r"(?<![\d.,])(\d{1,3})\s*[- ]?(?:(?:yrs?|y|years?|mo|months?)[- ]?(?:old|/o)|y\.?/?o\.?(?!\w)"
    r"|歲|個月大|ans?(?!\w)|jährig\w*|jahre?\s+alt)",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"mo|個月", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked about; each way of saying it is a tuple of index terms that should occur together."""

    said: str
    ways: tuple[tuple[str, ...], ...]
    translated: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    phrases: dict[tuple[str, ...], tuple[str, ...]]
    parts: dict[str, tuple[str, ...]]


@lru_cache(maxsize=256)
def concepts(text: str) -> tuple[Concept, ...]:
    """The concepts of a text, in order, in whichever of the known languages it is written."""
    language = guess_language(text).split("-")[0]
    found = list(_in_chinese(text)) if _HAN.search(text) else []
    tongue = ENGLISH if language == "zh" else language
    found += _in_ages(text)
    found += _in_words(text, tongue)
    unique = {concept.ways: concept for concept in found}
    return tuple(unique.values())


def _in_ages(text: str) -> Iterator[Concept]:
    """A patient's age as labels group it: "13 yr old" is pediatric, "82 y/o" geriatric."""
    for found in _AGE.finditer(text):
        age = 0 if _MONTHS.search(found.group()) else int(found.group(1))
        if age < _ADULT:
            yield Concept(
                found.group(),
                ((stem("pediatric"),), (stem("adolescent"),) if age >= 12 else (stem("children"),)),
                translated=True,
            )
        elif age >= _OLD:
            yield Concept(found.group(), ((stem("geriatric"),), (stem("elderly"),)), translated=True)


def _in_words(text: str, language: str) -> Iterator[Concept]:
    tokens = [token for token in words(_HAN.sub(" ", text)) if token]
    plain = [fold(token) for token in tokens]
    ignored = stop_words(language) | (stop_words(ENGLISH) if language == ENGLISH else frozenset())
    at = 0
    while at < len(tokens):
        size, alternatives = _longest(plain, at, language)
        own = tuple(stem(token, language) for token in tokens[at : at + size] if _tells(token, ignored))
        if alternatives or own:
            ways = _ways(own, alternatives)
            if ways:
                yield Concept(" ".join(tokens[at : at + size]), ways, language != ENGLISH and bool(alternatives))
        at += size


def _tells(token: str, ignored: frozenset[str]) -> bool:
    return token not in ignored and (len(token) > 1 or token.isdigit())


def _longest(plain: list[str], at: int, language: str) -> tuple[int, tuple[str, ...]]:
    """How many words the longest known phrase takes from here, and what it may mean; one word when none is known."""
    for tongue in dict.fromkeys((language, ENGLISH)):
        if tongue != language and (len(plain[at]) < _BORROWED or plain[at] in stop_words(language)):
            continue
        table = _table(tongue)
        for size in range(min(_LONGEST, len(plain) - at), 0, -1):
            phrase = tuple(plain[at : at + size])
            meant = table.phrases.get(phrase) or table.phrases.get(tuple(stem(word, tongue) for word in phrase))
            if meant:
                return size, meant
    if language == "de" and len(plain[at]) >= _COMPOUND:
        return 1, _compound(plain[at])
    return 1, ()


def _compound(word: str) -> tuple[str, ...]:
    """What the known parts of a German compound mean, the longest at either end first."""
    parts = _table("de").parts
    known = [part for part in parts if word.startswith(part) or word.endswith(part)]
    return tuple(meaning for part in sorted(known, key=len, reverse=True)[:2] for meaning in parts[part])


def _in_chinese(text: str) -> Iterator[Concept]:
    table, plain = _table("zh").parts, fold(text)
    at = 0
    while at < len(plain):
        size = next((n for n in range(8, 0, -1) if plain[at : at + n] in table and len(plain) - at >= n), 0)
        if size:
            yield Concept(plain[at : at + size], _ways((), table[plain[at : at + size]]), translated=True)
        at += size or 1


def _ways(own: tuple[str, ...], alternatives: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    ways = [own, *(tuple(terms(phrase, ENGLISH)) for phrase in alternatives)]
    return tuple(dict.fromkeys(way for way in ways if way))


@cache
def _table(language: str) -> _Table:
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for line in (files("knowledge") / "data" / _TABLES[language]).read_text(encoding="utf-8").splitlines():
        phrase, tab, meanings = line.partition("\t")
        if not tab or line.startswith("#"):
            continue
        meant = tuple(meaning.strip() for meaning in meanings.split(";"))
        plain = tuple(fold(word) for word in words(phrase))
        phrases.setdefault(plain, meant)
        phrases.setdefault(tuple(stem(word, language) for word in plain), meant)
        if language != "de" or (len(plain) == 1 and len(plain[0]) >= _COMPOUND_PART):
            parts.setdefault(fold(phrase), meant)
    return _Table(phrases, parts)
