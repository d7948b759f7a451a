"""What must never break: nothing that is not valid is ever seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.markets import day_in
from knowledge.models import ALL_PRODUCTS, Audience, ContentStatus, Document, Scope
from knowledge.validity import is_newer, is_valid, keys_in_scope, standing
from tests.fakes import NOON, document, scope

DAY = timedelta(days=1)
TODAY = date(2026, 6, 15)


def test_an_approved_document_in_date_is_seen() -> None:
    assert is_valid(document(), [document()], scope())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": ContentStatus.DRAFT}, "a draft"),
        ({"status": ContentStatus.WITHDRAWN}, "withdrawn"),
        ({"status": ContentStatus.EXPIRED}, "declared expired"),
        ({"status": ContentStatus.SUPERSEDED}, "declared superseded"),
        ({"effective_from": TODAY + DAY}, "not yet in effect"),
        ({"expires_on": TODAY - DAY}, "expired"),
        ({"markets": frozenset({"DE"})}, "another market"),
        ({"audiences": frozenset({Audience.MEDICAL})}, "another audience"),
        ({"products": frozenset({"Other"})}, "another product"),
        ({"products": frozenset({"Velmora", "Other"})}, "also about a product that is not assigned"),
        ({"products": frozenset()}, "about no product"),
        ({"tenant": "other"}, "another company"),
    ],
)
def test_each_fact_alone_hides_it(changes: dict[str, object], why: str) -> None:
    hidden = document(**changes)  # type: ignore[arg-type]
    assert not is_valid(hidden, [hidden], scope()), why


def test_first_and_last_day_count_in_the_market() -> None:
    one_day = document(effective_from=TODAY, expires_on=TODAY)
    for hour, seen in ((3, False), (4, True), (27, True), (28, False)):  # New York is four hours behind UTC in June
        on = datetime(2026, 6, 15, tzinfo=UTC) + timedelta(hours=hour)
        assert is_valid(one_day, [one_day], scope(on=on)) is seen, hour


def test_a_moment_later_is_too_late() -> None:
    last = document(expires_on=TODAY, markets=frozenset({"TW"}))
    midnight = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)  # 24:00 in Taipei
    assert is_valid(last, [last], scope(market="TW", on=midnight - timedelta(microseconds=1)))
    assert not is_valid(last, [last], scope(market="TW", on=midnight))


def test_an_unknown_market_shows_nothing() -> None:
    somewhere = document(markets=frozenset({"ZZ"}))
    assert day_in("ZZ", NOON) is None
    assert not is_valid(somewhere, [somewhere], scope(market="ZZ"))


def test_newer_versions() -> None:
    assert is_newer(document(version="10"), document(version="9"))
    assert not is_newer(document(version="9"), document(version="10", effective_from=date(2020, 1, 1)))
    assert is_newer(document(version="a", effective_from=date(2026, 2, 1)), document(version="b"))
    assert is_newer(document(version="2024-11-13"), document(version="2023-11-13"))


def test_a_newer_version_supersedes_once_approved_and_in_effect_not_before() -> None:
    old = document("old", version="1")
    for changes, old_is_seen in (
        ({}, False),
        ({"status": ContentStatus.DRAFT}, True),
        ({"effective_from": TODAY + DAY}, True),
        ({"markets": frozenset({"DE"})}, True),
        ({"audiences": frozenset({Audience.MEDICAL})}, False),
        ({"expires_on": TODAY - DAY}, False),
        ({"status": ContentStatus.WITHDRAWN}, False),
    ):
        new = document("new", version="2", **changes)  # type: ignore[arg-type]
        assert is_valid(old, [old, new], scope()) is old_is_seen, changes


def test_superseding_another_document() -> None:
    old = document("old", id="old")
    new = document("new", id="new", supersedes="old")
    assert keys_in_scope([old, new], scope()) == ["new"]
    future = document("new", id="new", supersedes="old", effective_from=TODAY + DAY)
    assert keys_in_scope([old, future], scope()) == ["old"]
    assert keys_in_scope([old, future], scope(on=NOON + DAY)) == ["new"]


def test_standing_says_why() -> None:
    old, new = document("old", version="1"), document("new", version="2", expires_on=TODAY - DAY)
    assert standing(old, [old, new], "US", NOON) is ContentStatus.SUPERSEDED
    assert standing(new, [old, new], "US", NOON) is ContentStatus.EXPIRED


MARKETS = st.sampled_from(["US", "TW", "DE", "ZZ"])
PRODUCTS = st.sampled_from(["Velmora", "Other", "Third"])
DAYS = st.dates(TODAY - 3 * DAY, TODAY + 3 * DAY)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    return [
        document(
            f"k{number}",
            id=draw(st.sampled_from(["a", "b"])),
            version=draw(st.sampled_from(["1", "2", "10", "x"])),
            tenant=draw(st.sampled_from(["default", "other"])),
            status=draw(st.sampled_from(ContentStatus)),
            markets=draw(st.frozensets(MARKETS, max_size=3)),
            audiences=draw(st.frozensets(st.sampled_from(Audience), max_size=2)),
            products=draw(st.frozensets(PRODUCTS, max_size=2)),
            effective_from=draw(DAYS),
            expires_on=draw(DAYS),
            supersedes=draw(st.sampled_from([None, "a", "b"])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


SCOPES = st.builds(
    scope,
    tenant=st.sampled_from(["default", "other"]),
    market=MARKETS,
    audiences=st.frozensets(st.sampled_from(Audience), max_size=3),
    products=st.one_of(st.just(frozenset({ALL_PRODUCTS})), st.frozensets(PRODUCTS, max_size=3)),
    on=st.datetimes(datetime(2026, 6, 11), datetime(2026, 6, 19), timezones=st.just(UTC)),
    within=st.one_of(st.none(), st.frozensets(st.sampled_from(["k0", "k1", "k2"]))),
)


@settings(max_examples=600, deadline=None)
@given(documents(), SCOPES)
def test_nothing_invalid_ever_gets_through(held: list[Document], asked: Scope) -> None:
    seen = set(keys_in_scope(held, asked))
    assert seen == {found.key for found in held if is_valid(found, held, asked)}, "choice and re-check agree"
    today = day_in(asked.market, asked.on)
    for found in held:
        if found.key not in seen:
            continue
        facts = found.approval
        assert today is not None
        assert facts.status is ContentStatus.APPROVED
        assert facts.effective_from <= today <= facts.expires_on
        assert found.tenant == asked.tenant
        assert asked.market in facts.markets
        assert facts.audiences & asked.audiences
        assert facts.products
        assert ALL_PRODUCTS in asked.products or facts.products <= asked.products
        assert asked.within is None or found.key in asked.within
        for other in held:
            in_force = (
                other.tenant == found.tenant
                and other.approval.status is ContentStatus.APPROVED
                and asked.market in other.approval.markets
                and other.approval.effective_from <= today
            )
            replaces = is_newer(other, found) if other.id == found.id else other.approval.supersedes == found.id
            assert not (in_force and replaces)


@settings(max_examples=200, deadline=None)
@given(documents(), SCOPES)
def test_an_empty_assignment_or_audience_sees_nothing(held: list[Document], asked: Scope) -> None:
    for nothing in ({"products": frozenset()}, {"audiences": frozenset()}):
        blind = scope(market=asked.market, on=asked.on, tenant=asked.tenant, **nothing)
        assert keys_in_scope(held, blind) == []


def test_a_scope_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        scope(on=datetime(2026, 6, 15))
