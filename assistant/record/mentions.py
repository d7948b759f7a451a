"""Which customer a sentence names: "what did Dr Okafor say about PA", "who visited Lakeside", 陳醫師上次說了什麼."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.customer import Customer, CustomerKind, RecordScope
from assistant.domain.record import NameHit
from assistant.ports import CustomerRepository
from assistant.record.names import exact_keys, fold, is_generic, name_words, tokens
from assistant.record.resolve import Resolution, choose, resolve

_MAX_HITS = 200
_MAX_KEYS = 400
_LONGEST_SENTENCE = 4000
_LATIN_TITLE = re.compile(
    r"\b(?i:Dr|Drs|Doctor|Doc|Prof|Professor|Mr|Mrs|Ms|Nurse|Docteure?|Professeure?|Mme|Herr|Frau)\b\.?\s+"
    r"((?:[^\W\d_]\.\s*)*[^\W\d_]['’\w-]+(?:\s+(?:[A-Z]\.\s*)?[A-Z]['’\w-]+)*)"
)
_CJK_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST_CJK_NAME = 8
# "PA", "GI" and "MI" are no surnames; "Wu" and "Ho" are, beside a title or a first name.
_SHORTEST_SURNAME = 3


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Who a sentence names. `words` is the name as written, "" when nobody is named; then the resolution is empty."""

    resolution: Resolution
    words: str = ""

    @classmethod
    def nobody(cls) -> Mentioned:
        """The sentence names no customer."""
        return cls(Resolution())


def mentioned(repository: CustomerRepository, scope: RecordScope, sentence: str) -> Mentioned:
    """The customer in scope a sentence names, a choice, or a name that fits nobody in scope."""
    sentence = sentence[:_LONGEST_SENTENCE].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    spoken = _spoken_names(sentence)
    keys = _keys(sentence, spoken)
    hits = repository.find(scope, keys, limit=_MAX_HITS) if keys else []
    named = _named(sentence, spoken, hits)
    if named:
        words = next((name for name in spoken if exact_keys(name) & named[0].keys), named[0].customer.name)
        return Mentioned(choose(repository, scope, [hit.customer for hit in named]), words)
    if spoken:
        return Mentioned(resolve(repository, scope, spoken[0]), spoken[0])
    return Mentioned.nobody()


def _spoken_names(sentence: str) -> list[str]:
    """Names that stand beside a title, so that they are names whether or not we know them."""
    found = [match.group(1) for match in _LATIN_TITLE.finditer(sentence)]
    titles = "|".join(name_words().titles_cjk)
    return found + [run for run in re.findall(rf"([\u3400-\u9fff]{{1,4}}?)(?:{titles})", sentence) if run]


def _keys(sentence: str, spoken: Sequence[str]) -> list[str]:
    keys = {key for key in exact_keys(sentence) if not _CJK_RUN.search(key) and not is_generic(key)}
    for run in _CJK_RUN.findall(sentence):
        keys |= {run[i : i + n] for n in range(2, _LONGEST_CJK_NAME + 1) for i in range(len(run) - n + 1)}
    for name in spoken:
        if _CJK_RUN.fullmatch(name):
            keys |= {name[i:] for i in range(len(name))}
    return sorted(keys, key=len, reverse=True)[:_MAX_KEYS]


def _named(sentence: str, spoken: Sequence[str], hits: Sequence[NameHit]) -> list[NameHit]:
    """The hits whose name the sentence really says, the most fully named ones only."""
    capitalised = set(_capitalised(sentence))
    titled = {key for name in spoken for key in _titled_keys(name)}
    weighed = [(weight, hit) for hit in hits if (weight := _weight(hit, capitalised, titled))]
    best = max((weight for weight, _ in weighed), default=0.0)
    return [hit for weight, hit in weighed if weight == best]


def _titled_keys(name: str) -> Iterator[str]:
    if _CJK_RUN.fullmatch(name):
        yield from (name[i:] for i in range(len(name)))
    else:
        yield from exact_keys(name)


def _weight(hit: NameHit, capitalised: set[str], titled: set[str]) -> float:
    """How surely the sentence names this customer, 0 for not at all.

    People come before the institutions and payers a question may also name: those are then what it is about.
    """
    own = {token for name in (hit.customer.name, *hit.customer.aliases) for token in tokens(name)}
    met = hit.keys & own
    cjk = [len(key) for key in met if not key.isascii()]
    if hit.keys & titled:
        return 20.0 + len(hit.keys) + max(cjk, default=0)
    person = hit.customer.kind is CustomerKind.HCP
    if cjk:
        return (10.0 if person else 0.0) + max(cjk)
    if not person:
        return _institution_weight(hit, met, own, capitalised)
    if len(met) > 1:
        return 10.0 + len(met)
    surname = _surname(hit.customer)
    return 10.0 if surname in met & capitalised and len(surname) >= _SHORTEST_SURNAME else 0.0


def _institution_weight(hit: NameHit, met: frozenset[str], own: set[str], capitalised: set[str]) -> float:
    telling = {token for token in own if not is_generic(token)}
    if not telling:
        return 0.0
    said = met & telling
    if said == telling and len(said) > 1:
        return 1.5 + len(said)
    bare = any(not key.isascii() for key in hit.keys)
    return 1.0 + len(said) if said & capitalised else (1.5 if bare else 0.0)


def _surname(customer: Customer) -> str:
    return (tokens(customer.name) or ("",))[-1]


def _capitalised(sentence: str) -> Iterator[str]:
    """Folded words written with a capital after the first word; in a sentence without capitals, every longer word."""
    found = list(_WORD.finditer(sentence))
    has_capitals = any(match.group()[0].isupper() for match in found[1:])
    for place, match in enumerate(found):
        word = match.group()
        plain = fold(word.removesuffix("'s").removesuffix("’s"))
        if (word[0].isupper() and place > 0) or (not has_capitals and len(plain) > 3):
            yield plain
            yield from plain.split("-")
