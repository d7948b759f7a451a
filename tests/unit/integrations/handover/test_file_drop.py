"""The file drop: whole or not at all, a repeat rewrites it, a full or missing disk is tried again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.hand_over import Packet
from assistant.domain.person import Role
from assistant.domain.referral import ReferralType
from assistant.errors import TransientFault
from assistant.policies.routing import Routing, RoutingFault, parse_routing
from integrations.handover.email import SmtpHandOver, SmtpServer
from integrations.handover.file_drop import FileDropHandOver
from integrations.handover.packet_json import FORMAT, packet_json
from integrations.handover.ways import ways
from integrations.handover.webhook import WebhookHandOver
from tests.fakes import FakeClock
from tests.unit.assistant.policies.test_routing import SHIPPED


def test_a_file_appears_whole_and_once(tmp_path: Path, packet: Packet) -> None:
    folder = tmp_path / "out" / "safety"
    name = FileDropHandOver(folder).deliver(packet)
    assert FileDropHandOver(folder).deliver(packet) == name
    assert [path.name for path in folder.iterdir()] == [name]
    held = json.loads((folder / name).read_text(encoding="utf-8"))
    assert held["format"] == FORMAT
    assert held["reference"] == packet.referral.reference


def test_an_update_is_a_file_of_its_own(tmp_path: Path, packet: Packet) -> None:
    drop = FileDropHandOver(tmp_path)
    drop.deliver(packet)
    drop.deliver(replace(packet, referral=replace(packet.referral, revision=2)))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path, packet: Packet) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    with pytest.raises(TransientFault):
        FileDropHandOver(blocked).deliver(packet)


def test_an_adverse_event_carries_its_e2b_elements(packet: Packet) -> None:
    elements = packet_json(packet)["e2b_r3"]
    assert elements["C.1.4"] == "20260615"
    assert (elements["D.2.3"], elements["D.5"]) == (6, 2)
    assert (elements["G.k.2.2"], elements["G.k.4.r.7"]) == ("Velmora", "B77")
    assert elements["E.i.1.1a"] == "病人昏倒 – fainted"
    assert elements["C.2.r.reporter"] is None


def test_other_types_carry_none(packet: Packet) -> None:
    other = replace(packet, referral=replace(packet.referral, type=ReferralType.MARKET_ACCESS), role=Role.MARKET_ACCESS)
    assert "e2b_r3" not in packet_json(other)


def routing_with(lines: str) -> Routing:
    return parse_routing(SHIPPED.replace('hand_over = "inbox"', lines, 1), "routing.toml")


def test_every_kind_of_target_gets_its_adapter(tmp_path: Path) -> None:
    smtp = SmtpServer("127.0.0.1")
    mail = routing_with('hand_over = "email"\naddress = "safety@company.example"')
    hook = routing_with('hand_over = "webhook"\naddress = "https://intake.example.com"\nsecret = "intake"')
    drop = routing_with('hand_over = "file"\naddress = "out/safety"')
    clock = FakeClock()
    assert isinstance(ways(mail, tmp_path, smtp, {}, clock)["safety"], SmtpHandOver)
    assert isinstance(ways(hook, tmp_path, None, {"intake": "s"}, clock)["safety"], WebhookHandOver)
    assert isinstance(ways(drop, tmp_path, None, {}, clock)["safety"], FileDropHandOver)
    assert ways(parse_routing(SHIPPED, "routing.toml"), tmp_path, None, {}, clock) == {}
    with pytest.raises(RoutingFault, match=r"\[smtp\]"):
        ways(mail, tmp_path, None, {}, clock)
    with pytest.raises(RoutingFault, match="REP_SECRETS_INTAKE"):
        ways(hook, tmp_path, None, {}, clock)
