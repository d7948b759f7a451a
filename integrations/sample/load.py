"""Write the sample company as ordinary files, with real dates, for the ordinary commands to load."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from integrations.sample.dates import day, is_offset, moment

DATA = Path(__file__).resolve().parent
CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "sample"
OFFSETS = "content.offsets.yaml"
RECORDS = ("customers.jsonl", "interactions.jsonl", "visits.jsonl")
_MOMENTS = {"at": "author", "starts_at": "rep"}
_NO_ZONE = "America/New_York"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SamplePaths:
    """What was written: for `rep content add`, `rep people load` and `rep customers load`, in this order."""

    content: Path
    roster: Path
    customers: tuple[Path, ...]


def materialise(target: Path, today: date) -> SamplePaths:
    """Write the sample under `target` as of `today`, replacing an earlier one. The same day gives the same bytes."""
    content = target / "content"
    content.mkdir(parents=True, exist_ok=True)
    manifest = yaml.safe_load((CONTENT / OFFSETS).read_text(encoding="utf-8"))
    for entry in manifest["documents"]:
        shutil.copyfile(CONTENT / entry["file"], content / entry["file"])
    dated = yaml.safe_dump(_dated(manifest, today), allow_unicode=True, sort_keys=False, width=120)
    (content / "content.yaml").write_text(dated, encoding="utf-8")
    roster = Path(shutil.copyfile(DATA / "roster.yaml", target / "roster.yaml"))
    zones = _zones(roster)
    return SamplePaths(content, roster, tuple(_write_records(target, name, today, zones) for name in RECORDS))


def _dated(value: Any, today: date) -> Any:
    """`value` with every offset in it, at any depth, replaced by its day."""
    if isinstance(value, dict):
        return {key: _dated(held, today) for key, held in value.items()}
    if isinstance(value, list):
        return [_dated(held, today) for held in value]
    return day(value, today) if is_offset(value) else value


def _zones(roster: Path) -> dict[str, str]:
    people = yaml.safe_load(roster.read_text(encoding="utf-8"))["people"]
    return {person["name"]: person.get("timezone", _NO_ZONE) for person in people}


def _write_records(target: Path, name: str, today: date, zones: Mapping[str, str]) -> Path:
    path = target / name
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for record in _read(DATA / name):
            lines.write(json.dumps(_resolved(record, today, zones), ensure_ascii=False, default=_iso) + "\n")
    return path


def _resolved(record: Record, today: date, zones: Mapping[str, str]) -> Record:
    """A moment is told in the zone of whoever was there; every other offset is a day."""
    moments = {
        key: moment(record[key], today, zones.get(record[person], _NO_ZONE))
        for key, person in _MOMENTS.items()
        if key in record
    }
    resolved: Record = _dated({key: value for key, value in record.items() if key not in moments}, today)
    return {key: moments.get(key, resolved.get(key)) for key in record}


def _read(path: Path) -> Iterator[Record]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _iso(value: date | datetime) -> str:
    return value.isoformat()
