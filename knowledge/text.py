"""Text to terms: the one way words are cut, for the word index, for queries and for every lexicon.

An index and its queries must agree on what a word is, so nobody else tokenises. Latin scripts give Snowball stems,
Chinese (and kana, hangul) overlapping pairs of characters: SQLite's own tokenisers cannot find a word inside a
Chinese sentence.
"""

from __future__ import annotations

import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from typing import Protocol, cast

DEFAULT_LANGUAGE = "en"

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_UNUSABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "`": "'"})
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)|'s\b")
_TOKEN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_{_CJK}](?:[^\W_{_CJK}])*)")
_COMPOUND = re.compile(rf"(?<![\w-])([^\W\d_{_CJK}]+)-(\d+[a-z]?)(?![\w-]|[.,]\d)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DIACRITICS = {"de": re.compile("[äöüß]"), "fr": re.compile("[éèêëàâçœùûîïô]")}
_STEMMERS = {"en": "English", "fr": "French", "de": "German"}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (the library's own name)


def normalise(text: str) -> str:
    """Lower-case NFKC with plain apostrophes and hyphens, without control characters, surrogates and soft hyphens.

    The result may differ in length from what came in: offsets do not carry over.
    """
    usable = _INVISIBLE.sub("", _UNUSABLE.sub(" ", text))
    folded = unicodedata.normalize("NFKC", usable.translate(_APOSTROPHES)).lower()
    return folded.translate(_DASHES)


def words(text: str) -> list[str]:
    """The words, numbers and runs of CJK characters of a text, normalised, in order, neither stemmed nor dropped.

    "10mg" gives "10" and "mg", "HbA1c" stays whole, "1,000" is "1000", "0,5" is "0.5".
    """
    return [token for _, token in _tokens(normalise(text))]


def terms(text: str, language: str | None = None) -> list[str]:
    """What the word index holds for a text: stems without stop words, numbers, CJK pairs; repeats are kept.

    `language` (BCP 47; guessed when None) picks stemmer and stop words. "GLP-1" also gives "glp1", as people type it.
    """
    plain = normalise(text)
    tongue = (language or guess_language(plain)).split("-")[0].lower()
    ignored = stop_words(tongue)
    found: list[str] = []
    for kind, token in _tokens(plain):
        if kind == "cjk":
            found.extend(_pairs(token))
        elif kind == "number":
            found.append(token)
        elif token not in ignored:
            found.append(stem(token, tongue))
    found.extend(head + tail for head, tail in _COMPOUND.findall(plain))
    return found


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: str = DEFAULT_LANGUAGE) -> str:
    """The Snowball stem of one normalised word; words with digits and of other languages come back as they are."""
    if language not in _STEMMERS or not word.isalpha():
        return word
    return _stemmer(language).stemWord(word)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words too common to search for, normalised; empty for a language without a list."""
    return _stop_word_lists().get(language, frozenset())


def guess_language(text: str) -> str:
    """One of "en", "zh-TW", "fr", "de", from the text alone; "en" when nothing speaks for another one.

    Chinese counts by characters, since brand names in Latin letters are part of any Chinese question; the others by
    stop words and diacritics, so a bare list of names is English.
    """
    plain = normalise(text)
    han = sum(len(run) for run in re.findall(rf"[{_CJK}]+", plain))
    latin = sum(character.isalpha() for character in plain) - han
    if han >= 2 and han * 4 >= latin:
        return "zh-TW"
    tokens = [token for kind, token in _tokens(plain, elide=False) if kind == "word"]
    scores = {language: float(sum(map(listed.__contains__, tokens))) for language, listed in _stop_word_lists().items()}
    for language, marks in _DIACRITICS.items():
        scores[language] += 0.6 * sum(bool(marks.search(token)) for token in tokens)
    best = max(scores, key=lambda language: (scores[language], language == DEFAULT_LANGUAGE))
    return best if scores[best] > 0 else DEFAULT_LANGUAGE


def _tokens(plain: str, *, elide: bool = True) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(_ELISION.sub(" ", plain) if elide else plain):
        kind, token = cast(str, match.lastgroup), match.group()
        yield kind, _number(token) if kind == "number" else token


def _number(digits: str) -> str:
    return digits.replace(",", "") if _GROUPED.fullmatch(digits) else digits.replace(",", ".")


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


@cache
def _stop_word_lists() -> dict[str, frozenset[str]]:
    lists = tomllib.loads((files("knowledge") / "stop_words.toml").read_text(encoding="utf-8"))
    return {language: frozenset(listed.split()) for language, listed in lists.items()}


@cache
def _stemmer(language: str) -> _Stemmer:
    # The library's own __init__ imports all 33 languages (0.3 s); a package of another name over the same folder
    # loads one of them in milliseconds.
    alias = "_snowball_one_language"
    if alias not in sys.modules:
        spec, library = ModuleSpec(alias, None, is_package=True), find_spec("snowballstemmer")
        spec.submodule_search_locations = library.submodule_search_locations if library else None
        sys.modules[alias] = module_from_spec(spec)
    name = _STEMMERS[language]
    module = import_module(f"{alias}.{name.lower()}_stemmer")
    return cast(_Stemmer, getattr(module, f"{name}Stemmer")())
