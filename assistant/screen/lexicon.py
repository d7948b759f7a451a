"""The word classes behind every detector: phrases in data files, matched in one pass over the tokens.

A phrase is words separated by spaces; a word ending in "*" stands for every word that starts so. The data files are
checked when they are read: an unknown class, an empty or a doubled phrase fails with its file and class.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from assistant.screen.errors import ScreenDataError
from assistant.screen.text import Token, fold

LANGUAGES = ("en", "zh", "fr", "de")
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)*\*?|\d+|[\u3400-\u9fff]|[^\w\s]")
_SHORTEST_STEM = 3
_REMEMBERED = 16384


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens `[first, last)` belong to a word class."""

    name: str
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    stems: dict[str, _Node] = field(default_factory=dict)
    names: tuple[str, ...] = ()


class PhraseTree:
    """Phrases of all classes as one tree; a match is the longest phrase of each class at a place."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are (class, phrase)."""
        self._root = _Node()
        for name, phrase in phrases:
            self._add(name, phrase)
        self._starts = lru_cache(maxsize=_REMEMBERED)(lambda text: _children(self._root, text))

    def _add(self, name: str, phrase: str) -> None:
        node = self._root
        for word in words_of(phrase):
            table = node.stems if word.endswith("*") and len(word) > 1 else node.words
            node = table.setdefault(word.rstrip("*") or word, _Node())
        node.names = (*node.names, name)

    def match(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every longest hit of every class, in reading order; hits of one class do not overlap."""
        hits: list[Hit] = []
        reach: dict[str, int] = {}
        for first in range(len(tokens)):
            found: dict[str, int] = {}
            self._walk(self._root, tokens, first, found)
            for name, last in found.items():
                if reach.get(name, 0) <= first:
                    reach[name] = last
                    hits.append(Hit(name, first, last))
        return hits

    def _walk(self, node: _Node, tokens: Sequence[Token], at: int, found: dict[str, int]) -> None:
        for name in node.names:
            found[name] = max(found.get(name, 0), at)
        if at < len(tokens):
            for child in self._starts(tokens[at].text) if node is self._root else _children(node, tokens[at].text):
                self._walk(child, tokens, at + 1, found)


def _children(node: _Node, text: str) -> tuple[_Node, ...]:
    """The nodes one word leads to: by itself, and by every stem it starts with."""
    exact = node.words.get(text)
    stems = (
        [node.stems[text[:n]] for n in range(_SHORTEST_STEM, len(text) + 1) if text[:n] in node.stems]
        if node.stems
        else []
    )
    return (*stems, exact) if exact is not None else tuple(stems)


def words_of(phrase: str) -> list[str]:
    """A phrase as the tokens it matches, folded like a message."""
    return _WORDS.findall(fold(phrase)[0])


def load_classes(language: str) -> Mapping[str, tuple[str, ...]]:
    """The word classes of one language, checked; raises ScreenDataError naming file and class."""
    file = f"{language}.toml"
    table = tomllib.loads(resources.files("assistant.screen").joinpath("data", file).read_text("utf-8"))
    known = set(class_names())
    classes: dict[str, tuple[str, ...]] = {}
    for name, text in table.items():
        if name not in known:
            raise ScreenDataError(f"{file}: unknown word class {name!r}; the classes are listed in classes.toml")
        classes[name] = _phrases(file, name, text)
    return classes


def class_names() -> tuple[str, ...]:
    """Every word class, as classes.toml lists and explains them."""
    text = resources.files("assistant.screen").joinpath("data", "classes.toml").read_text("utf-8")
    return tuple(tomllib.loads(text))


def _phrases(file: str, name: str, text: object) -> tuple[str, ...]:
    if not isinstance(text, str):
        raise ScreenDataError(f"{file}: class {name!r} must be one text of phrases separated by commas or lines")
    phrases = [p.strip() for p in re.split(r"[,\n]", text) if p.strip()]
    for phrase in phrases:
        if not words_of(phrase):
            raise ScreenDataError(f"{file}: class {name!r} holds {phrase!r}, which has no word in it")
        if any(w.endswith("*") and len(w) <= _SHORTEST_STEM for w in words_of(phrase)):
            raise ScreenDataError(f"{file}: class {name!r}: {phrase!r} is too short a stem to stand for others")
    doubled = {p for p in phrases if phrases.count(p) > 1}
    if doubled:
        raise ScreenDataError(f"{file}: class {name!r} lists {', '.join(sorted(doubled))!r} twice")
    return tuple(phrases)
