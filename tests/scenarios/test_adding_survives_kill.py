"""SIGKILL before every step of `rep content add`: the next run finishes it, nothing is half there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.command import folder, rep

LONG = "\n\n".join(f"## {number} Part {number}\n\n" + f"Take {number} mg daily. " * 60 for number in range(1, 9))
FIRST = ("{file: a.md}", '{file: b.md, id: VEL-B, version: "1"}', "{file: c.md}")
# The next day: a newer version of one, another withdrawn, the third as it was.
SECOND = ("{file: a.md}", '{file: b2.md, id: VEL-B, version: "2"}', "{file: c.md, status: withdrawn}")


def deaths(home: Path, content: Path, scratch: Path) -> list[dict[str, Any]]:
    scratch.mkdir()
    command = [sys.executable, "-m", "tests.scenarios.content_worker", home, content, scratch]
    found = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert found.returncode == 0, found.stderr.decode()
    return [json.loads(line) for line in found.stdout.splitlines()]


def add_whole(home: Path, content: Path) -> None:
    """In a process of its own, so that nothing of the home stays open here while it is copied."""
    code = "import sys; from pathlib import Path; from tests.scenarios import content_worker as worker; "
    code += "worker.add(*map(Path, sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", code, home, content, home.with_name("steps.txt")], timeout=100, check=True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_add_is_finished_by_the_next(tmp_path: Path) -> None:
    home, content = tmp_path / "home", tmp_path / "content"
    assert rep(home, "init").returncode == 0
    folder(content, *FIRST, a_md="# A\n\n" + LONG, b_md="# B\n\n" + LONG, c_md="# C\n\nTake one tablet.\n")
    whole, *killed = deaths(home, content, tmp_path / "first")
    assert {"documents.save", "word_index.upsert", "embedder.embed_parted"} <= {one["died_before"] for one in killed}
    assert {"quote_index.upsert", "passage_index.upsert"} <= {one["died_before"] for one in killed}
    hold(whole, killed, versions=3)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_change_is_finished_by_the_next(tmp_path: Path) -> None:
    home, content = tmp_path / "home", tmp_path / "content"
    assert rep(home, "init").returncode == 0
    folder(content, *FIRST, a_md="# A\n\n" + LONG, b_md="# B\n\n" + LONG, c_md="# C\n\nTake one tablet.\n")
    add_whole(home, content)
    folder(content, *SECOND)
    (content / "b.md").unlink()
    (content / "b2.md").write_text("# B\n\n" + LONG.replace("daily", "weekly"))
    whole, *killed = deaths(home, content, tmp_path / "second")
    assert {"documents.update", "passage_index.delete"} <= {one["died_before"] for one in killed}
    hold(whole, killed, versions=4)


def hold(whole: dict[str, Any], killed: list[dict[str, Any]], versions: int) -> None:
    assert len(whole["versions"]) == versions
    assert whole["passages"] > versions
    assert whole["whole"] == [True, True, True]
    for one in killed:
        assert {**one, "died_before": None} == whole, one["died_before"]
