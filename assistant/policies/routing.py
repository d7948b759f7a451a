"""Routing: who receives a referral, what they need, by when. Read from routing.toml, checked whole at start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from assistant.domain.person import Role
from assistant.domain.referral import SAFETY_TYPES, Detail, ReferralType
from assistant.errors import AssistantError
from assistant.policies.channels import ChannelRule
from assistant.policies.deadlines import Calendar, Span, due
from assistant.policies.routing_checks import faults
from assistant.policies.routing_schema import DAYS, CalendarPart, RoutingFile, TargetPart, TypePart
from assistant.policies.toml_lines import TomlLines


class RoutingFault(AssistantError):
    """routing.toml cannot be used; the text names file, line, key, and what to write instead."""

    code = "bad_routing"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a referral goes: a role's people, and the way it reaches them. `channel` is set for one to the customer."""

    name: str
    role: Role
    hand_over: str
    address: str | None
    secret: str | None
    channel: ChannelRule | None


@dataclass(frozen=True, slots=True)
class Rule:
    """How one type is handled in one market."""

    type: ReferralType
    precedence: int
    target: str
    deadline: Span
    answer_within: Span | None
    calendar: Calendar
    starts_when_heard: bool
    requires: tuple[str, ...]
    asks: tuple[Detail, ...]
    keep_original: bool
    readers: frozenset[Role]
    closers: frozenset[Role]
    remind_hours_before: tuple[int, ...]
    escalate_hours_after: int

    def missing(self, details: Mapping[Detail, str]) -> tuple[str, ...]:
        """What is required and not there yet, in the order of the file."""
        return tuple(
            group for group in self.requires if not any(details.get(Detail(word)) for word in group.split("|"))
        )

    @property
    def fields(self) -> frozenset[Detail]:
        """Everything its card may hold: what is required and what is asked for."""
        return frozenset(Detail(word) for group in self.requires for word in group.split("|")) | set(self.asks)

    def due_at(self, day_zero: datetime) -> datetime:
        """By when the receiving role must have acknowledged it."""
        return due(day_zero, self.deadline, self.calendar)

    def answer_due_at(self, day_zero: datetime) -> datetime | None:
        """By when it must be answered, where the file says so."""
        return None if self.answer_within is None else due(day_zero, self.answer_within, self.calendar)


@dataclass(frozen=True, slots=True)
class Situation:
    """How a special situation is forwarded; `without_reaction`: also when nobody suffered anything."""

    forward_as: ReferralType
    without_reaction: bool


@dataclass(frozen=True, slots=True)
class Patience:
    """How often handing over is tried and how long is waited in between, in seconds."""

    attempts: int
    first_wait: int
    longest_wait: int

    def wait_after(self, attempt: int) -> int:
        """Seconds to wait after the given attempt (from 1) failed: doubling, up to the longest."""
        doublings = max(0, min(attempt - 1, 32))
        return min(self.longest_wait, self.first_wait << doublings)


class Routing:
    """The rules of one routing.toml."""

    def __init__(self, file: RoutingFile) -> None:
        """Trusts a checked file; `load_routing` is the way to get one."""
        self._file = file
        self.version = file.version
        self._calendars = {name: _calendar(name, part) for name, part in file.calendars.items()}
        self._targets = {name: _target(name, part) for name, part in file.targets.items()}
        self._markets = {
            country: market for name, market in file.markets.items() for country in (market.countries or [name])
        }
        self.patience = Patience(
            file.hand_over.attempts, file.hand_over.first_wait_seconds, file.hand_over.longest_wait_seconds
        )
        self.reconcile_at: time = file.follow_up.reconcile_at
        self.recheck_percent = file.follow_up.recheck_percent
        self.default_calendar = self._calendars[file.follow_up.default_calendar]

    def rule(self, type_: ReferralType, market: str) -> Rule:
        """The rule of a type in a market: the market's changes over the type's own rule."""
        part = self._file.types[type_]
        held = self._markets.get(market)
        if held is not None:
            changes: dict[str, object] = {} if held.calendar is None else {"calendar": held.calendar}
            if type_ in held.types:
                own = held.types[type_]
                changes |= {key: getattr(own, key) for key in own.model_fields_set}
            part = part.model_copy(update=changes)
        return self._rule(type_, part)

    def situation(self, name: str, market: str) -> Situation | None:
        """How a special situation is forwarded in a market; None for one the file does not know."""
        held = self._markets.get(market)
        part = (held.special_situations.get(name) if held else None) or self._file.special_situations.get(name)
        return None if part is None else Situation(part.forward_as, part.without_reaction)

    def target(self, name: str) -> Target:
        """A target by its name. Raises RoutingFault for one that a changed file no longer has."""
        try:
            return self._targets[name]
        except KeyError:
            raise RoutingFault(
                f"routing.toml: no target is named {name}; referrals wait for it, so add it again"
            ) from None

    def targets(self) -> tuple[Target, ...]:
        """Every target."""
        return tuple(self._targets.values())

    def receiving_roles(self, type_: ReferralType, market: str) -> frozenset[Role]:
        """Who may read and acknowledge a referral of this type."""
        rule = self.rule(type_, market)
        return rule.readers | rule.closers | {self._targets[rule.target].role}

    def types_for(self, role: Role) -> list[ReferralType]:
        """The types a role may receive in any market or by a channel; each referral is judged by itself again."""
        markets = ["", *self._markets]
        by_channel = any(target.channel is not None and target.role is role for target in self._targets.values())
        return [
            type_
            for type_ in ReferralType
            if (by_channel and type_ not in SAFETY_TYPES)
            or any(role in self.receiving_roles(type_, market) for market in markets)
        ]

    def _rule(self, type_: ReferralType, part: TypePart) -> Rule:
        closers = part.closers if part.closers is not None else [self._targets[part.target].role]
        return Rule(
            type=type_,
            precedence=part.precedence,
            target=part.target,
            deadline=part.deadline.span(),
            answer_within=None if part.answer_within is None else part.answer_within.span(),
            calendar=self._calendars[part.calendar],
            starts_when_heard=part.clock_starts == "first_heard",
            requires=tuple(part.requires),
            asks=tuple(part.asks),
            keep_original=part.keep_original,
            readers=frozenset(part.readers),
            closers=frozenset(closers),
            remind_hours_before=tuple(sorted(set(part.remind_hours_before), reverse=True)),
            escalate_hours_after=part.escalate_hours_after,
        )


def load_routing(own: Path | None = None) -> Routing:
    """The company's own file when there is one, else the shipped rules. Raises RoutingFault, every fault at once."""
    if own is not None and own.is_file():
        try:
            text = own.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise RoutingFault(f"{own}: cannot be read as text: {fault}") from None
        return parse_routing(text, str(own))
    return parse_routing((files("assistant.policies") / "routing.toml").read_text(encoding="utf-8"), "routing.toml")


def parse_routing(text: str, name: str) -> Routing:
    """Rules from the text of a routing.toml called `name`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RoutingFault(f"{name}: not readable as TOML: {fault}") from None
    lines = TomlLines(text)
    try:
        file = RoutingFile.model_validate(data)
    except ValidationError as fault:
        found = [(error["loc"], _plainly(error["type"], error["msg"])) for error in fault.errors(include_url=False)]
    else:
        found = list(faults(file))
        if not found:
            return Routing(file)
    raise RoutingFault("; ".join(f"{name}:{lines.of(path)}: {_dotted(path)}: {what}" for path, what in found))


def _plainly(kind: str, message: str) -> str:
    return {"extra_forbidden": "no such key", "missing": "is missing"}.get(kind, message.removeprefix("Value error, "))


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path if part != "[key]")


def _calendar(name: str, part: CalendarPart) -> Calendar:
    return Calendar(
        name=name,
        zone=ZoneInfo(part.time_zone),
        workdays=frozenset(DAYS.index(day) for day in part.workdays),
        holidays=frozenset(part.holidays),
        opens=part.opens,
        closes=part.closes,
    )


def _target(name: str, part: TargetPart) -> Target:
    channel = None
    if part.channel is not None:
        channel = ChannelRule(part.channel.consent, frozenset(part.channel.uses))
    return Target(name, part.role, part.hand_over, part.address, part.secret, channel)
