"""Who may see and do what with a referral. Deny by default: what is not allowed here does not exist for the asker."""

from __future__ import annotations

from enum import StrEnum

from assistant.domain.person import Person, Role
from assistant.domain.referral import SAFETY_TYPES, Referral, ReferralType
from assistant.policies.routing import Routing

_ORIGINAL_READERS: dict[ReferralType, frozenset[Role]] = {
    ReferralType.ADVERSE_EVENT: frozenset({Role.SAFETY}),
    ReferralType.PRODUCT_COMPLAINT: frozenset({Role.SAFETY, Role.QUALITY}),
}
"""Who may open the vault. In code, not in routing.toml: no setting may widen it."""


class Sight(StrEnum):
    """How much of a referral somebody sees. STATUS is reference, type, dates and state; OWN adds what is missing."""

    NOTHING = "nothing"
    STATUS = "status"
    OWN = "own"
    WHOLE = "whole"


def sight(person: Person, referral: Referral, routing: Routing) -> Sight:
    """What this person sees of this referral. The firewall is here: a sender never sees an answer or a note."""
    if not person.active or person.tenant != referral.tenant:
        return Sight.NOTHING
    receiving = routing.receiving_roles(referral.type, referral.sender.market)
    if person.role in receiving | {routing.target(referral.target).role}:
        return Sight.WHOLE if _in_reach(person, referral) else Sight.NOTHING
    if person.id == referral.sender.identity:
        return Sight.OWN
    return Sight.STATUS if person.id == referral.sender.manager else Sight.NOTHING


def may_acknowledge(person: Person, referral: Referral, routing: Routing) -> bool:
    """The role it was handed to, and those who may close it."""
    rule = routing.rule(referral.type, referral.sender.market)
    roles = rule.closers | {routing.target(referral.target).role}
    return sight(person, referral, routing) is Sight.WHOLE and person.role in roles


def may_close(person: Person, referral: Referral, routing: Routing) -> bool:
    """Those named for the type; an adverse event or complaint: safety and quality alone, whatever the file says."""
    if referral.type in SAFETY_TYPES and person.role not in (Role.SAFETY, Role.QUALITY):
        return False
    rule = routing.rule(referral.type, referral.sender.market)
    roles = rule.closers | ({routing.target(referral.target).role} if referral.type not in SAFETY_TYPES else set())
    return sight(person, referral, routing) is Sight.WHOLE and person.role in roles


def may_complete(person: Person, referral: Referral, routing: Routing) -> bool:
    """The sender, and those who see all of it."""
    return sight(person, referral, routing) in (Sight.OWN, Sight.WHOLE)


def may_open_original(person: Person, referral: Referral) -> bool:
    """Safety, and for complaints quality."""
    allowed = _ORIGINAL_READERS.get(referral.type, frozenset())
    return person.active and person.tenant == referral.tenant and person.role in allowed


def _in_reach(person: Person, referral: Referral) -> bool:
    """A field manager receives what their own team sent; the other receiving roles work for the whole company."""
    return person.role is not Role.FIELD_MANAGER or person.id in (referral.sender.manager, referral.sender.identity)
