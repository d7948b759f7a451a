"""Sets of records: those shipped with the scorers, and JSON lines read from a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.errors import BadRequest

SETS = Path(__file__).resolve().parent / "data"


def read_records(path: Path, required: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Each line that is not blank, as an object with the required fields. Raises BadRequest naming file and line."""
    if not path.is_file():
        raise BadRequest(f"{path} is not there; name a file of records with --data")
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            yield _record(f"{path}:{number}", line, required)


def _record(place: str, line: str, required: Iterable[str]) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as fault:
        raise BadRequest(f"{place}: not JSON ({fault})") from None
    if not isinstance(record, dict):
        raise BadRequest(f"{place}: not an object")
    if missing := [name for name in required if name not in record]:
        raise BadRequest(f"{place}: without {', '.join(missing)}")
    return record
