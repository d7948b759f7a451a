"""routing.toml: the shipped rules, a market's changes, and every mistake named by file and line."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from assistant.domain.person import Role
from assistant.domain.referral import SAFETY_TYPES, Detail, ReferralType
from assistant.policies.deadlines import Span, Unit
from assistant.policies.routing import RoutingFault, load_routing, parse_routing

SHIPPED = (files("assistant.policies") / "routing.toml").read_text(encoding="utf-8")


def fault(text: str) -> str:
    with pytest.raises(RoutingFault) as caught:
        parse_routing(text, "routing.toml")
    return str(caught.value)


def line_of(part: str) -> int:
    return SHIPPED[: SHIPPED.index(part)].count("\n") + 1


def test_the_shipped_rules_cover_every_type_and_give_reports_to_safety_and_quality_alone() -> None:
    routing = load_routing()
    for type_ in ReferralType:
        assert routing.receiving_roles(type_, "US")
    for type_ in SAFETY_TYPES:
        assert routing.rule(type_, "US").closers <= {Role.SAFETY, Role.QUALITY}
        assert routing.rule(type_, "US").keep_original
    assert routing.rule(ReferralType.ADVERSE_EVENT, "US").deadline == Span(24, Unit.HOURS)
    assert routing.receiving_roles(ReferralType.MEDICAL_INFORMATION_REQUEST, "US") == {Role.MEDICAL_INFORMATION}


def test_a_market_changes_what_differs_there_and_nothing_else() -> None:
    routing = load_routing()
    assert not routing.situation("off_label_use", "US").without_reaction  # type: ignore[union-attr]
    assert routing.situation("off_label_use", "DE").without_reaction  # type: ignore[union-attr]
    assert routing.situation("overdose", "DE") == routing.situation("overdose", "US")
    assert routing.situation("unheard_of", "US") is None
    assert routing.rule(ReferralType.ADVERSE_EVENT, "TW").calendar.name == "taiwan"
    assert routing.rule(ReferralType.ADVERSE_EVENT, "BR").calendar.name == "us"


def test_a_market_can_change_one_type() -> None:
    text = SHIPPED + "\n[markets.JP]\n[markets.JP.types.market_access]\ndeadline = { days = 9 }\n"
    routing = parse_routing(text, "routing.toml")
    assert routing.rule(ReferralType.MARKET_ACCESS, "JP").deadline == Span(9, Unit.DAYS)
    assert routing.rule(ReferralType.MARKET_ACCESS, "US").deadline == Span(2, Unit.BUSINESS_DAYS)


def test_missing_knows_alternatives() -> None:
    rule = load_routing().rule(ReferralType.ADVERSE_EVENT, "US")
    assert rule.missing({})[0] == "patient_age_group|patient_sex"
    assert "patient_age_group|patient_sex" not in rule.missing({Detail.PATIENT_SEX: "female"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "safety"', 'role = "wizard"', "targets.safety.role"),
        ("deadline = { hours = 24 }", "deadline = { hours = 0 }", "types.adverse_event.deadline.hours"),
        ("deadline = { hours = 24 }", "deadline = { hours = 24, days = 1 }", "exactly one of"),
        ("deadline = { hours = 24 }", "deadline = { fortnights = 1 }", "fortnights: no such key"),
        ('closers = ["safety", "quality"]', 'closers = ["field_manager"]', "safety and quality alone"),
        ('time_zone = "America/New_York"', 'time_zone = "Mars/Olympus"', "no such time zone"),
        ('target = "safety"', 'target = "safty"', "no target is named safty"),
        ('asks = ["lot", "contact_consent"]', 'asks = ["shoe_size"]', "types.adverse_event.asks"),
        ('calendar = "taiwan"', 'calendar = "formosa"', "no calendar is named formosa"),
        ("recheck_percent = 10 ", "recheck_percent = 101 ", "follow_up.recheck_percent"),
        ("attempts = 8", "attempts = -1", "hand_over.attempts"),
        ("workdays =", "wurkdays =", "wurkdays: no such key"),
        ("countries = [\n", 'countries = ["TW",\n', "belongs to one market"),
        ("closes = 17:00:00", "closes = 07:00:00", "closes must be later"),
    ],
)
def test_a_mistake_fails_with_file_line_and_key(old: str, new: str, said: str) -> None:
    message = fault(SHIPPED.replace(old, new, 1))
    assert said in message
    assert message.startswith("routing.toml:")
    number = int(message.split(":")[1])
    assert abs(number - line_of(old)) <= 10, message


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('hand_over = "email"', "needs an address"),
        ('hand_over = "email"\naddress = "safety at example.com"', "no e-mail address"),
        ('hand_over = "webhook"\naddress = "https://intake.example.com/x"', "needs a secret"),
        ('hand_over = "webhook"\naddress = "http://intake.example.com/x"\nsecret = "s"', "must be a https address"),
        ('hand_over = "file"\naddress = "../../etc"', "must not lead out"),
        ('hand_over = "pigeon"', "targets.safety.hand_over"),
    ],
)
def test_a_target_that_cannot_be_reached_is_refused(lines: str, said: str) -> None:
    assert said in fault(SHIPPED.replace('hand_over = "inbox"', lines, 1))


def test_every_fault_is_told_at_once() -> None:
    text = SHIPPED.replace("hours = 24", "hours = 0").replace('role = "quality"', 'role = "qa"')
    assert fault(text).count("routing.toml:") == 2


def test_a_type_left_out_is_named() -> None:
    text = SHIPPED.replace("[types.privacy]", "[types.it_support_2]")
    assert "it_support_2" in fault(text)


def test_a_companys_own_file_replaces_the_shipped_one_whole(tmp_path: Path) -> None:
    own = tmp_path / "routing.toml"
    own.write_text(SHIPPED.replace("hours = 24", "hours = 12", 1), encoding="utf-8")
    assert load_routing(own).rule(ReferralType.ADVERSE_EVENT, "US").deadline == Span(12, Unit.HOURS)
    own.write_bytes(b"\xff\xfe not text")
    with pytest.raises(RoutingFault, match=r"routing\.toml: cannot be read"):
        load_routing(own)
    own.write_text("version = ", encoding="utf-8")
    with pytest.raises(RoutingFault, match="not readable as TOML"):
        load_routing(own)


def test_waits_double_up_to_the_longest() -> None:
    patience = load_routing().patience
    waits = [patience.wait_after(attempt) for attempt in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[0] == patience.first_wait
    assert waits[-1] == patience.longest_wait
