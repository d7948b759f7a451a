"""From a name as typed to one customer, a choice between several, or none. Only customers in scope exist here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from assistant.domain.answer import Choice
from assistant.domain.customer import Customer, CustomerKind, RecordScope
from assistant.domain.record import NameHit
from assistant.ports import CustomerRepository
from assistant.record.names import exact_keys, fold, fuzzy_keys, identifier_key, skeleton, tokens

MAX_CHOICES = 6
_MAX_HITS = 60
_LONGEST_NAME = 300
_GOOD = 0.86
_CLOSE = 0.03
_TOKEN_FIT = 0.84
_INITIAL = re.compile(r"(?<![^\W\d_])([^\W\d_])(?:\.|(?=\s))")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name came to: exactly one of `customer` and `choices` is set, or neither when nobody in scope fits."""

    customer: Customer | None = None
    choices: tuple[Choice, ...] = ()
    more: int = 0


def resolve(repository: CustomerRepository, scope: RecordScope, name: str) -> Resolution:
    """The customer a name means. Titles, accents, order and small misspellings do not matter; a workplace helps."""
    name = name[:_LONGEST_NAME].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    direct = repository.get(scope, [name.strip()])
    if direct:
        return Resolution(direct[0])
    wanted = tokens(name)
    keys = exact_keys(name) | _identifier(name)
    fitting = _fitting(repository, scope, name, wanted, repository.find(scope, keys, limit=_MAX_HITS))
    if not fitting and (near := fuzzy_keys(name)):
        fitting = _fitting(repository, scope, name, wanted, repository.find(scope, near, limit=_MAX_HITS))
    return choose(repository, scope, fitting)


def choose(repository: CustomerRepository, scope: RecordScope, fitting: Sequence[Customer]) -> Resolution:
    """One customer, or the choice between those that fit equally."""
    if len(fitting) <= 1:
        return Resolution(fitting[0] if fitting else None)
    shown = fitting[:MAX_CHOICES]
    places = workplaces(repository, scope, shown)
    labels = tuple(Choice(customer.id, describe(customer, places)) for customer in shown)
    return Resolution(choices=labels, more=len(fitting) - len(shown))


def workplaces(
    repository: CustomerRepository, scope: RecordScope, customers: Iterable[Customer]
) -> dict[str, Customer]:
    """The organisations these customers belong to, by id, as far as they are in scope."""
    ids = {place for customer in customers for place in customer.affiliations}
    return {place.id: place for place in repository.get(scope, ids)} if ids else {}


def describe(customer: Customer, places: dict[str, Customer]) -> str:
    """Name, specialty, workplace and town: what tells two people of one name apart."""
    where = [places[place].name for place in customer.affiliations if place in places][:1]
    town = customer.town or next((places[place].town for place in customer.affiliations if place in places), "")
    kind = customer.specialty or ("" if customer.kind is CustomerKind.HCP else customer.kind.value.upper())
    return " · ".join(part for part in (customer.name, kind, *where, town) if part)


def _identifier(name: str) -> set[str]:
    return {identifier_key(name)} if any(char.isdigit() for char in name) else set()


def _fitting(
    repository: CustomerRepository, scope: RecordScope, name: str, wanted: Sequence[str], hits: Sequence[NameHit]
) -> list[Customer]:
    customers = [hit.customer for hit in hits]
    by_number = [hit.customer for hit in hits if any(key.startswith("#") for key in hit.keys)]
    if by_number or not wanted or not customers:
        return by_number
    places = workplaces(repository, scope, customers)
    initials = {fold(letter) for letter in _INITIAL.findall(name)}
    scored = sorted(
        ((_score(c, places, wanted, initials), c) for c in customers), key=lambda pair: (-pair[0], pair[1].id)
    )
    best = scored[0][0]
    return [customer for score, customer in scored if score >= max(_GOOD, best - _CLOSE)]


def _score(customer: Customer, places: dict[str, Customer], wanted: Sequence[str], initials: set[str]) -> float:
    """How well a name fits, 0 to about 1: the mean fit of the words asked for, less for initials that contradict."""
    own = [token for name in (customer.name, *customer.aliases) for token in tokens(name)]
    around = tokens(f"{customer.specialty} {customer.town}") + tuple(
        token for place in customer.affiliations if place in places for token in tokens(places[place].name)
    )
    fits = [_token_fit(token, own) for token in wanted]
    if max(fits) == 0.0:
        return 0.0
    fits = [fit or 0.97 * _token_fit(token, around) for fit, token in zip(fits, wanted, strict=True)]
    firsts = {token[0] for token in own}
    return sum(fits) / len(fits) - (0.1 if initials - firsts else 0.0)


def _token_fit(token: str, among: Iterable[str]) -> float:
    """1 for the same word or a Chinese name it is part of, less for one that sounds or looks alike, else 0."""
    return max((_pair_fit(token, other) for other in among), default=0.0)


def _pair_fit(token: str, other: str) -> float:
    if token == other:
        return 1.0
    if not token.isascii():
        return 0.99 if other.startswith(token) or (len(token) > 1 and token in other) else 0.0
    if len(token) > 2 and other.startswith(token):
        return 0.95
    if len(token) > 3 and skeleton(token) == skeleton(other):
        return 0.93
    alike = float(JaroWinkler.similarity(token, other))
    return alike if len(token) > 3 and alike >= _TOKEN_FIT else 0.0
