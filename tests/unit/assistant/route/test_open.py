"""Opening referrals: separate, once, whoever sent them and whatever becomes of the message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.person import Principal
from assistant.domain.referral import Detail, ReferralStatus, ReferralType, Sender
from assistant.errors import BadRequest
from assistant.route.heard import Heard, HeardMatter
from assistant.route.parts import message_key, short_id
from tests.route_fakes import ACCESS, COMPLAINT, EVENT, MESSAGE, QUESTION, REP, SAFETY, Desk, heard


def test_three_matters_in_one_message_are_three_referrals_with_their_own_clocks(desk: Desk) -> None:
    opened = desk.open()
    assert [one.type for one in opened] == [EVENT, QUESTION, ACCESS]
    assert len({one.id for one in opened}) == 3
    event, question, access = opened
    assert event.due_at == desk.clock.at + timedelta(hours=24)
    assert question.due_at != event.due_at != access.due_at
    assert question.answer_due_at is not None
    assert all(one.status is ReferralStatus.OPENED for one in opened)


def test_the_same_message_again_changes_nothing(desk: Desk) -> None:
    first = desk.open()
    again = desk.open()
    assert [one.id for one in again] == [one.id for one in first]
    with desk.parts.store.read() as unit:
        assert len(unit.referrals.find("default")) == 3
        assert unit.audit.head("default").sequence == 3


def test_a_type_heard_only_the_second_time_is_added(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    both = desk.open(EVENT, COMPLAINT)
    assert both[0].id == event.id
    assert both[1].original_id == event.original_id


def test_other_people_and_other_messages_are_other_referrals(desk: Desk) -> None:
    ids = {
        desk.open(EVENT)[0].id,
        desk.open(EVENT, message_id="m2")[0].id,
        desk.open(EVENT, who=SAFETY)[0].id,
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    "sender",
    [
        Principal(replace(REP, active=False)),
        Principal(replace(REP, products=frozenset())),
        Sender("default", "stranger@elsewhere.example", "US"),
        Sender("default", "x" * 320, "ZZ"),
    ],
)
def test_a_report_opens_whoever_sent_it(desk: Desk, sender: Principal | Sender) -> None:
    [event] = desk.referrals.receive(sender, "m1", MESSAGE, heard(EVENT))
    assert desk.get(event).type is EVENT


def test_nothing_heard_opens_nothing(desk: Desk) -> None:
    assert desk.referrals.receive(Principal(REP), "m1", "What is the dose?", Heard("What is the dose?")) == []
    with desk.parts.store.read() as unit:
        assert unit.audit.head("default").sequence == 0


def test_the_original_is_in_the_vault_alone_and_once(desk: Desk) -> None:
    event, question, _ = desk.open()
    assert event.original_id is not None
    assert question.original_id is None
    with desk.parts.store.read() as unit:
        assert unit.vault.open("default", event.original_id) == MESSAGE
    raw = (desk.database.engine.url.database or "").encode()
    with open(raw, "rb") as file:  # noqa: PTH123
        assert b"Amos Brill" not in file.read()


def test_a_report_lives_on_when_its_message_goes(desk: Desk) -> None:
    event, *_ = desk.open()
    noted = desk.referrals.message_gone(Principal(REP), "m1", "deleted")
    assert len(noted) == 3
    held = desk.get(event)
    assert held.status is ReferralStatus.OPENED
    assert held.history[-1].what == "the message it came in was deleted"
    desk.work.run()
    assert desk.get(event).status is ReferralStatus.HANDED_OVER


def test_off_label_use_without_a_reaction_is_forwarded_where_the_market_says_so(desk: Desk) -> None:
    matter = HeardMatter(None, "uses it in teenagers", "used outside the label", special_situation="off_label_use")
    message = Heard("He uses it in teenagers.", (matter,))
    assert desk.referrals.receive(Sender("default", "a", "US"), "m1", "x", message) == []
    [german] = desk.referrals.receive(Sender("default", "a", "DE"), "m2", "x", message)
    assert (german.type, german.special_situation) == (EVENT, "off_label_use")


def test_several_findings_of_one_type_are_one_referral_with_all_the_evidence(desk: Desk) -> None:
    matters = (
        HeardMatter(EVENT, "fainted", "a patient fainted"),
        HeardMatter(EVENT, "threw up", "a patient vomited", special_situation="overdose"),
    )
    [event] = desk.referrals.receive(Principal(REP), "m1", MESSAGE, Heard("fainted and threw up", matters))
    assert event.details[Detail.EVENT] == "fainted … threw up"
    assert event.why == "a patient fainted; a patient vomited"
    assert event.special_situation == "overdose"


def test_a_reps_own_question_stands_beside_a_customers_and_is_marked_internal(desk: Desk) -> None:
    matters = (
        HeardMatter(QUESTION, "she asked about kids", "a customer asks"),
        HeardMatter(QUESTION, "I wonder about teens", "the sender asks", own_question=True),
    )
    customers, own = desk.referrals.receive(Principal(REP), "m1", "x", Heard("x", matters))
    assert (customers.internal, own.internal) == (False, True)
    assert customers.id != own.id


def test_a_channel_that_is_none_is_refused_and_nothing_is_written(desk: Desk) -> None:
    asked = HeardMatter(ACCESS, "send her the guide", "asked for", channel="safety")
    with pytest.raises(BadRequest, match="no channel"):
        desk.referrals.receive(Principal(REP), "m1", "x", Heard("x", (asked,)))
    with desk.parts.store.read() as unit:
        assert unit.referrals.find("default") == []


def test_the_receipt_names_reference_clock_and_what_is_missing(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    [receipt] = desk.cases.notices(Principal(REP))
    assert event.reference in receipt.text
    assert "first heard at" in receipt.text
    assert "fainted" not in receipt.text


@pytest.mark.parametrize("text", ["\x00", "\ud800 broken", "🙂" * 10_000, "", "'; drop table referrals; --"])
def test_any_text_is_kept_to_the_letter(desk: Desk, text: str) -> None:
    [event] = desk.referrals.receive(Principal(REP), "m1", text, Heard(text, (HeardMatter(EVENT, text, text),)))
    with desk.parts.store.read() as unit:
        assert unit.vault.open("default", event.original_id or "") == text


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(list(ReferralType)), min_size=1, max_size=4), st.text(min_size=1, max_size=400))
def test_opening_is_idempotent_for_any_message(desk: Desk, types: list[ReferralType], message_id: str) -> None:
    found = Heard("x", tuple(HeardMatter(type_, "x", "y") for type_ in types))
    first = desk.referrals.receive(Principal(REP), message_id, "x", found)
    second = desk.referrals.receive(Principal(REP), message_id, "x", found)
    assert [one.id for one in first] == [one.id for one in second]
    assert {one.type for one in first} == set(types)


def test_keys_of_lines_and_long_ids_are_stable() -> None:
    assert message_key("7", "a") == message_key("7", "a") != message_key("7", "b")
    assert short_id("m1") == "m1"
    assert short_id("x" * 300) == short_id("x" * 300) != short_id("x" * 301)
