"""Who sees and does what: deny by default, no medical answer to a sender, safety and quality close reports alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.audit import verify
from assistant.domain.person import Person, Principal, Role
from assistant.domain.referral import ReferralStatus, ReferralType
from assistant.errors import AccessDenied, BadRequest, Conflict, NotFound
from assistant.policies.referral_access import Sight, may_close, may_open_original, sight
from assistant.policies.routing import load_routing
from tests.fakes import person
from tests.route_fakes import (
    ACCESS,
    BOSS,
    COMPLAINT,
    EVENT,
    EVERYONE,
    MEDINFO,
    MESSAGE,
    OTHER_REP,
    PAYER,
    PRIVACY,
    QUALITY,
    QUESTION,
    REP,
    SAFETY,
    Desk,
)


def seen_by(desk: Desk, who: Person) -> dict[ReferralType, Sight]:
    return {one.referral.type: one.sight for one in desk.cases.visible(Principal(who))}


def test_everybody_sees_theirs_and_nothing_else(desk: Desk) -> None:
    desk.open(EVENT, COMPLAINT, QUESTION, ACCESS)
    assert seen_by(desk, REP) == dict.fromkeys((EVENT, COMPLAINT, QUESTION, ACCESS), Sight.OWN)
    assert seen_by(desk, BOSS) == dict.fromkeys((EVENT, COMPLAINT, QUESTION, ACCESS), Sight.STATUS)
    assert seen_by(desk, OTHER_REP) == {}
    assert seen_by(desk, SAFETY) == {EVENT: Sight.WHOLE, COMPLAINT: Sight.WHOLE}
    assert seen_by(desk, QUALITY) == {EVENT: Sight.WHOLE, COMPLAINT: Sight.WHOLE}
    assert seen_by(desk, MEDINFO) == {QUESTION: Sight.WHOLE}
    assert seen_by(desk, PAYER) == {ACCESS: Sight.WHOLE}
    assert seen_by(desk, PRIVACY) == {}


def test_no_person_of_another_company_or_deactivated_sees_anything(desk: Desk) -> None:
    for referral in desk.open(EVENT, COMPLAINT, QUESTION, ACCESS):
        for one in EVERYONE:
            for stranger in (replace(one, tenant="other"), replace(one, active=False)):
                assert sight(stranger, referral, desk.parts.routing) is Sight.NOTHING
                assert not may_open_original(stranger, referral)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("type_", [EVENT, COMPLAINT])
def test_no_role_but_safety_and_quality_closes_a_report(desk: Desk, role: Role, type_: ReferralType) -> None:
    [referral] = desk.open(type_)
    allowed = may_close(person("x", role=role), referral, load_routing())
    assert allowed == (role in (Role.SAFETY, Role.QUALITY))


def test_a_field_manager_receives_their_own_teams_requests_alone(desk: Desk) -> None:
    sample = ReferralType.SAMPLE_REQUEST
    desk.hearing = {}
    from assistant.route.heard import Heard, HeardMatter

    found = Heard("x", (HeardMatter(sample, "two boxes", "samples asked for"),))
    desk.referrals.receive(Principal(REP), "m1", "x", found)
    desk.referrals.receive(Principal(OTHER_REP), "m2", "x", found)
    assert [one.referral.sender.identity for one in desk.cases.visible(Principal(BOSS))] == ["rep"]


def test_acknowledge_then_close(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.work.run()
    assert desk.get(event).status is ReferralStatus.HANDED_OVER
    first = desk.cases.acknowledge(Principal(SAFETY), event.reference)
    assert (first.status, first.acknowledged_by) == (ReferralStatus.ACKNOWLEDGED, "safety")
    assert desk.cases.acknowledge(Principal(QUALITY), event.reference).acknowledged_by == "safety"
    done = desk.cases.close(Principal(SAFETY), event.reference, "handled", "case 2026-1")
    assert done.status is ReferralStatus.CLOSED
    desk.work.run()
    assert desk.told(REP)[-1] == "closed"
    assert "2026-1" not in " ".join(notice.text for notice in desk.cases.notices(Principal(REP)))


def test_nothing_is_closed_unseen_or_twice(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    with pytest.raises(Conflict, match="acknowledge it before"):
        desk.cases.close(Principal(SAFETY), event.id, "handled")
    desk.cases.acknowledge(Principal(SAFETY), event.id)
    with pytest.raises(BadRequest, match="no reason"):
        desk.cases.close(Principal(SAFETY), event.id, "bored")
    desk.cases.close(Principal(SAFETY), event.id, "duplicate")
    with pytest.raises(Conflict, match="closed already"):
        desk.cases.close(Principal(SAFETY), event.id, "handled")
    with pytest.raises(Conflict, match="closed already"):
        desk.cases.acknowledge(Principal(SAFETY), event.id)


def test_a_sender_can_neither_acknowledge_nor_close(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    for act in (desk.cases.acknowledge, lambda who, name: desk.cases.close(who, name, "handled")):
        with pytest.raises(AccessDenied):
            act(Principal(REP), question.id)
        with pytest.raises(NotFound):
            act(Principal(OTHER_REP), question.id)


def test_the_answer_to_a_question_never_reaches_the_sender(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    desk.cases.acknowledge(Principal(MEDINFO), question.id)
    desk.cases.close(Principal(MEDINFO), question.id, "handled", "sent SRL-12 on paediatric data")
    shown = desk.cases.show(Principal(REP), question.id)
    assert shown.sight is Sight.OWN
    assert shown.attempts == ()
    from integrations.referral_view import referral_view

    assert "SRL-12" not in str(referral_view(shown))
    assert "asked about kids" not in str(referral_view(replace(shown, sight=Sight.STATUS)))
    assert "SRL-12" in str(referral_view(desk.cases.show(Principal(MEDINFO), question.id)))


def test_the_original_is_for_safety_alone_and_every_try_is_recorded(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    assert desk.cases.original(Principal(SAFETY), event.id, "to file the case") == MESSAGE
    with pytest.raises(AccessDenied):
        desk.cases.original(Principal(QUALITY), event.id, "curious")
    with pytest.raises(AccessDenied):
        desk.cases.original(Principal(REP), event.id, "my own words")
    with pytest.raises(NotFound):
        desk.cases.original(Principal(MEDINFO), event.id, "curious")
    with pytest.raises(BadRequest, match="why"):
        desk.cases.original(Principal(SAFETY), event.id, " ")
    with desk.parts.store.read() as unit:
        actions = [event.entry.action for event, _ in unit.audit.walk("default")]
    assert actions.count("referral.original_opened") == 1
    assert actions.count("referral.original_refused") == 3


def test_quality_opens_the_original_of_a_complaint(desk: Desk) -> None:
    [complaint] = desk.open(COMPLAINT)
    assert desk.cases.original(Principal(QUALITY), complaint.id, "to file it") == MESSAGE


def test_a_type_without_an_original_says_so(desk: Desk) -> None:
    [question] = desk.open(QUESTION)
    with pytest.raises(AccessDenied):
        desk.cases.original(Principal(MEDINFO), question.id, "to answer")


def test_erasing_words_leaves_the_trail_whole_and_says_what_went(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    with pytest.raises(AccessDenied, match="not closed"):
        desk.erasure.erase(Principal(PRIVACY), event.id, "asked for")
    desk.cases.acknowledge(Principal(SAFETY), event.id)
    desk.cases.close(Principal(SAFETY), event.id, "handled", "a note")
    with pytest.raises(NotFound):
        desk.erasure.erase(Principal(REP), event.id, "asked for")
    assert desk.erasure.erase(Principal(PRIVACY), event.id, "asked for") > 0
    held = desk.get(event)
    assert held.details == {}
    assert held.closing is not None
    assert held.closing.note == ""
    with pytest.raises(NotFound, match="no longer kept"):
        desk.cases.original(Principal(SAFETY), event.id, "too late")
    with desk.parts.store.read() as unit:
        report = verify(unit.audit, "default")
    assert report.whole
    assert {text.erased_by for text in report.erased} == {"privacy"}


def test_a_share_of_not_real_patients_is_looked_at_again(desk: Desk) -> None:
    drawn = 0
    for number in range(120):
        [event] = desk.open(EVENT, message_id=f"m{number}")
        desk.cases.acknowledge(Principal(SAFETY), event.id)
        closing = desk.cases.close(Principal(SAFETY), event.id, "not_a_real_patient").closing
        drawn += bool(closing and closing.sampled)
    assert 2 <= drawn <= 30
    desk.work.run()
    assert desk.told(SAFETY).count("recheck") == drawn
