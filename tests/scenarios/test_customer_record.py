"""The record through the `rep` command: files in, a brief out, bad lines named, a customer erased."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.cli import run

ROSTER = """people:
  - {id: p1, name: Ana Ruiz, email: ana@example.com, role: rep, market: US, products: [Velmora], territories: [TX-01]}
  - {id: p2, name: Mia Sol, email: mia@example.com, role: msl, market: US, products: ["*"], territories: ["*"]}
  - {id: p3, name: Pia Vogt, email: pia@example.com, role: privacy, market: US, products: [], territories: ["*"]}
"""
LINES: dict[str, list[dict[str, Any]]] = {
    "customers": [
        {"id": "c1", "kind": "hcp", "name": "Dr. Folake Adeyemi", "specialty": "Cardiology", "territories": ["TX-01"]},
        {"id": "c2", "kind": "hcp", "name": "Dr. Far Away", "territories": ["TX-02"]},
    ],
    "interactions": [
        {"id": "i1", "customer": "c1", "at": "2026-11-01T10:00:00Z", "channel": "visit", "author": "Ana Ruiz",
         "author_role": "rep", "products": ["Velmora"], "summary": "Promised her the appeal form by Friday."},
        {"id": "i2", "customer": "c1", "at": "2026-11-05T10:00:00Z", "channel": "visit", "author": "Mia Sol",
         "author_role": "msl", "products": ["Velmora"], "summary": "XENOSECRET data exchanged.", "documents": []},
    ],
    "visits": [
        {"id": "v1", "customer": "c1", "starts_at": "2026-11-21T10:00:00Z", "rep": "p1", "purpose": "Form"},
    ],
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert run(["init", "--home", str(home)]) == 0
    (tmp_path / "roster.yaml").write_text(ROSTER, encoding="utf-8")
    assert run(["people", "load", str(tmp_path / "roster.yaml"), "--home", str(home)]) == 0
    for name, lines in LINES.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    # Interactions first: the order of the files does not matter.
    files = [str(tmp_path / f"{name}.jsonl") for name in ("visits", "interactions", "customers")]
    assert run(["customers", "load", *files, "--home", str(home)]) == 0
    return home


def brief(home: Path, email: str, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    capfdbinary.readouterr()
    at = ["--at", "2026-11-20T12:00:00Z", "--json"]
    assert run(["brief", "dr adeyemi", "--as", email, "--home", str(home), *at]) == 0
    return json.loads(capfdbinary.readouterr().out)


def test_a_brief_has_the_contract_s_shape_and_keeps_the_firewall(
    home: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    told = brief(home, "ana@example.com", capfdbinary)
    assert told["customer"] == {"id": "c1", "name": "Dr. Folake Adeyemi"}
    items = [item for section in told["sections"] for item in section["items"]]
    assert all(item["text"] and item["source"] and item["as_of"] for item in items)
    assert any("Overdue since 2026-11-06 (yours)" in item["text"] for item in items)
    assert "XENOSECRET" not in json.dumps(told)
    assert "MSL contact (visit)" in json.dumps(told)
    assert "XENOSECRET" in json.dumps(brief(home, "mia@example.com", capfdbinary))


def test_bad_lines_are_named_and_the_rest_goes_on(
    home: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    bad = tmp_path / "bad.jsonl"
    good = {**LINES["customers"][0], "id": "c9"}
    orphan = {**LINES["interactions"][0], "id": "i9", "customer": "nobody"}
    lines = ["{", '{"id": "x"}', '{"id": "y", "kind": "dog", "name": "Rex"}', json.dumps(orphan), json.dumps(good)]
    bad.write_text("\n".join(lines), encoding="utf-8")
    capfdbinary.readouterr()
    assert run(["customers", "load", str(bad), "--home", str(home)]) == 1
    out, err = capfdbinary.readouterr()
    for number in (1, 2, 3, 4):
        assert f"bad.jsonl:{number}: ".encode() in err
    assert b"customers: 1 new" in out


def test_nobody_outside_the_territory_is_found(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for name in ("Far Away", "Zhivago"):
        capfdbinary.readouterr()
        assert run(["brief", name, "--as", "ana@example.com", "--home", str(home)]) == 1
        assert b"I find no customer called" in capfdbinary.readouterr().err


def test_only_privacy_erases_and_a_reload_does_not_bring_back(
    home: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["customers", "erase", "c1", "--as", "ana@example.com", "--home", str(home)]) == 1
    assert run(["customers", "export", "c1", "--as", "pia@example.com", "--home", str(home)]) == 0
    assert run(["customers", "erase", "c1", "--as", "pia@example.com", "--home", str(home)]) == 0
    assert b"Kept: audit trail" in capfdbinary.readouterr().out
    assert run(["customers", "load", str(tmp_path / "customers.jsonl"), "--home", str(home)]) == 1
    assert b"was erased on request" in capfdbinary.readouterr().err
