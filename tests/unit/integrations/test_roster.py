"""roster.yaml: mistakes by line, the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain.person import Role
from integrations.roster import Roster, read_roster

ANA = "{id: p1, name: Ana Ruiz, email: ana@example.com, role: rep, market: US, products: [A], territories: [T]}"


def roster(folder: Path, *lines: str) -> Roster:
    path = folder / "roster.yaml"
    path.write_text("people:\n" + "".join(f"  - {line}\n" for line in lines))
    return read_roster(path, "default")


def test_a_person_with_everything(tmp_path: Path) -> None:
    found = roster(
        tmp_path,
        ANA[:-1]
        + ", slack_user_id: U1, manager: p9, active: false, tenant: acme, timezone: Asia/Taipei, language: zh-TW}",
    )
    assert found.faults == ()
    [ana] = found.people
    assert (ana.role, ana.products, ana.active, ana.tenant) == (Role.REP, {"A"}, False, "acme")
    assert (ana.timezone, ana.language, ana.manager) == ("Asia/Taipei", "zh-TW", "p9")


def test_what_is_optional_has_its_default(tmp_path: Path) -> None:
    [ana] = roster(tmp_path, ANA).people
    assert (ana.tenant, ana.timezone, ana.language, ana.active, ana.slack_user_id) == (
        "default",
        "UTC",
        "en",
        True,
        None,
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ANA.replace("role: rep", "role: boss"), "role: 'boss' is none of 'rep', 'kam'"),
        (ANA.replace("ana@example.com", "ana"), "email: 'ana' is no e-mail address"),
        (ANA.replace("market: US", "market: ZZ"), "market: 'ZZ' is no ISO 3166"),
        (ANA.replace("[A]", '["*", A]'), 'products: "*" means all and stands alone'),
        (ANA[:-1] + ", timezone: Mars}", "timezone: 'Mars' is no time zone"),
        (ANA[:-1] + ", shoe: 42}", "shoe: no such field"),
        (ANA.replace("name: Ana Ruiz, ", ""), "name: is missing"),
        (ANA[:-1] + ", active: maybe}", "active: 'maybe'"),
        ("Ana", "a person must be fields and values"),
    ],
)
def test_each_mistake_is_one_line_and_the_rest_goes_on(tmp_path: Path, line: str, said: str) -> None:
    found = roster(tmp_path, line, ANA.replace("p1", "p2").replace("ana@", "two@"))
    assert [person.id for person in found.people] == ["p2"]
    [fault] = found.faults
    assert fault.place == f"{tmp_path}/roster.yaml:2"
    assert said in fault.what


def test_one_id_or_address_twice(tmp_path: Path) -> None:
    same_email = ANA.replace("p1", "p2").replace("ana@", "ANA@")
    same_id = ANA.replace("ana@", "other@")
    found = roster(tmp_path, ANA, same_email, same_id)
    assert len(found.people) == 1
    assert [fault.what.split(" at ")[0] for fault in found.faults] == [
        "email: ana@example.com stands already",
        "id: p1 stands already",
    ]


def test_no_roster(tmp_path: Path) -> None:
    assert "cannot be read" in str(read_roster(tmp_path / "no.yaml", "default").faults[0])
