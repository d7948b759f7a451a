"""The signed webhook against a real server: receipts, repeats, refusals, silence, and a lost answer."""

from __future__ import annotations

import json

import pytest

from assistant.domain.hand_over import Packet
from assistant.errors import PermanentFault, TransientFault
from integrations.handover.webhook import WebhookHandOver, signature
from tests.fakes import NOON, FakeClock
from tests.unit.integrations.handover.conftest import Intake


def hook(intake: Intake, timeout: float = 5.0) -> WebhookHandOver:
    return WebhookHandOver(intake.url, "s3cret", FakeClock(), timeout)


def test_a_call_is_signed_and_brings_the_whole_packet(intake: Intake, packet: Packet) -> None:
    assert hook(intake).deliver(packet) == "CASE-1"
    [(headers, body)] = intake.calls
    assert headers["idempotency-key"] == packet.key
    assert headers["x-rep-timestamp"] == str(int(NOON.timestamp()))
    assert headers["x-rep-signature"] == signature("s3cret", headers["x-rep-timestamp"], body)
    assert headers["x-rep-signature"] != signature("other", headers["x-rep-timestamp"], body)
    assert headers["x-rep-signature"] != signature("s3cret", headers["x-rep-timestamp"], body + b" ")
    sent = json.loads(body)
    assert sent["details"]["event"] == "病人昏倒 – fainted"
    assert sent["missing"] == ["reporter"]
    assert sent["e2b_r3"]["D.1"] == {"nullFlavor": "MSK"}


def test_a_repeat_files_no_second_case(intake: Intake, packet: Packet) -> None:
    assert hook(intake).deliver(packet) == hook(intake).deliver(packet) == "CASE-1"
    assert len(intake.calls) == 2


@pytest.mark.parametrize("answer", [408, 425, 429, 500, 502, 503])
def test_what_may_pass_is_transient(intake: Intake, packet: Packet, answer: int) -> None:
    intake.answers = [answer]
    with pytest.raises(TransientFault, match=str(answer)):
        hook(intake).deliver(packet)
    assert hook(intake).deliver(packet) == "CASE-1"


@pytest.mark.parametrize("answer", [302, 400, 401, 403, 404, 410, 422])
def test_what_will_not_pass_is_permanent(intake: Intake, packet: Packet, answer: int) -> None:
    intake.answers = [answer]
    with pytest.raises(PermanentFault, match=str(answer)):
        hook(intake).deliver(packet)
    assert len(intake.calls) == 1


def test_a_server_that_hangs_is_given_up_on(intake: Intake, packet: Packet) -> None:
    intake.answers = ["hang"]
    with pytest.raises(TransientFault, match="did not answer"):
        hook(intake, timeout=0.3).deliver(packet)


def test_a_lost_answer_after_filing_costs_nothing(intake: Intake, packet: Packet) -> None:
    intake.answers = ["drop"]
    with pytest.raises(TransientFault):
        hook(intake).deliver(packet)
    assert len(intake.cases) == 1
    assert hook(intake).deliver(packet) == "CASE-1"
    assert len(intake.cases) == 1


def test_nobody_there_is_transient(packet: Packet) -> None:
    with pytest.raises(TransientFault, match="did not answer"):
        WebhookHandOver("http://127.0.0.1:9/x", "s", FakeClock(), 1).deliver(packet)


def test_an_answer_without_a_receipt_leaves_the_key(intake: Intake, packet: Packet) -> None:
    intake.answers = ["text"]
    assert hook(intake).deliver(packet) == packet.key


def test_no_fault_shows_the_secret(intake: Intake, packet: Packet) -> None:
    intake.answers = [401]
    with pytest.raises(PermanentFault) as caught:
        hook(intake).deliver(packet)
    assert "s3cret" not in str(caught.value)
