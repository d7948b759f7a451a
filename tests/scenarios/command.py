"""The real `rep` command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def rep(
    home: Path, *arguments: str | Path, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run one command on a home to its end."""
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
