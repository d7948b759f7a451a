"""Names as people type them, and the keys a customer is found by.

A name becomes folded tokens (no titles, accents, capitals). Each token gives keys: the token itself, its consonant
skeleton (for "Okafor" typed "Okaphor") and its first three letters. The keys are stored in an index, so a name is
found among 100,000 customers without reading them; how well a candidate fits is scored afterwards.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.domain.customer import Customer

_CJK_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIAL_STOPS = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
_SOUNDS = [("ph", "f"), ("ck", "k"), ("sch", "s"), ("sh", "s"), ("th", "t"), ("gh", "g"), ("kh", "k"), ("tz", "z")]
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "x": "s", "v": "f", "w": "f", "j": "g", "d": "t"})
_VOWELS = re.compile(r"[aeiouyh]")
_REPEATS = re.compile(r"(.)\1+")
_COMPOUND_SURNAMES = ("歐陽", "司馬", "上官", "諸葛", "張簡", "范姜")
PREFIX = 3


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of `names.toml`, folded."""

    titles: frozenset[str]
    generic: frozenset[str]
    titles_cjk: tuple[str, ...]
    generic_cjk: tuple[str, ...]


@cache
def name_words() -> NameWords:
    """The shipped word lists, read once."""
    data = tomllib.loads((files("assistant.record") / "names.toml").read_text(encoding="utf-8"))
    return NameWords(
        frozenset(data["titles"]), frozenset(data["generic"]), tuple(data["titles_cjk"]), tuple(data["generic_cjk"])
    )


def fold(text: str) -> str:
    """Lower case without accents or full-width forms; what a database cannot hold is replaced."""
    usable = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    plain = unicodedata.normalize("NFKD", usable).replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def tokens(name: str) -> tuple[str, ...]:
    """The folded words of a name, titles and single-letter initials left out unless nothing else is there.

    "Prof. Dr. Ngozi A. Okafor, MD" gives ("ngozi", "okafor"), 陳醫師 gives ("陳",).
    """
    folded = _INITIAL_STOPS.sub("", fold(name)).replace("'", "").replace("’", "")
    words = name_words()
    found = [token for token in _pieces(folded) if token not in words.titles]
    return tuple(token for token in found if len(token) > 1 or _CJK_RUN.match(token)) or tuple(found)


def _pieces(folded: str) -> list[str]:
    pieces: list[str] = []
    for match in re.finditer(rf"{_CJK_RUN.pattern}|{_WORD.pattern}", _CJK_RUN.sub(r" \g<0> ", folded)):
        word = match.group()
        bare = strip_cjk_title(word) if _CJK_RUN.fullmatch(word) else word
        pieces.extend(part for part in ([] if bare in name_words().titles else bare.split("-")) if part)
    return pieces


def strip_cjk_title(word: str) -> str:
    """A Chinese name without the titles behind it; all title: as it is."""
    for title in name_words().titles_cjk:
        if word.endswith(title) and len(word) > len(title):
            return strip_cjk_title(word[: -len(title)])
    return word


def surname_cjk(name: str) -> str:
    """The surname of a Chinese personal name of two to four characters."""
    return name[:2] if name.startswith(_COMPOUND_SURNAMES) else name[:1]


def skeleton(token: str) -> str:
    """The consonants of a token as they sound, first letter kept: equal for most misspellings of one name."""
    sound = token
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    sound = sound.translate(_LETTERS)
    return _REPEATS.sub(r"\1", sound[:1] + _VOWELS.sub("", sound[1:]))


def exact_keys(text: str) -> frozenset[str]:
    """The keys that find a name spelled as it is stored."""
    return frozenset(tokens(text))


def fuzzy_keys(text: str) -> frozenset[str]:
    """The keys that find a name spelled nearly as it is stored."""
    found: set[str] = set()
    for token in tokens(text):
        if len(token) > PREFIX and token.isascii():
            found |= {f"~{skeleton(token)}", f"^{token[:PREFIX]}"}
    return frozenset(found)


def stored_keys(customer: Customer) -> frozenset[str]:
    """Every key a customer is stored under: of their names, the parts of a Chinese name, and their identifiers."""
    found: set[str] = set()
    for name in (customer.name, *customer.aliases):
        found |= exact_keys(name) | fuzzy_keys(name)
        for token in tokens(name):
            if _CJK_RUN.fullmatch(token):
                found |= _cjk_keys(token)
    return frozenset(found | {identifier_key(value) for value in customer.identifiers.values()})


def _cjk_keys(token: str) -> set[str]:
    if len(token) <= 4 and not token.endswith(name_words().generic_cjk):
        surname = surname_cjk(token)
        return {token, surname, token[len(surname) :]} - {""}
    bare = token
    for ending in name_words().generic_cjk:
        bare = bare.replace(ending, "")
    return {token, bare} - {""}


def is_generic(token: str) -> bool:
    """Whether a word of an institution's name says nothing by itself."""
    words = name_words()
    return token in words.generic or token in words.generic_cjk


def identifier_key(value: str) -> str:
    """The key an identifier (an NPI, a registration number) is found by."""
    return "#" + re.sub(r"[\s.-]+", "", value).casefold()
