"""roster.yaml: the people who may use the assistant. Every problem is named by line; the rest goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from assistant.domain.person import Person, Role
from assistant.identify import email_key
from knowledge.errors import ContentFault
from knowledge.marked_yaml import MarkedYaml, read_marked, records
from knowledge.markets import is_market
from knowledge.problems import problems

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError(f"{value!r} is no e-mail address")
    return value


def _market(value: str) -> str:
    if not is_market(value):
        raise ValueError(f"{value!r} is no ISO 3166 country code like US, DE, TW")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"{value!r} is no time zone like America/Chicago") from None
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"{value!r} is no language code like en, de, zh-TW")
    return value


def _all_or_some(values: list[str]) -> list[str]:
    if "*" in values and len(values) > 1:
        raise ValueError('"*" means all and stands alone')
    return values


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\ud800-\udfff]+$")]
Names = Annotated[list[Text], BeforeValidator(_one_or_many), AfterValidator(_all_or_some)]


class RosterEntry(BaseModel):
    """One person of roster.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True, regex_engine="python-re")

    id: Annotated[Text, StringConstraints(max_length=128)]
    name: Text
    email: Annotated[Text, StringConstraints(max_length=320), AfterValidator(_email)]
    role: Role
    market: Annotated[Text, AfterValidator(_market)]
    products: Names
    territories: Names
    slack_user_id: Annotated[Text, StringConstraints(max_length=64)] | None = None
    manager: Annotated[Text, StringConstraints(max_length=128)] | None = None
    active: bool = True
    tenant: Annotated[Text, StringConstraints(max_length=64)] | None = None
    timezone: Annotated[Text, AfterValidator(_timezone)] = "UTC"
    language: Annotated[Text, AfterValidator(_language)] = Field(default="en", max_length=35)


@dataclass(frozen=True, slots=True)
class Roster:
    """Usable people, and a fault for each thing that is wrong."""

    people: tuple[Person, ...]
    faults: tuple[ContentFault, ...]


def read_roster(path: Path, tenant: str) -> Roster:
    """Read one roster.yaml; `tenant` is whose people they are unless a line says so itself."""
    try:
        marked = read_marked(path)
        listed = records(marked, "people")
    except ContentFault as fault:
        return Roster((), (fault,))
    people: list[Person] = []
    faults: list[ContentFault] = []
    seen: dict[tuple[str, ...], str] = {}
    for position, raw in enumerate(listed):
        try:
            people.append(_person(marked, position, raw, tenant, seen))
        except _Faults as found:
            faults += found.faults
    return Roster(tuple(people), tuple(faults))


class _Faults(Exception):
    """What is wrong with one person's record."""

    def __init__(self, *faults: ContentFault) -> None:
        self.faults = faults


def _person(marked: MarkedYaml, position: int, raw: Any, tenant: str, seen: dict[tuple[str, ...], str]) -> Person:
    here = ("people", position)
    if not isinstance(raw, dict):
        raise _Faults(marked.fault(here, "a person must be fields and values, starting with id:"))
    try:
        entry = RosterEntry.model_validate(raw)
    except ValidationError as fault:
        found = problems(fault, RosterEntry)
        raise _Faults(*(marked.fault((*here, name), what) for name, what in found)) from None
    person = _made(entry, tenant)
    for field, key in (("id", ("id", person.tenant, person.id)), ("email", ("email", email_key(person.email)))):
        first = seen.setdefault(key, marked.where(here))
        if first != marked.where(here):
            raise _Faults(marked.fault((*here, field), f"{field}: {key[-1]} stands already at {first}"))
    return person


def _made(entry: RosterEntry, tenant: str) -> Person:
    return Person(
        id=entry.id,
        name=entry.name,
        email=entry.email,
        role=entry.role,
        market=entry.market,
        products=frozenset(entry.products),
        territories=frozenset(entry.territories),
        manager=entry.manager,
        slack_user_id=entry.slack_user_id,
        active=entry.active,
        tenant=entry.tenant or tenant,
        timezone=entry.timezone,
        language=entry.language,
    )
