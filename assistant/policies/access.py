"""Who may see what: roles to audiences, a principal to a scope. Deny by default; nothing here reads anything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from assistant.domain.person import Principal, Role
from knowledge.models import ALL_PRODUCTS, Audience, Scope

_MEDICAL = frozenset({Audience.MEDICAL, Audience.REP})

# The contract's table. A role that is not here sees nothing.
AUDIENCES: dict[Role, frozenset[Audience]] = {
    Role.REP: frozenset({Audience.REP}),
    Role.KAM: frozenset({Audience.REP}),
    Role.FIELD_MANAGER: frozenset({Audience.REP}),
    Role.MARKET_ACCESS: frozenset({Audience.MARKET_ACCESS, Audience.REP}),
    Role.MSL: _MEDICAL,
    Role.MEDICAL_INFORMATION: _MEDICAL,
    Role.MEDICAL_REVIEWER: _MEDICAL,
    Role.SAFETY: _MEDICAL,
    Role.QUALITY: _MEDICAL,
    Role.CONTENT_OWNER: frozenset(Audience),
    Role.COMPLIANCE: frozenset(),
    Role.PRIVACY: frozenset(),
    Role.PATIENT_SUPPORT: frozenset(),
    Role.ADMIN: frozenset(),
}


def audiences_of(role: Role) -> frozenset[Audience]:
    """What a role may be shown; nothing for a role the table does not name."""
    return AUDIENCES.get(role, frozenset())


def content_scope(principal: Principal, on: datetime, within: frozenset[str] | None = None) -> Scope:
    """What approved content a person may see at a moment. An inactive person's scope is empty of audiences."""
    person = principal.person
    return Scope(
        tenant=person.tenant,
        market=person.market,
        audiences=audiences_of(person.role) if person.active else frozenset(),
        products=person.products,
        on=on,
        within=within,
    )


def is_assigned(principal: Principal, product: str) -> bool:
    """Whether a product, spelled as the register spells it, is this person's."""
    products = principal.person.products
    return principal.person.active and (ALL_PRODUCTS in products or product in products)


def unassigned(principal: Principal, products: Collection[str]) -> frozenset[str]:
    """Those of `products` that are not this person's; asking about any of them is denied alike, held or not."""
    return frozenset(product for product in products if not is_assigned(principal, product))
