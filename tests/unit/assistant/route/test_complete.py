"""Completing: asks for what is missing alone, moves the clock back, keeps no name, tells the target again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.person import Person, Principal
from assistant.domain.referral import Detail
from assistant.errors import AccessDenied, AssistantError, BadRequest, Conflict, NotFound
from assistant.route.card import AGE_GROUPS, age_group, moment_of
from assistant.route.complete import Attestation
from tests.fakes import NOON
from tests.route_fakes import BOSS, EVENT, MEDINFO, OTHER_REP, QUESTION, REP, SAFETY, Desk, FakeHandOver

WHOLE = {
    "patient_age_group": "72",
    "reporter": "Dr. Lind",
    "event": "Mr. Amos Brill fainted",
    "first_heard_at": "2026-06-12T09:00",
}


def test_the_card_asks_only_for_what_is_not_known(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    _, fields = desk.completion.card(Principal(REP), event.reference.lower())
    assert [field.name for field in fields if field.required] == [
        Detail.PATIENT_AGE_GROUP,
        Detail.PATIENT_SEX,
        Detail.REPORTER,
        Detail.FIRST_HEARD_AT,
    ]
    assert [field.name for field in fields if not field.required] == [Detail.LOT, Detail.CONTACT_CONSENT]
    assert next(field for field in fields if field.name is Detail.PATIENT_AGE_GROUP).choices == AGE_GROUPS


def test_answers_complete_it_and_the_clock_starts_when_it_was_first_heard(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    done = desk.completion.complete(Principal(REP), event.id, WHOLE)
    assert done.complete
    assert done.details[Detail.PATIENT_AGE_GROUP] == "elderly"
    assert done.details[Detail.EVENT] == "[NAME] fainted"
    # 9:00 in Chicago is 14:00 UTC; a company person knew then.
    assert done.first_heard_at == done.day_zero == NOON - timedelta(days=2, hours=22)
    assert done.due_at == done.day_zero + timedelta(hours=24)
    assert done.received_at == NOON
    assert done.late(NOON)


def test_a_type_whose_clock_starts_on_receipt_keeps_its_clock(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    done = desk.completion.complete(Principal(REP), question.id, {"first_heard_at": "2026-06-01"})
    assert done.day_zero == question.day_zero
    assert done.first_heard_at is not None


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("patient_age_group", "Amos Brill"),
        ("patient_age_group", "121"),
        ("patient_sex", "A.B."),
        ("first_heard_at", "2031-01-01"),
        ("first_heard_at", "last Tuesday"),
        ("first_heard_at", "0001-01-01"),
        ("contact_consent", "maybe"),
        ("event", "   "),
        ("event", "x" * 4001),
        ("shoe_size", "44"),
    ],
)
def test_a_bad_answer_names_its_field_and_never_repeats_a_name(desk: Desk, field: str, answer: str) -> None:
    [event] = desk.open(EVENT)
    with pytest.raises(BadRequest) as caught:
        desk.completion.complete(Principal(REP), event.id, {field: answer})
    assert field in str(caught.value)
    assert "Brill" not in str(caught.value)
    assert desk.get(event).version == 1


def test_no_answer_at_all_is_said(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    with pytest.raises(BadRequest, match="nothing to add"):
        desk.completion.complete(Principal(REP), event.id, {})


@pytest.mark.parametrize("who", [OTHER_REP, BOSS, MEDINFO])
def test_others_do_not_learn_that_it_exists(desk: Desk, who: Person) -> None:
    [event] = desk.open(EVENT)
    with pytest.raises(NotFound) as theirs:
        desk.completion.complete(Principal(who), event.id, WHOLE)
    with pytest.raises(NotFound) as nobodys:
        desk.completion.complete(Principal(who), "nothing", WHOLE)
    assert str(theirs.value).replace(event.id, "X") == str(nobodys.value).replace("nothing", "X")


def test_the_receiving_role_may_complete_it_too(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    assert desk.completion.complete(Principal(SAFETY), event.id, {"lot": "B77"}).details[Detail.LOT] == "B77"


def test_a_closed_one_takes_no_more(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.cases.acknowledge(Principal(SAFETY), event.id)
    desk.cases.close(Principal(SAFETY), event.id, "handled")
    with pytest.raises(Conflict, match="closed"):
        desk.completion.complete(Principal(REP), event.id, {"lot": "B77"})


def test_added_words_reach_the_target_as_an_update(desk: Desk) -> None:
    desk.ways["safety"] = target = FakeHandOver()
    [event] = desk.open(EVENT)
    desk.work.run()
    desk.completion.complete(Principal(REP), event.id, {"lot": "B77"})
    desk.work.run()
    assert [packet.referral.revision for packet in target.packets] == [1, 2]
    assert len({packet.key for packet in target.packets}) == 2
    assert target.packets[1].referral.details[Detail.LOT] == "B77"
    assert desk.get(event).sent_revision == 2


def test_words_added_while_handing_over_is_under_way_go_out_after_it(desk: Desk) -> None:
    [event] = desk.open(EVENT)

    class Slow(FakeHandOver):
        def deliver(self, packet: object) -> str:
            if not self.packets:
                desk.completion.complete(Principal(REP), event.id, {"lot": "B77"})
            return super().deliver(packet)  # type: ignore[arg-type]

    desk.ways["safety"] = target = Slow()
    desk.work.run()
    assert [packet.referral.revision for packet in target.packets] == [1, 2]


def test_an_attested_question_holds_the_exact_words(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    told = Attestation(True, "Is there data under 18?", "email", "urgent")
    done = desk.completion.attest(Principal(REP), question.id, told)
    assert not done.internal
    assert done.details[Detail.QUESTION] == "Is there data under 18?"
    assert done.details[Detail.UNSOLICITED] == "yes"
    assert set(done.missing) == {"reporter", "product"}


def test_a_prompted_question_becomes_an_internal_one_and_stays_so(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    done = desk.completion.attest(Principal(REP), question.id, Attestation(False, "I asked her", "email"))
    assert done.internal
    with pytest.raises(Conflict, match="attested already"):
        desk.completion.attest(Principal(REP), question.id, Attestation(True, "She asked me", "email"))


def test_only_the_sender_can_attest(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    with pytest.raises(AccessDenied, match="only whoever sent"):
        desk.completion.attest(Principal(MEDINFO), question.id, Attestation(True, "x", "email"))
    with pytest.raises(NotFound):
        desk.completion.attest(Principal(OTHER_REP), question.id, Attestation(True, "x", "email"))


@given(st.integers(0, 120))
def test_every_age_has_a_group(years: int) -> None:
    assert age_group(years) in AGE_GROUPS


@given(st.text(max_size=40))
def test_any_moment_is_read_or_refused(text: str) -> None:
    try:
        moment = moment_of(text, "Asia/Taipei", NOON)
    except AssistantError:
        return
    assert moment <= NOON
