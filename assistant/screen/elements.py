"""A message as the small models see it: words, with names of products, people and conditions replaced by what they are.

What is learnt then holds for products and people never seen in training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.screen.language import detect_language
from assistant.screen.lexicon import LANGUAGES, Hit, PhraseTree, load_classes
from assistant.screen.products import ProductIndex, ProductMention, condition_tree
from assistant.screen.text import Reading

_TITLES = frozenset(("dr", "drs", "prof", "professor", "pr", "doctor", "docteur", "doktor"))
_MOST_NAME_WORDS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One element: its key, the first token it stands for, and whether it is a class of thing (`OWN`, `DRNAME`)."""

    key: str
    at: int
    kind: str = "word"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A reading with everything known about it that the detectors share."""

    reading: Reading
    language: str
    hits: tuple[Hit, ...]
    products: tuple[ProductMention, ...]
    conditions: tuple[Hit, ...]
    off_label: frozenset[int]
    on_label: frozenset[int]
    doctors: tuple[tuple[int, int], ...]

    def classes_in(self, first: int, last: int) -> list[Hit]:
        """Class hits that start within tokens `[first, last)`."""
        return [h for h in self.hits if first <= h.first < last]


class Annotator:
    """Reads text with the lexicons of its language. Built once; holds no state between messages."""

    def __init__(self) -> None:
        """Loads and checks every lexicon; raises ScreenDataError."""
        classes = {language: load_classes(language) for language in LANGUAGES}
        self._trees = {
            language: PhraseTree(
                (name, phrase)
                for part in dict.fromkeys((language, "zh"))
                for name, phrases in classes[part].items()
                for phrase in phrases
            )
            for language in LANGUAGES
        }
        self._trees["zh"] = PhraseTree(
            (name, phrase) for part in ("zh", "en") for name, phrases in classes[part].items() for phrase in phrases
        )

    def annotate(self, reading: Reading, index: ProductIndex) -> Annotated:
        """Everything the detectors share, in one pass each."""
        language = detect_language(reading.tokens)
        hits = self._trees[language[:2]].match(reading.tokens)
        ordinary = frozenset(i for h in hits for i in range(h.first, h.last))
        products = tuple(index.mentions(reading.tokens, ordinary))
        named = {i for p in products for i in range(p.first, p.last)}
        conditions = tuple(h for h in condition_tree().match(reading.tokens) if h.first not in named)
        on, off = _label_fit(conditions, products, index)
        return Annotated(
            reading=reading,
            language=language,
            hits=tuple(h for h in hits if h.first not in named),
            products=products,
            conditions=conditions,
            off_label=off,
            on_label=on,
            doctors=tuple(_doctors(reading)),
        )


def _label_fit(
    conditions: Sequence[Hit], products: Sequence[ProductMention], index: ProductIndex
) -> tuple[frozenset[int], frozenset[int]]:
    """Which conditions stand on the label of an own product that is named, and which do not."""
    labels = [index.conditions_of(p.name) for p in products if p.ours]
    known = frozenset().union(*labels) if labels else frozenset()
    if not known:
        return frozenset(), frozenset()
    on = frozenset(h.first for h in conditions if h.name in known)
    return on, frozenset(h.first for h in conditions if h.first not in on)


def _doctors(reading: Reading) -> list[tuple[int, int]]:
    """Names after "Dr" or before 醫師: tokens that name one who treats."""
    found = []
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.text in _TITLES:
            first = at + 1
            while first < len(tokens) and tokens[first].text in (".", "med", "dr", "prof"):
                first += 1
            last = first
            while last < len(tokens) and last - first < _MOST_NAME_WORDS and _capital(reading, last):
                last += 1
            found.append((first, max(last, min(first + 1, len(tokens)))))
    return found


def _capital(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    return token.text[0].isalpha() and reading.original[token.start : token.start + 1].isupper()


def items_of(note: Annotated, people: Sequence[tuple[int, int]] = ()) -> list[Item]:
    """The message as elements in order. `people` are token ranges that name patients."""
    marks: dict[int, tuple[str, int]] = {}
    for first, last in note.doctors:
        marks[first] = ("DRNAME", last)
    for hit in note.conditions:
        kind = "COND_OFF" if hit.first in note.off_label else "COND_ON" if hit.first in note.on_label else "COND"
        marks[hit.first] = (kind, hit.last)
    for product in note.products:
        marks[product.first] = ("DRUGCLASS" if product.is_class else "OWN" if product.ours else "RIVAL", product.last)
    for first, last in people:
        marks[first] = ("PTNAME", last)
    items: list[Item] = []
    at = 0
    while at < len(note.reading.tokens):
        mark = marks.get(at)
        if mark:
            items.append(Item(mark[0], at, "thing"))
            at = max(mark[1], at + 1)
            continue
        items.append(Item(_word_key(note.reading.tokens[at].text), at))
        at += 1
    return items


def _word_key(text: str) -> str:
    if text[0].isdigit():
        return f"#{min(len(text), 4)}" if text.isdigit() else "#x"
    return text
