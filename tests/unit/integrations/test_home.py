"""The home: its settings, its lock, its clock and ids."""

from __future__ import annotations

import errno
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from assistant.errors import PermanentFault
from integrations.bootstrap import open_assistant
from integrations.clock import FixedClock, RandomIds, SystemClock, uuid7
from integrations.home import HomeBusy, HomeMissing, home_lock, storage_fault
from integrations.initialise import initialise
from integrations.settings import SettingsFault, load_settings


def test_settings_come_from_the_file_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('tenant = "acme"\n[embedding]\nmodel = "small"\n')
    settings = load_settings(tmp_path, {"REP_EMBEDDING_MODEL": "large", "REP_DATABASE_URL": "postgres://u:pw@h/n"})
    assert (settings.tenant, settings.embedding.model) == ("acme", "large")
    assert settings.database == "postgresql+psycopg://u:pw@h/n"
    assert "pw" not in repr(settings)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.database == f"sqlite:///{tmp_path}/register.db"
    assert settings.embedding.base_url is None


@pytest.mark.parametrize(
    ("text", "environ", "said"),
    [
        ("colour = 1", {}, "settings.toml: colour: no such setting"),
        ("[embedding]\ncolour = 1", {}, "settings.toml: embedding.colour: no such setting"),
        ("tenant = [", {}, "settings.toml: not readable as TOML"),
        ("", {"REP_LOCK_TIMEOUT_SECONDS": "soon"}, "REP_LOCK_TIMEOUT_SECONDS: lock_timeout_seconds:"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, environ: dict[str, str], said: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsFault) as fault:
        load_settings(tmp_path, environ)
    assert said in str(fault.value)


def test_a_home_is_made_once_and_opened(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    with pytest.raises(HomeMissing, match="rep init --home"):
        open_assistant(home)
    assert initialise(home) is True
    assert initialise(home) is False
    assistant = open_assistant(home, datetime(2026, 1, 1, tzinfo=UTC))
    assert assistant.clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert assistant.documents.documents("default") == []
    assistant.close()


def test_a_home_made_half_way_is_not_a_home(tmp_path: Path) -> None:
    initialise(tmp_path)
    (tmp_path / "settings.toml").unlink()
    with pytest.raises(HomeMissing):
        open_assistant(tmp_path)
    assert initialise(tmp_path) is True
    open_assistant(tmp_path).close()


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentFault, match=r"file/home: Not a directory"):
        initialise(tmp_path / "file" / "home")


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "x: ")]
)
def test_a_disk_says_what_is_wrong(number: int, said: str) -> None:
    assert said in str(storage_fault("x", OSError(number, "why")))


def test_a_second_writer_waits_then_is_told_who_holds_the_home(tmp_path: Path) -> None:
    with (
        home_lock(tmp_path, "rep content add", 1),
        pytest.raises(HomeBusy, match=r"process \d+, rep content add"),
        home_lock(tmp_path, "rep init", 0.1),
    ):
        pass
    with home_lock(tmp_path, "rep init", 0.1):
        pass


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from integrations.home import home_lock\n"
        f"with home_lock(Path({str(tmp_path)!r}), 'rep init', 1): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(HomeBusy), home_lock(tmp_path, "rep init", 0.1):
        pass
    process.kill()
    process.wait()
    process.stdout.close()
    with home_lock(tmp_path, "rep init", 1):
        pass


def test_clocks_and_ids() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert FixedClock(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))).now() == datetime(
        2026, 1, 1, tzinfo=UTC
    )
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 1, 1))
    assert uuid7(0x0123456789AB, b"\xff" * 10) == "01234567-89ab-7fff-bfff-ffffffffffff"
    ids = [RandomIds().new() for _ in range(50)]
    assert len(set(ids)) == 50
    assert {UUID(found).version for found in ids} == {7}
