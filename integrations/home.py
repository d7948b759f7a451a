"""The home directory: where its files stand, and the lock that lets one process write at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from assistant.errors import BadRequest, Conflict, PermanentFault

LOCK_FILE = "lock"
MARKER = "settings.toml"


class HomeBusy(Conflict):
    """Another process is writing to this home."""

    code = "home_busy"


class HomeMissing(BadRequest):
    """There is no home at that place."""

    code = "no_home"


def default_home() -> Path:
    """`REP_HOME`, else `~/.rep`."""
    return Path(os.environ.get("REP_HOME") or Path.home() / ".rep").expanduser()


def require_home(home: Path) -> None:
    """Raise HomeMissing, with the command that makes one, unless `home` was initialised."""
    if not (home / MARKER).is_file():
        raise HomeMissing(f"{home} is not a home yet; make one with: rep init --home {home}")


@contextmanager
def home_lock(home: Path, purpose: str, timeout: float) -> Iterator[None]:
    """Hold the home for writing; waits up to `timeout` seconds, then says who holds it.

    The lock is the operating system's, so it ends with its process however that dies.
    """
    with _open_lock(home / LOCK_FILE) as file:
        _wait_for(file, home, timeout)
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}, {purpose}")
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()


def _open_lock(path: Path) -> IO[str]:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as fault:
        raise storage_fault(path.parent, fault) from fault


def _wait_for(file: IO[str], home: Path, timeout: float) -> None:
    until = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                file.seek(0)
                holder = file.read().strip() or "another process"
                raise HomeBusy(
                    f"{home} is being written by {holder}; waited {timeout:g} s. Try again when it is done"
                ) from None
            time.sleep(0.05)
        else:
            return


def storage_fault(place: Path | str, fault: OSError) -> PermanentFault:
    """A disk's refusal in one line a person can act on."""
    if fault.errno == errno.ENOSPC:
        return PermanentFault(f"{place}: the disk is full; nothing was half-written. Free some space and run it again")
    if fault.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return PermanentFault(
            f"{place}: cannot be written (read-only or not yours). Change its permissions or use --home"
        )
    return PermanentFault(f"{place}: {fault.strerror or fault}")
