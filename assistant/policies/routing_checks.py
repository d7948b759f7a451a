"""What must hold between the keys of routing.toml: names that point somewhere, addresses, who may close what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from assistant.domain.person import Role
from assistant.domain.referral import SAFETY_TYPES, Detail, ReferralType
from assistant.policies.routing_schema import RoutingFile, TargetPart

Fault = tuple[tuple[str, ...], str]

SAFETY_ROLES = frozenset({Role.SAFETY, Role.QUALITY})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def faults(file: RoutingFile) -> Iterator[Fault]:
    """Every fault as (path of the key, what is wrong and what to do)."""
    yield from _missing_types(file)
    for name, target in file.targets.items():
        yield from _target_faults(("targets", name), target)
    yield from _pointers(file)
    yield from _details(file)
    yield from _closers(file)
    yield from _countries(file)
    if file.hand_over.longest_wait_seconds < file.hand_over.first_wait_seconds:
        yield ("hand_over", "longest_wait_seconds"), "must not be shorter than first_wait_seconds"


def _missing_types(file: RoutingFile) -> Iterator[Fault]:
    for missing in sorted(set(ReferralType) - set(file.types)):
        yield ("types",), f"no rule for {missing}; add a table [types.{missing}]"


def _target_faults(path: tuple[str, ...], target: TargetPart) -> Iterator[Fault]:
    if target.hand_over == "inbox":
        if target.address:
            yield (*path, "address"), 'an "inbox" target has no address; set hand_over or take the address away'
        return
    if not target.address:
        yield path, f'hand_over = "{target.hand_over}" needs an address'
        return
    check = {"email": _email_fault, "webhook": _url_fault, "file": _folder_fault}[target.hand_over]
    if (wrong := check(target.address)) is not None:
        yield (*path, "address"), wrong
    if target.hand_over == "webhook" and not target.secret:
        yield path, "a webhook needs a secret (its name in settings), or nobody could tell its calls from forgeries"


def _email_fault(address: str) -> str | None:
    name, at, domain = address.partition("@")
    good = name and at and "." in domain and not any(char.isspace() or char in "<>,;" for char in address)
    return None if good else f"{address} is no e-mail address"


def _url_fault(address: str) -> str | None:
    url = urlsplit(address)
    if url.scheme == "https" and url.hostname:
        return None
    if url.scheme == "http" and url.hostname in _LOOPBACK:
        return None
    return f"{address} must be a https address (http is for this machine alone)"


def _folder_fault(address: str) -> str | None:
    return "a folder must not lead out of the home with .." if ".." in PurePosixPath(address).parts else None


def _pointers(file: RoutingFile) -> Iterator[Fault]:
    """Names of targets and calendars must exist."""
    named: list[tuple[tuple[str, ...], str, str | None]] = [
        (("follow_up", "default_calendar"), "calendar", file.follow_up.default_calendar)
    ]
    for type_, rule in file.types.items():
        named += [
            (("types", type_, "target"), "target", rule.target),
            (("types", type_, "calendar"), "calendar", rule.calendar),
        ]
    for name, market in file.markets.items():
        named.append((("markets", name, "calendar"), "calendar", market.calendar))
        for type_, changes in market.types.items():
            where = ("markets", name, "types", type_)
            named += [
                ((*where, "target"), "target", changes.target),
                ((*where, "calendar"), "calendar", changes.calendar),
            ]
    known = {"target": set(file.targets), "calendar": set(file.calendars)}
    for path, kind, value in named:
        if value is not None and value not in known[kind]:
            yield path, f"no {kind} is named {value}; there are: {', '.join(sorted(known[kind]))}"


def _details(file: RoutingFile) -> Iterator[Fault]:
    wanted: list[tuple[tuple[str, ...], list[str]]] = [
        (("types", type_, "requires"), rule.requires) for type_, rule in file.types.items()
    ]
    for name, market in file.markets.items():
        wanted += [
            (("markets", name, "types", type_, "requires"), changes.requires or [])
            for type_, changes in market.types.items()
        ]
    for path, groups in wanted:
        for word in (word for group in groups for word in group.split("|")):
            if word not in set(Detail):
                yield path, f"{word} is nothing a card can hold; it can hold: {', '.join(Detail)}"


def _closers(file: RoutingFile) -> Iterator[Fault]:
    for type_ in SAFETY_TYPES & set(file.types):
        rule = file.types[type_]
        if rule.closers is None or not rule.closers or not set(rule.closers) <= SAFETY_ROLES:
            yield ("types", type_, "closers"), "safety and quality alone may close these; name one or both"
        if not rule.keep_original:
            yield (
                ("types", type_, "keep_original"),
                "the original words of a report are its source document; set it to true",
            )
    for type_, rule in file.types.items():
        if rule.closers == []:
            yield ("types", type_, "closers"), "somebody must be able to close it; name a role or take the key away"


def _countries(file: RoutingFile) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name, market in file.markets.items():
        for country in market.countries or [name]:
            if country in seen:
                yield ("markets", name), f"{country} stands in {seen[country]} as well; a country belongs to one market"
            seen[country] = name
            if len(country) != 2 or not country.isupper():
                yield ("markets", name), f"{name} is no country code; name its countries = [...]"
