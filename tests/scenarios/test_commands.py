"""What a person or a script gets from `rep`: results, exit codes, and one clear line for each mistake."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from integrations.cli import run
from tests.scenarios.command import REP, ROSTER, folder, rep, rep_process

LABEL = "# Velmora\n\n## 2 Dosage\n\nTake one tablet of 5 mg daily.\n\n## 4 Contraindications\n\nNone known.\n"


@pytest.fixture(scope="module")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("fresh") / "home"
    made = rep(home, "init")
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture
def home(fresh_home: Path, tmp_path: Path) -> Path:
    """A home of the test's own; a home may be moved, so one is made and copied."""
    return Path(shutil.copytree(fresh_home, tmp_path / "home"))


def only_line(said: bytes) -> str:
    lines = said.decode().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_help_is_instant_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from integrations.cli import run; status = run(['--help']); "
        "heavy = {'sqlalchemy', 'chromadb', 'pydantic', 'numpy', 'rich', 'yaml', 'alembic'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else status)"
    )
    found = subprocess.run([REP.with_name("python"), "-c", code], capture_output=True, timeout=60, check=False)
    assert found.returncode == 0, found.stderr
    for command in (b"init", b"content", b"people", b"ask", b"batch", b"doctor"):
        assert b"\n  " + command in found.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("ask",),
        ("ask", "x"),
        ("batch",),
        ("batch", "--as", "x", "--jobs", "0"),
        ("init", "--empty", "--sample"),
    ],
)
def test_wrong_use_is_exit_code_2_and_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    found = rep(tmp_path / "home", *arguments)
    assert found.returncode == 2
    assert only_line(found.stderr).startswith("rep: ")
    found = rep(tmp_path / "home", *arguments, "--json")
    assert json.loads(only_line(found.stderr))["error"]["code"] == "wrong_use"


def test_home_stands_anywhere_or_in_the_environment(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(home)
    for arguments in (
        ["--home", place, "people", "list"],
        ["people", "--home", place, "list"],
        ["people", "list", f"--home={place}"],
    ):
        assert run(arguments) == 0
    monkeypatch.setenv("REP_HOME", place)
    assert run(["people", "list"]) == 0
    assert capfd.readouterr().err == ""
    assert only_line(rep(home, "people", "list", "--home").stderr).startswith("rep: ")


def test_the_installed_command_does_the_same(home: Path) -> None:
    found = rep_process(home, "people", "list", "--json")
    assert (found.returncode, found.stdout, found.stderr) == (0, rep(home, "people", "list", "--json").stdout, b"")
    found = rep_process(home, "fly")
    assert (found.returncode, found.stdout) == (2, b"")
    assert only_line(found.stderr).startswith("rep: ")


def test_no_home_names_the_command_that_makes_one(tmp_path: Path) -> None:
    for arguments in (("content", "list"), ("doctor",), ("batch", "--as", "x")):
        found = rep(tmp_path / "none", *arguments)
        assert found.returncode == 1
        assert "rep init --home" in (found.stderr + found.stdout).decode()
    assert not (tmp_path / "none").exists()


def test_content_from_folder_to_withdrawal(home: Path, tmp_path: Path) -> None:
    content = folder(
        tmp_path / "content",
        '{file: a.md, id: VEL-1, version: "1", title: Velmora label}',
        "{file: gone.md}",
        "{file: a.md, id: other, colour: red}",
        a_md=LABEL,
        notes_md="Nobody approved this.",
    )
    added = rep(home, "content", "add", content)
    assert added.returncode == 1
    assert added.stdout.decode().splitlines() == ["1 new", "1 without approval record left out; see: rep content check"]
    assert [line.split(": ")[1] for line in added.stderr.decode().splitlines()] == [
        f"{content}/content.yaml:13",
        f"{content}/content.yaml:14",
    ]
    folder(content, '{file: a.md, id: VEL-1, version: "1", title: Velmora label}')
    again = rep(home, "content", "add", content, "--json")
    assert (again.returncode, json.loads(again.stdout)["unchanged"]) == (0, 1)

    checked = rep(home, "content", "check")
    assert checked.returncode == 1
    assert f"{content}/notes.md: has no approval record" in checked.stdout.decode()
    (content / "notes.md").unlink()
    assert rep(home, "content", "check").returncode == 0

    [row] = json.loads(rep(home, "content", "list", "--json").stdout)
    assert (row["id"], row["status"], row["products"]) == ("vel-1", "approved", ["Velmora"])
    assert json.loads(rep(home, "content", "list", "--json", "--at", "2028-01-02").stdout) == []
    assert "Take one tablet of 5 mg daily." in rep(home, "content", "show", "VEL-1").stdout.decode()
    assert rep(home, "content", "show", "nothing").returncode == 1

    assert "1 withdrawn" in rep(home, "content", "withdraw", "vel-1").stdout.decode()
    assert json.loads(rep(home, "content", "list", "--json").stdout) == []
    assert "1 stays withdrawn" in rep(home, "content", "add", content).stdout.decode()
    [row] = json.loads(rep(home, "content", "list", "--all", "--json").stdout)
    assert row["status"] == "withdrawn"


def test_changed_bytes_of_a_version_are_refused(home: Path, tmp_path: Path) -> None:
    content = folder(tmp_path / "content", '{file: a.md, version: "1"}', a_md=LABEL)
    assert rep(home, "content", "add", content).returncode == 0
    (content / "a.md").write_text(LABEL + "More.\n")
    found = rep(home, "content", "add", content)
    assert found.returncode == 1
    assert "content.yaml:12: a.md version 1 is in the register with other bytes" in only_line(found.stderr)
    assert "More." not in rep(home, "content", "show", "a.md").stdout.decode()
    assert "has changed since version 1" in rep(home, "content", "check").stdout.decode()


def test_paths_that_lead_nowhere(home: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "a.md").write_text(LABEL)
    found = rep(home, "content", "add", tmp_path / "bare", tmp_path / "bare" / "a.md", tmp_path / "none")
    assert found.returncode == 1
    said = found.stderr.decode()
    assert said.count("\n") == 3
    assert "has no content.yaml; " in said
    assert "has no content.yaml beside it" in said
    assert "is not there" in said


def test_people_and_batch(home: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.yaml").write_text(ROSTER + "  - {id: p3, name: No Body, email: nobody, role: boss}\n")
    loaded = rep(home, "people", "load", tmp_path / "roster.yaml")
    assert loaded.returncode == 1
    assert loaded.stdout == b"2 people loaded\n"
    assert all(b"roster.yaml:4: " in line for line in loaded.stderr.splitlines())
    listed = json.loads(rep(home, "people", "list", "--json").stdout)
    assert [person["name"] for person in listed] == ["Al Past", "Ana Ruiz"]

    lines = b'{"id": 1, "op": "insights"}\nnot json\n{"id": "\\ud800", "op": "fly"}\n'
    found = rep(home, "batch", "--as", "ana@example.com", stdin=lines)
    assert (found.returncode, found.stderr) == (1, b"")
    results = [json.loads(line) for line in found.stdout.decode().split("\n")[:-1]]
    assert [result["error"]["code"] for result in results] == ["unsupported_op", "bad_line", "unsupported_op"]
    assert [result["id"] for result in results] == [1, None, "\ud800"]
    for email, code in (("al@example.com", "inactive_person"), ("who@example.com", "unknown_person")):
        found = rep(home, "batch", "--as", email, stdin=lines)
        assert found.returncode == 1
        assert [json.loads(line)["error"]["code"] for line in found.stdout.splitlines()] == [code, "bad_line", code]
    assert rep(home, "batch", "--as", "ana@example.com").returncode == 0
    assert rep(home, "batch", "--as", "ana@example.com", "--at", "yesterday").returncode == 2


def test_a_database_of_another_version(home: Path) -> None:
    with sqlite3.connect(home / "register.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (("content", "list"), ("init",)):
        found = rep(home, *arguments)
        assert found.returncode == 1
        assert "newer program" in only_line(found.stderr)
    with sqlite3.connect(home / "register.db") as database:
        database.execute("DELETE FROM alembic_version")
    found = rep(home, "content", "list")
    assert found.returncode == 1
    assert f"rep init --home {home}" in only_line(found.stderr)


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough to be read as a header" * 100])
def test_a_damaged_database_is_one_line(home: Path, damage: bytes) -> None:
    for path in home.glob("register.db*"):
        path.write_bytes(damage)
    for arguments in (("content", "list"), ("doctor",)):
        found = rep(home, *arguments)
        assert found.returncode == 1
        assert len((found.stderr + found.stdout).splitlines()) == 1


def test_a_full_disk_leaves_nothing_half_written(home: Path, tmp_path: Path) -> None:
    content = folder(tmp_path / "content", "{file: a.md}", a_md=LABEL + "Text. " * 100_000)
    size = (home / "register.db").stat().st_size
    command = f'ulimit -f {size // 1024 + 40}; exec "{REP}" --home "{home}" content add "{content}"'
    found = subprocess.run(["bash", "-c", command], capture_output=True, timeout=100, check=False)
    assert found.returncode != 0
    assert len(found.stderr.splitlines()) <= 1
    assert json.loads(rep(home, "content", "list", "--all", "--json").stdout) == []
    (content / "a.md").write_text(LABEL)
    assert rep(home, "content", "add", content).returncode == 0


def test_a_second_writer_waits_and_is_told(home: Path, tmp_path: Path) -> None:
    code = (
        "import time; from pathlib import Path; from integrations.home import home_lock\n"
        f"with home_lock(Path({str(home)!r}), 'rep content add', 1): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([REP.with_name("python"), "-c", code], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    (tmp_path / "roster.yaml").write_text(ROSTER)
    found = rep(home, "people", "load", tmp_path / "roster.yaml", REP_LOCK_TIMEOUT_SECONDS="0.2")
    assert found.returncode == 1
    assert f"{home} is being written by process {holder.pid}, rep content add" in only_line(found.stderr)
    assert rep(home, "content", "list").returncode == 0, "reading goes on"
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert rep(home, "people", "load", tmp_path / "roster.yaml").returncode == 0


def test_damaged_indexes_are_made_anew(home: Path, tmp_path: Path) -> None:
    content = folder(tmp_path / "content", "{file: a.md}", a_md=LABEL)
    assert rep(home, "content", "add", content).returncode == 0
    (home / "words.db").write_bytes(b"garbage" * 1000)
    for path in home.glob("words.db-*"):
        path.unlink()
    found = rep_process(home, "doctor")
    assert found.returncode == 1
    assert "rep content reindex" in found.stdout.decode()
    assert rep_process(home, "content", "reindex").returncode == 0
    found = rep_process(home, "doctor", "--json")
    states = {check["check"]: check["state"] for check in json.loads(found.stdout)}
    assert (found.returncode, states["search"], states["content"]) == (0, "ok", "ok")
