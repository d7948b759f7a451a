"""A message with an event, a question outside the label and a payer issue, from `rep` to its audit record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import folder, rep

PEOPLE = """\
people:
  - {id: rep, name: Ana Ruiz, email: ana@example.com, role: rep, market: US, products: [Velmora], territories: [T],
     manager: boss, timezone: America/Chicago}
  - {id: gone, name: Al Past, email: al@example.com, role: rep, market: US, products: [], territories: [T],
     active: false}
  - {id: boss, name: Bo Tan, email: boss@example.com, role: field_manager, market: US, products: [], territories: [T]}
  - {id: saf, name: Sa Oke, email: saf@example.com, role: safety, market: US, products: ["*"], territories: ["*"]}
  - {id: mi, name: Mi Lau, email: mi@example.com, role: medical_information, market: US, products: [],
     territories: ["*"]}
  - {id: cmp, name: Co Lin, email: cmp@example.com, role: compliance, market: US, products: [], territories: []}
"""
MESSAGE = (
    "Saw Dr. Vance. A 72 yo man of hers fainted two days after starting Velmora. She asked whether there is any "
    "data in children, off label. And Aetna denied the prior auth again."
)
WANTED = {"adverse_event", "medical_information_request", "market_access"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one approved document and people of every role that matters here."""
    base = tmp_path_factory.mktemp("referrals")
    place = base / "home"
    (base / "roster.yaml").write_text(PEOPLE)
    assert rep(place, "init").returncode == 0
    assert rep(place, "people", "load", base / "roster.yaml").returncode == 0
    content = folder(base / "content", "{file: a.md, id: label}", a_md="# 1 Dosage\n\nTake 10 mg Velmora once daily.\n")
    assert rep(place, "content", "add", content).returncode == 0
    line = json.dumps({"id": "7", "op": "ask", "question": MESSAGE}).encode()
    assert rep(place, "batch", "--as", "ana@example.com", stdin=line).returncode == 0
    assert listed(place, "ana@example.com") == []
    assert rep(place, "batch", "--record", "--as", "ana@example.com", stdin=line).returncode == 0
    return place


def listed(home: Path, email: str, *more: str) -> list[dict[str, Any]]:
    done = rep(home, "referrals", "list", "--as", email, "--json", *more)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_three_referrals_with_their_own_clocks_reach_their_roles(home: Path) -> None:
    mine = listed(home, "ana@example.com")
    assert {row["type"] for row in mine} >= WANTED
    assert len({row["due_at"] for row in mine if row["type"] in WANTED}) == 3
    assert all(row["status"] == "handed_over" for row in mine)
    assert {row["type"] for row in listed(home, "saf@example.com")} == {"adverse_event"}
    assert {row["type"] for row in listed(home, "mi@example.com")} == {"medical_information_request"}
    assert "details" not in mine[0]


def test_the_same_batch_again_opens_nothing(home: Path) -> None:
    before = listed(home, "ana@example.com")
    line = json.dumps({"id": "7", "op": "ask", "question": MESSAGE}).encode()
    assert rep(home, "batch", "--record", "--jobs", "2", "--as", "ana@example.com", stdin=line).returncode == 0
    assert [row["id"] for row in listed(home, "ana@example.com")] == [row["id"] for row in before]


def test_a_stranger_and_someone_deactivated_are_refused_and_their_reports_open(home: Path) -> None:
    for email in ("who@elsewhere.example", "al@example.com"):
        refused = rep(home, "ask", f"my patient vomited after Velmora, says {email}", "--as", email)
        assert refused.returncode == 1
    senders = {
        json.loads(rep(home, "referrals", "show", row["id"], "--as", "saf@example.com", "--json").stdout)["sender"][
            "id"
        ]
        for row in listed(home, "saf@example.com")
    }
    assert senders == {"rep", "who@elsewhere.example", "gone"}


def test_complete_acknowledge_close_and_what_each_may_see(home: Path) -> None:
    event = next(row["reference"] for row in listed(home, "ana@example.com") if row["type"] == "adverse_event")
    asked = json.loads(rep(home, "referrals", "complete", event, "--as", "ana@example.com", "--json").stdout)
    assert "reporter" in {row["field"] for row in asked}
    answers = ("--set", "reporter=Dr. Vance", "--set", "patient_sex=m", "--set", "first_heard_at=2026-06-01")
    assert rep(home, "referrals", "complete", event, "--as", "ana@example.com", *answers).returncode == 0
    late = listed(home, "saf@example.com", "--late")
    assert [row["reference"] for row in late] == [event]
    refused = rep(home, "referrals", "close", event, "--as", "ana@example.com")
    assert (refused.returncode, refused.stderr.count(b"\n")) == (1, 1)
    assert rep(home, "referrals", "ack", event, "--as", "saf@example.com").returncode == 0
    closing = ("--reason", "handled", "--note", "case 12")
    assert rep(home, "referrals", "close", event, "--as", "saf@example.com", *closing).returncode == 0
    shown = rep(home, "referrals", "show", event, "--as", "saf@example.com", "--original", "to file", "--json")
    assert json.loads(shown.stdout)["original"] == MESSAGE
    mine = rep(home, "referrals", "show", event, "--as", "ana@example.com")
    assert b"case 12" not in mine.stdout
    assert rep(home, "referrals", "show", event, "--as", "mi@example.com").returncode == 1
    assert b"closed" in rep(home, "referrals", "notices", "--as", "ana@example.com").stdout


def test_the_trail_is_whole_and_for_compliance_alone(home: Path) -> None:
    verified = rep(home, "audit", "verify", "--json")
    report = json.loads(verified.stdout)
    assert (verified.returncode, report["whole"]) == (0, True)
    noted = f"{report['head']['sequence']}:{report['head']['hash']}"
    assert rep(home, "audit", "verify", "--expect", noted).returncode == 0
    assert rep(home, "audit", "verify", "--expect", f"{report['head']['sequence']}:{'0' * 64}").returncode == 1
    exported = rep(home, "audit", "export", "--as", "cmp@example.com", "--texts")
    actions = [json.loads(line)["action"] for line in exported.stdout.splitlines()]
    assert actions[-1] == "audit.exported"
    assert "referral.opened" in actions
    assert rep(home, "audit", "export", "--as", "ana@example.com").returncode == 1


def test_the_vaults_key_can_be_changed(home: Path) -> None:
    rotated = json.loads(rep(home, "vault", "rotate", "--json").stdout)
    assert rotated["key"] == "k2"
    assert rotated["originals"] >= 1
    event = next(row["reference"] for row in listed(home, "saf@example.com", "--all") if row["status"] != "opened")
    shown = rep(home, "referrals", "show", event, "--as", "saf@example.com", "--original", "after rotation", "--json")
    assert json.loads(shown.stdout)["original"]
    assert rep(home, "audit", "verify").returncode == 0


def test_the_doctor_counts_them(home: Path) -> None:
    said = {line["check"]: line["text"] for line in json.loads(rep(home, "doctor", "--json").stdout)}
    assert "open" in said["referrals"]
    assert "events" in said["audit"]
    assert "scheduled" in said["durable work"]


def test_a_wrong_routing_file_stops_with_file_and_line(home: Path) -> None:
    own = home / "routing.toml"
    own.write_text('version = "1"\n[hand_over]\nattempts = 0\n')
    try:
        failed = rep(home, "referrals", "list", "--as", "saf@example.com")
        assert failed.returncode == 1
        assert b"routing.toml:3: hand_over.attempts" in failed.stderr
        assert b"Traceback" not in failed.stderr
    finally:
        own.unlink()
