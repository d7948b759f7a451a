"""E-mail against a real SMTP server: readable, the same message at every repeat, faults told apart."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from assistant.domain.hand_over import Packet
from assistant.errors import PermanentFault, TransientFault
from integrations.handover.email import SmtpHandOver, SmtpServer, compose


@dataclass
class Mailbox:
    """What arrived, and what to answer to the address or the data instead of taking it."""

    port: int = 0
    arrived: list[bytes] = field(default_factory=list)
    to_address: str = ""
    to_data: str = ""

    async def handle_RCPT(self, _s: SMTP, _n: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        if self.to_address:
            return self.to_address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: SMTP, _n: Session, envelope: Envelope) -> str:
        if self.to_data:
            return self.to_data
        self.arrived.append(bytes(envelope.content or b""))
        return "250 OK"

    def message(self, number: int = 0) -> EmailMessage:
        parsed = message_from_bytes(self.arrived[number], policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


def serve(mailbox: Mailbox, **options: Any) -> Iterator[Mailbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    yield from serve(Mailbox())


def way(mailbox: Mailbox, **changes: Any) -> SmtpHandOver:
    server = SmtpServer("127.0.0.1", mailbox.port, "assistant@company.example", "none", timeout=3)
    return SmtpHandOver(replace(server, **changes), "safety@company.example")


def test_the_message_reads_well_and_brings_the_packet(mailbox: Mailbox, packet: Packet) -> None:
    receipt = way(mailbox).deliver(packet)
    message = mailbox.message()
    assert message["Message-ID"] == receipt
    assert message["To"] == "safety@company.example"
    assert message["Subject"].startswith(packet.referral.reference)
    assert "adverse event" in message["Subject"]
    body = message.get_body(("plain",))
    assert body is not None
    assert "病人昏倒 – fainted" in body.get_content()
    assert "Still missing: reporter" in body.get_content()
    [attached] = message.iter_attachments()
    assert json.loads(attached.get_content())["key"] == packet.key


def test_a_repeat_is_the_same_message_to_the_byte(mailbox: Mailbox, packet: Packet) -> None:
    assert way(mailbox).deliver(packet) == way(mailbox).deliver(packet)
    one, other = (mailbox.message(number) for number in (0, 1))
    assert one["Message-ID"] == other["Message-ID"]
    assert one["Date"] == other["Date"]
    update = replace(packet, key=f"{packet.referral.id}:2")
    assert way(mailbox).deliver(update) != one["Message-ID"]


@pytest.mark.parametrize(
    ("to_address", "to_data", "kind"),
    [
        ("450 mailbox busy", "", TransientFault),
        ("550 no such mailbox", "", PermanentFault),
        ("", "451 try later", TransientFault),
        ("", "554 not here", PermanentFault),
    ],
)
def test_refusals_are_told_apart(
    mailbox: Mailbox, packet: Packet, to_address: str, to_data: str, kind: type[Exception]
) -> None:
    mailbox.to_address, mailbox.to_data = to_address, to_data
    with pytest.raises(kind) as caught:
        way(mailbox).deliver(packet)
    assert (to_address or to_data)[:3] in str(caught.value)


def test_nobody_there_is_transient(packet: Packet) -> None:
    with pytest.raises(TransientFault, match="did not answer"):
        way(Mailbox(port=9)).deliver(packet)


def test_a_server_without_tls_is_a_setting_to_mend(mailbox: Mailbox, packet: Packet) -> None:
    with pytest.raises(PermanentFault, match="starttls"):
        way(mailbox, tls="starttls").deliver(packet)
    assert mailbox.arrived == []


def test_a_wrong_login_names_the_settings_and_not_the_password(packet: Packet) -> None:
    refused = {"authenticator": lambda *_: AuthResult(success=False, handled=False), "auth_require_tls": False}
    for box in serve(Mailbox(), **refused):
        with pytest.raises(PermanentFault, match=r"\[smtp\]") as caught:
            way(box, user="u", password="hunter2").deliver(packet)
        assert "hunter2" not in str(caught.value)


def test_what_people_typed_cannot_add_a_header_or_a_line(packet: Packet) -> None:
    from assistant.domain.referral import Detail

    words = {Detail.EVENT: "x\r\nBcc: everyone@example.com\r\n\r\nhello"}
    message = compose(replace(packet, referral=replace(packet.referral, details=words)), "a@b.example", "c@d.example")
    assert "Bcc" not in message
    body = message.get_body(("plain",))
    assert body is not None
    assert "\nBcc:" not in body.get_content()
