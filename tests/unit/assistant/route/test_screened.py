"""From the screen's result to matters: redacted evidence, no guessed sex, a situation without a reaction kept apart."""

from __future__ import annotations

import pytest

from assistant.domain.person import Principal
from assistant.domain.referral import Detail, ReferralType
from assistant.route.screened import heard_from
from assistant.screen.result import Finding, Identifier, IdentifierKind, ScreenResult, SpecialSituation
from tests.route_fakes import ACCESS, EVENT, REP, Desk

TEXT = "John Smith, 72, fainted. The PA is hard."


def result(*findings: Finding, situation: SpecialSituation | None = None) -> ScreenResult:
    named = (Identifier(IdentifierKind.NAME, 0, 10),)
    return ScreenResult(findings, (), named, "[NAME]" + TEXT[10:], (), "en", situation)


def finding(type_: ReferralType, start: int, end: int, **changes: object) -> Finding:
    return Finding(type_, start, end, TEXT[start:end], 0.9, "a reason", **changes)  # type: ignore[arg-type]


def test_evidence_is_redacted_and_hints_answer_the_card() -> None:
    hints = {"products": ("Velmora",), "age": ("72",), "sex": ("female",), "lot": ("ab12",)}
    heard = heard_from(result(finding(EVENT, 0, 24, hints=hints)))
    [matter] = heard.matters
    assert matter.evidence == "[NAME], 72, fainted."
    assert matter.hints == {
        Detail.PRODUCT: "Velmora",
        Detail.LOT: "AB12",
        Detail.PATIENT_AGE_GROUP: "elderly",
    }


@pytest.mark.parametrize(
    ("ages", "group"),
    [
        (("8 yo",), "child"),
        (("in her 60s",), None),
        (("in her 50s",), "adult"),
        (("elderly",), "elderly"),
        (("toddler",), None),
        (("8 yo", "40"), None),
        (("400",), None),
        ((), None),
    ],
)
def test_an_age_group_is_taken_only_when_it_is_beyond_doubt(ages: tuple[str, ...], group: str | None) -> None:
    [matter] = heard_from(result(finding(EVENT, 0, 24, hints={"age": ages}))).matters
    assert matter.hints.get(Detail.PATIENT_AGE_GROUP) == group


def test_a_situation_without_a_finding_of_its_own_is_a_matter_without_a_type() -> None:
    situation = SpecialSituation.OFF_LABEL_USE
    found = heard_from(result(finding(ACCESS, 25, 40), situation=situation))
    assert [matter.type for matter in found.matters] == [ACCESS, None]
    assert found.matters[1].special_situation == "off_label_use"
    carried = heard_from(result(finding(EVENT, 0, 24, special_situation=situation), situation=situation))
    assert len(carried.matters) == 1


def test_a_result_opens_referrals_that_hold_only_what_their_card_asks_for(desk: Desk) -> None:
    hints = {"products": ("Velmora",), "age": ("72",), "lot": ("ab12",)}
    found = result(finding(EVENT, 0, 24, hints=hints), finding(ACCESS, 25, 40, hints=hints))
    event, access = desk.referrals.receive(Principal(REP), "m1", TEXT, found)
    assert set(event.details) == {Detail.EVENT, Detail.PRODUCT, Detail.LOT, Detail.PATIENT_AGE_GROUP}
    assert set(access.details) == {Detail.REQUEST, Detail.PRODUCT}
    assert "Smith" not in str([event.details, access.details, event.why])
