"""Which medicine a message speaks of, whether it is ours, and whether a condition stands on its label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from assistant.screen.errors import ScreenDataError
from assistant.screen.lexicon import Hit, PhraseTree, words_of
from assistant.screen.text import Token

_STEMS = [
    "mab",
    "cept",
    "glutide",
    "gliptin",
    "gliflozin",
    "statin",
    "sartan",
    "prazole",
    "parin",
    "xaban",
    "gatran",
    "ciclib",
    "tinib",
    "lukast",
    "triptan",
    "gepant",
    "mycin",
    "cillin",
    "oxacin",
    "conazole",
    "navir",
    "platin",
    "taxel",
    "citinib",
    "brutinib",
    "rafenib",
    "lisib",
    "parib",
    "zumab",
    "limab",
]
_SHORTEST_STEMMED = 8
_SHORTEST_FUZZY = 6
_SHORTEST_PREFIX = 5
ALL_OURS = "*"


@dataclass(frozen=True, slots=True)
class OurProduct:
    """A product the company stands for: its name, other names, and what it is approved for, in any words."""

    name: str
    aliases: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductMention:
    """Tokens `[first, last)` name a medicine. `name` is ours as we spell it, else the ingredient."""

    name: str
    ours: bool
    first: int
    last: int
    is_class: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    ingredient: str
    names: tuple[str, ...]
    conditions: frozenset[str]


class ProductIndex:
    """Names of medicines for one set of own products. With none known, or "*", every medicine may be ours."""

    def __init__(self, ours: Iterable[OurProduct]) -> None:
        """`ours` may be empty: an event on any known medicine is then taken as ours."""
        own = tuple(ours)
        self._all = not own or any(p.name == ALL_OURS for p in own)
        self._conditions: dict[str, frozenset[str]] = {}
        self._own: set[str] = set()
        phrases = self._known(own) + self._added(own)
        self._tree = PhraseTree(phrases)
        self._near = self._neighbours(phrases)
        self._prefixes = self._unique_prefixes(phrases)

    def _known(self, own: Sequence[OurProduct]) -> list[tuple[str, str]]:
        spelled = {_key(n): p.name for p in own for n in (p.name, *p.aliases)}
        phrases: list[tuple[str, str]] = []
        for group in drug_groups():
            mine = next((spelled[_key(n)] for n in group.names if _key(n) in spelled), None)
            is_class = group.ingredient.endswith(" class")
            name = mine or group.ingredient
            if (mine or self._all) and not is_class:
                self._own.add(name)
            self._conditions[name] = self._conditions.get(name, frozenset()) | group.conditions
            phrases += [(name, n) for n in group.names]
        return phrases

    def _added(self, own: Sequence[OurProduct]) -> list[tuple[str, str]]:
        phrases: list[tuple[str, str]] = []
        for product in own:
            if product.name == ALL_OURS:
                continue
            self._own.add(product.name)
            if product.indications:
                said = frozenset(conditions_in(" . ".join(product.indications)))
                self._conditions[product.name] = self._conditions.get(product.name, frozenset()) | said
            phrases += [(product.name, n) for n in (product.name, *product.aliases) if words_of(n)]
        return phrases

    def _neighbours(self, phrases: Sequence[tuple[str, str]]) -> dict[str, str]:
        """Own one-word names with one letter left out, for spelling mistakes."""
        near: dict[str, str] = {}
        for name, phrase in phrases:
            word = words_of(phrase)[0]
            if name in self._own and len(words_of(phrase)) == 1 and len(word) >= _SHORTEST_FUZZY and word.isalpha():
                near.update(dict.fromkeys(_deletions(word), name))
        return near

    def _unique_prefixes(self, phrases: Sequence[tuple[str, str]]) -> dict[str, str]:
        owners: dict[str, set[str]] = {}
        for name, phrase in phrases:
            word = words_of(phrase)[0]
            if len(words_of(phrase)) == 1 and word.isascii() and len(word) > _SHORTEST_PREFIX + 1:
                for size in range(_SHORTEST_PREFIX, len(word)):
                    owners.setdefault(word[:size], set()).add(name)
        return {p: next(iter(n)) for p, n in owners.items() if len(n) == 1 and next(iter(n)) in self._own}

    def conditions_of(self, name: str) -> frozenset[str]:
        """What a medicine is approved for, as condition names; empty when not known."""
        return self._conditions.get(name, frozenset())

    def mentions(self, tokens: Sequence[Token], ordinary: frozenset[int]) -> list[ProductMention]:
        """Every medicine named, in order; `ordinary` are tokens that are known words, never a misspelt name."""
        found = {h.first: self._mention(h) for h in self._tree.match(tokens)}
        for at, token in enumerate(tokens):
            if at in found or not token.text.isascii() or len(token.text) < _SHORTEST_PREFIX:
                continue
            name = self._guess(token.text, at in ordinary)
            if name:
                found[at] = ProductMention(name, name in self._own, at, at + 1)
        return [found[at] for at in sorted(found)]

    def _mention(self, hit: Hit) -> ProductMention:
        return ProductMention(hit.name, hit.name in self._own, hit.first, hit.last, hit.name.endswith(" class"))

    def _guess(self, word: str, ordinary: bool) -> str | None:
        if len(word) >= _SHORTEST_STEMMED and word.endswith(tuple(_STEMS)):
            return self._nearest(word) or word
        if ordinary:
            return None
        return self._prefixes.get(word) or self._nearest(word)

    def _nearest(self, word: str) -> str | None:
        if len(word) < _SHORTEST_FUZZY:
            return None
        return next((self._near[d] for d in _deletions(word) if d in self._near), None)


def _deletions(word: str) -> list[str]:
    return [word] + [word[:i] + word[i + 1 :] for i in range(1, len(word))]


def _key(name: str) -> str:
    return " ".join(words_of(name))


@lru_cache(maxsize=1)
def drug_groups() -> tuple[_Group, ...]:
    """The known medicines, from drugs.tsv; raises ScreenDataError naming the line."""
    known = {name for name, _ in _rows("conditions.tsv", 2)}
    groups = []
    for ingredient, names, conditions in _rows("drugs.tsv", 3):
        wanted = frozenset(filter(None, conditions.split("|")))
        if not wanted <= known:
            raise ScreenDataError(
                f"drugs.tsv: {ingredient}: not in conditions.tsv: {', '.join(sorted(wanted - known))}"
            )
        groups.append(_Group(ingredient, tuple(names.split("|")), wanted))
    return tuple(groups)


@lru_cache(maxsize=1)
def condition_tree() -> PhraseTree:
    """Names of conditions and uses, from conditions.tsv."""
    return PhraseTree((name, phrase) for name, names in _rows("conditions.tsv", 2) for phrase in names.split("|"))


def conditions_in(text: str) -> list[str]:
    """The conditions a text names, in order."""
    from_text = [Token(w, 0, 0) for w in words_of(text)]
    return [h.name for h in condition_tree().match(from_text)]


def _rows(file: str, columns: int) -> list[list[str]]:
    text = resources.files("assistant.screen").joinpath("data", file).read_text("utf-8")
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = [c.strip() for c in line.split("\t")]
        if len(row) != columns or not all(row):
            raise ScreenDataError(f"{file}, line {number}: {columns} columns wanted, separated by tabs")
        rows.append(row)
    return rows
