"""Handing over: retried with growing waits, dead-lettered where a person sees it, never twice, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.domain.customer import Consent, ConsentStatus, Customer, CustomerKind
from assistant.domain.hand_over import AttemptOutcome
from assistant.domain.person import Principal
from assistant.domain.referral import ReferralStatus, ReferralType
from assistant.errors import AccessDenied, Conflict
from assistant.policies.channels import ContentUse
from assistant.route.heard import Heard, HeardMatter
from knowledge.models import PermittedUse
from tests.route_fakes import ACCESS, EVENT, KAM, REP, SAFETY, Desk, FakeHandOver, down, refusing


def attempts(desk: Desk, referral_id: str) -> list[AttemptOutcome]:
    with desk.parts.store.read() as unit:
        return [one.outcome for one in unit.referrals.attempts("default", referral_id)]


def test_an_inbox_gets_it_at_once(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.work.run()
    held = desk.get(event)
    assert (held.status, held.receipt) == (ReferralStatus.HANDED_OVER, "inbox of safety")
    assert desk.told(SAFETY) == ["new"]


def test_a_target_that_is_down_is_tried_again_with_growing_waits(desk: Desk) -> None:
    desk.ways["safety"] = target = FakeHandOver(down(3))
    [event] = desk.open(EVENT)
    desk.work.run()
    assert attempts(desk, event.id) == [AttemptOutcome.FAILED]
    desk.later(seconds=29)
    assert len(attempts(desk, event.id)) == 1
    desk.later(minutes=10)
    assert attempts(desk, event.id) == [AttemptOutcome.FAILED] * 3 + [AttemptOutcome.SENT]
    assert len(target.packets) == 1
    assert desk.get(event).status is ReferralStatus.HANDED_OVER


@pytest.mark.parametrize("faults", [down(100), refusing()])
def test_what_cannot_be_handed_over_is_a_dead_letter_people_see(desk: Desk, faults: list[Exception]) -> None:
    desk.ways["safety"] = FakeHandOver(list(faults))
    [event] = desk.open(EVENT)
    desk.later(hours=12)
    held = desk.get(event)
    assert held.dead_letter is not None
    assert held.status is ReferralStatus.OPENED
    assert "dead_letter" in desk.told(SAFETY)
    assert desk.reconcile.counts("default").dead_lettered == 1
    assert [one.referral.id for one in desk.cases.visible(Principal(SAFETY), late_only=True)] == [event.id]


def test_a_dead_letter_goes_out_once_a_person_mended_the_cause(desk: Desk) -> None:
    desk.ways["safety"] = target = FakeHandOver(refusing())
    [event] = desk.open(EVENT)
    desk.work.run()
    assert desk.get(event).dead_letter is not None
    with pytest.raises(AccessDenied):
        desk.cases.retry(Principal(REP), event.id)
    desk.cases.retry(Principal(SAFETY), event.id)
    with pytest.raises(Conflict, match="no dead letter"):
        desk.cases.retry(Principal(SAFETY), event.id)
    desk.work.run()
    assert desk.get(event).status is ReferralStatus.HANDED_OVER
    assert desk.get(event).dead_letter is None
    assert len(target.packets) == 1


def test_each_step_twice_is_the_same_as_once(desk: Desk) -> None:
    desk.ways["safety"] = target = FakeHandOver()
    [event] = desk.open(EVENT)
    job = desk.work.jobs["hand_over"]
    row = f"default/{event.id}"
    for _, step in job.steps:
        assert step(row)
        step(row)
    for _, step in job.steps:
        step(row)
    assert len(target.packets) == 1
    assert attempts(desk, event.id) == [AttemptOutcome.SENT]
    assert desk.told(SAFETY) == ["new"]


def test_a_crash_after_sending_sends_the_same_key_again(desk: Desk) -> None:
    class Crashes(FakeHandOver):
        def deliver(self, packet: object) -> str:
            super().deliver(packet)  # type: ignore[arg-type]
            if len(self.packets) == 1:
                raise KeyboardInterrupt
            return "R"

    desk.ways["safety"] = target = Crashes()
    [event] = desk.open(EVENT)
    with pytest.raises(KeyboardInterrupt):
        desk.work.run()
    desk.work.run()
    assert [packet.key for packet in target.packets] == [target.packets[0].key] * 2
    assert attempts(desk, event.id) == [AttemptOutcome.SENT]


def test_a_crash_after_a_delivery_was_noted_delivers_no_second_time(desk: Desk) -> None:
    desk.ways["safety"] = target = FakeHandOver()
    [event] = desk.open(EVENT)
    row = f"default/{event.id}"
    steps = dict(desk.work.jobs["hand_over"].steps)
    assert steps["begin"](row)
    assert steps["deliver"](row)
    # The process died here; another one sweeps before the old work is recovered.
    desk.reconcile.pick_up("default")
    desk.work.run()
    assert steps["settle"](row)
    assert attempts(desk, event.id) == [AttemptOutcome.SENT]
    assert len(target.packets) == 1
    assert desk.get(event).status is ReferralStatus.HANDED_OVER


def test_the_sweep_finds_what_was_written_and_never_asked_for(desk: Desk) -> None:
    [event] = desk.open(EVENT)
    desk.work.kept.clear()
    assert desk.reconcile.pick_up("default") == 1
    desk.work.run()
    assert desk.get(event).status is ReferralStatus.HANDED_OVER
    assert desk.reconcile.pick_up("default") == 0


def test_what_was_sent_and_not_acknowledged_is_told_every_day(desk: Desk) -> None:
    desk.open(EVENT)
    desk.reconcile.pick_up("default")
    desk.later(days=4)
    assert desk.told(SAFETY).count("discrepancy") == 3
    with desk.parts.store.read() as unit:
        reconciled = [event for event, _ in unit.audit.walk("default") if event.entry.action == "referrals.reconciled"]
    assert [event.entry.facts["unmatched"] for event in reconciled] == [0, 1, 1, 1]


def channel_request(desk: Desk, customer: Customer | None, uses: frozenset[PermittedUse]) -> str:
    """Ask for a guide to be sent by approved e-mail; returns where it went."""
    if customer is not None:
        desk.customers[customer.id] = customer
    desk.uses["guide"] = ContentUse("guide", uses)
    desk.ways["approved_email"] = target = FakeHandOver()
    asked = HeardMatter(
        ACCESS, "send her the guide", "asked for", customer="c1", content=("guide",), channel="approved_email"
    )
    [referral] = desk.referrals.receive(Principal(REP), "m1", "send her the guide", Heard("x", (asked,)))
    desk.work.run()
    held = desk.get(referral)
    assert held.status is ReferralStatus.HANDED_OVER
    assert (len(target.packets) == 1) == (held.receipt == "R-1")
    return held.receipt or ""


CONSENTING = Customer("c1", CustomerKind.HCP, "Dr. Lind", consents=(Consent("email", ConsentStatus.GRANTED),))
MAILABLE = frozenset({PermittedUse.EMAIL})


def test_a_channel_sends_with_consent_and_permitted_use(desk: Desk) -> None:
    assert channel_request(desk, CONSENTING, MAILABLE) == "R-1"


@pytest.mark.parametrize(
    ("customer", "uses", "why"),
    [
        (None, MAILABLE, "no customer"),
        (replace(CONSENTING, consents=()), MAILABLE, "no consent"),
        (
            replace(CONSENTING, consents=(*CONSENTING.consents, Consent("email", ConsentStatus.DENIED))),
            MAILABLE,
            "opted out",
        ),
        (CONSENTING, frozenset({PermittedUse.DISCUSS}), "may not be used this way"),
        (CONSENTING, frozenset[PermittedUse](), "may not be used this way"),
    ],
)
def test_without_either_the_role_gets_it_and_the_reason(
    desk: Desk, customer: Customer | None, uses: frozenset[PermittedUse], why: str
) -> None:
    receipt = channel_request(desk, customer, uses)
    assert receipt.startswith("inbox of kam")
    assert why in receipt
    assert [one.referral.type for one in desk.cases.visible(Principal(KAM))] == [ReferralType.MARKET_ACCESS]


def test_a_report_never_goes_out_by_a_channel(desk: Desk) -> None:
    asked = HeardMatter(EVENT, "fainted", "a patient fainted", channel="approved_email")
    [event] = desk.referrals.receive(Principal(REP), "m1", "x", Heard("x", (asked,)))
    assert event.target == "safety"


def test_inbound_messages_are_kept_then_worked_on_then_gone(desk: Desk) -> None:
    from tests.route_fakes import MESSAGE

    kept = desk.inbound.accept(Principal(REP), "slack-1", MESSAGE)
    assert "Brill" not in kept.redacted
    assert desk.inbound.accept(Principal(REP), "slack-1", MESSAGE).id == kept.id
    desk.work.run()
    with desk.parts.store.read() as unit:
        assert len(unit.referrals.find("default")) == 3
        assert unit.inbound.waiting("default") == []
        done = unit.inbound.get(kept.id)
    assert done is not None
    assert done.redacted == ""
    read: Callable[[], object] = lambda: desk.cases.original(  # noqa: E731
        Principal(SAFETY), next(iter(desk.cases.visible(Principal(SAFETY)))).referral.id, "to file"
    )
    assert read() == MESSAGE
    assert desk.inbound.accept(Principal(REP), "slack-1", MESSAGE).done_at is not None
