"""The `rep` command as a person or a script meets it, in this process or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from integrations.cli import run

REP = Path(sys.executable).with_name("rep")

MANIFEST = """\
defaults:
  status: approved
  market: US
  language: en
  audience: [rep]
  type: label
  approval_id: MLR-1
  products: [Velmora]
  effective_from: 2026-01-01
  expires_on: 2027-12-31
documents:
"""

ROSTER = """\
people:
  - {id: p1, name: Ana Ruiz, email: ana@example.com, role: rep, market: US, products: [Velmora], territories: [T]}
  - {id: p2, name: Al Past, email: al@example.com, role: rep, market: US, products: [], territories: [], active: false}
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


def rep(home: Path, *arguments: str | Path, stdin: bytes = b"", **environment: str) -> Done:
    """Run one command in this process: in one of its own each would load everything anew."""
    said, complained = io.BytesIO(), io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
        "stdout": io.TextIOWrapper(said, encoding="utf-8"),
        "stderr": io.TextIOWrapper(complained, encoding="utf-8"),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        code = run(["--home", str(home), *map(str, arguments)])
        for stream in streams.values():
            stream.flush()
    return Done(code, said.getvalue(), complained.getvalue())


def rep_process(
    home: Path, *arguments: str | Path, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run one command to its end in a process of its own, for what a process shows: exit code, signals, the disk."""
    return subprocess.run(
        [REP, "--home", home, *arguments],
        input=stdin,
        capture_output=True,
        timeout=100,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        check=False,
    )


def folder(path: Path, *records: str, **files: str) -> Path:
    """A content folder with a manifest of these records and files named by keyword (a_md is a.md)."""
    path.mkdir(exist_ok=True)
    (path / "content.yaml").write_text(MANIFEST + "".join(f"  - {record}\n" for record in records))
    for name, text in files.items():
        (path / name.replace("_", ".")).write_text(text)
    return path
