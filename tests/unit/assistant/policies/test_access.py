"""Who may see what: the contract's table, and deny by default."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.person import Principal, Role
from assistant.policies.access import AUDIENCES, audiences_of, content_scope, is_assigned, unassigned
from knowledge.models import Audience
from knowledge.validity import keys_in_scope
from tests.fakes import NOON, document, person

REP, MEDICAL, MARKET_ACCESS = Audience.REP, Audience.MEDICAL, Audience.MARKET_ACCESS


@pytest.mark.parametrize(
    ("roles", "audiences"),
    [
        ("rep kam field_manager", {REP}),
        ("market_access", {MARKET_ACCESS, REP}),
        ("msl medical_information medical_reviewer safety quality", {MEDICAL, REP}),
        ("content_owner", set(Audience)),
        ("compliance privacy patient_support admin", set()),
    ],
)
def test_the_table_of_roles(roles: str, audiences: set[Audience]) -> None:
    for role in roles.split():
        assert audiences_of(Role(role)) == audiences


def test_every_role_is_in_the_table() -> None:
    assert set(AUDIENCES) == set(Role)


@given(
    role=st.sampled_from(Role),
    active=st.booleans(),
    market=st.sampled_from(["US", "TW"]),
    assigned=st.frozensets(st.sampled_from(["Velmora", "Other", "*"])),
    audience=st.sampled_from(Audience),
    product=st.sampled_from(["Velmora", "Other"]),
)
def test_nobody_sees_beyond_role_market_and_products(
    role: Role, active: bool, market: str, assigned: frozenset[str], audience: Audience, product: str
) -> None:
    principal = Principal(person(role=role, active=active, market=market, products=assigned))
    held = document(audiences=frozenset({audience}), products=frozenset({product}))
    seen = bool(keys_in_scope([held], content_scope(principal, NOON)))
    may = active and market == "US" and audience in AUDIENCES[role] and bool({"*", product} & assigned)
    assert seen == may


def test_product_assignment() -> None:
    principal = Principal(person(products=frozenset({"Velmora"})))
    assert is_assigned(principal, "Velmora")
    assert not is_assigned(principal, "velmora")
    assert unassigned(principal, ["Velmora", "Other", "Unheard of"]) == {"Other", "Unheard of"}
    assert unassigned(Principal(person(products=frozenset({"*"}))), ["Anything"]) == frozenset()
    assert unassigned(Principal(person(products=frozenset({"*"}), active=False)), ["Anything"]) == {"Anything"}


def test_another_company_sees_nothing() -> None:
    principal = Principal(person(tenant="other"))
    assert keys_in_scope([document()], content_scope(principal, NOON)) == []
