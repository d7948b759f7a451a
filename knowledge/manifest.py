"""content.yaml: the approval facts of the files beside it. Every problem is found, named by line; the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.errors import ContentFault
from knowledge.manifest_schema import ManifestEntry
from knowledge.marked_yaml import MarkedYaml, read_marked, records
from knowledge.models import Approval
from knowledge.problems import problems

MANIFEST = "content.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One usable document record: the file it is about, what it says of it, and where it stands."""

    place: str
    file: Path
    id: str | None
    version: str | None
    title: str | None
    approval: Approval


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a content.yaml says: usable records, and a fault for each thing that is wrong.

    `named` holds every file some record is about, also records that are not usable.
    """

    path: Path
    entries: tuple[Entry, ...]
    faults: tuple[ContentFault, ...]
    named: frozenset[Path]


def read_manifest(path: Path) -> Manifest:
    """Read one content.yaml. Never raises for what is wrong in it."""
    try:
        marked = read_marked(path)
        listed = records(marked, "documents", {"defaults": dict})
        defaults = marked.value.get("defaults") or {}
        if not isinstance(defaults, dict):
            raise marked.fault(("defaults",), "defaults: must be fields and values")
    except ContentFault as fault:
        return Manifest(path, (), (fault,), frozenset())
    return _Checking(marked, defaults).manifest(listed)


class _Checking:
    """Goes through the records of one file, keeping the good ones and naming what is wrong with the others."""

    def __init__(self, marked: MarkedYaml, defaults: dict[str, Any]) -> None:
        self._marked = marked
        self._defaults = defaults
        self._folder = marked.path.parent
        self._faults: dict[str, ContentFault] = {}
        self._seen: dict[tuple[str, str], str] = {}

    def manifest(self, listed: list[Any]) -> Manifest:
        self._unknown_defaults()
        entries = [self._entry(position, raw) for position, raw in enumerate(listed)]
        named = {
            self._folder / raw["file"] for raw in listed if isinstance(raw, dict) and isinstance(raw.get("file"), str)
        }
        usable = tuple(entry for entry in entries if entry is not None)
        return Manifest(self._marked.path, usable, tuple(self._faults.values()), frozenset(named))

    def _unknown_defaults(self) -> None:
        for key in list(self._defaults):
            if key not in ManifestEntry.model_fields:
                known = ", ".join(sorted(ManifestEntry.model_fields))
                self._note(self._marked.fault(("defaults", key), f"{key}: no such field; there is: {known}"))
                del self._defaults[key]

    def _entry(self, position: int, raw: Any) -> Entry | None:
        here = ("documents", position)
        if not isinstance(raw, dict):
            self._note(self._marked.fault(here, "a document must be fields and values, starting with file:"))
            return None
        try:
            record = ManifestEntry.model_validate({**self._defaults, **raw})
        except ValidationError as fault:
            for name, what in problems(fault, ManifestEntry):
                inherited = name in self._defaults and name not in raw
                self._note(self._marked.fault(("defaults", name) if inherited else (*here, name), what))
            return None
        return self._usable(here, record)

    def _usable(self, here: tuple[str | int, ...], record: ManifestEntry) -> Entry | None:
        file = self._folder / record.file
        if not file.resolve().is_relative_to(self._folder.resolve()):
            self._note(self._marked.fault((*here, "file"), f"file: {record.file!r} lies outside this folder"))
            return None
        if not file.is_file():
            self._note(self._marked.fault((*here, "file"), f"file: {record.file!r} is not there; correct the name"))
            return None
        if record.id and record.version:
            identity = (record.id.lower(), record.version)
            if (first := self._seen.setdefault(identity, self._marked.where(here))) != self._marked.where(here):
                what = f"{record.id} version {record.version} stands already at {first}; give one of them another"
                self._note(self._marked.fault(here, what))
                return None
        return Entry(
            place=self._marked.where((*here, "file")),
            file=file,
            id=record.id.lower() if record.id else None,
            version=record.version,
            title=record.title,
            approval=_approval(record),
        )

    def _note(self, fault: ContentFault) -> None:
        self._faults.setdefault(str(fault), fault)


def _approval(record: ManifestEntry) -> Approval:
    return Approval(
        status=record.status,
        approval_id=record.approval_id or "",
        markets=frozenset(record.market),
        language=record.language,
        audiences=frozenset(record.audience),
        uses=frozenset(record.use),
        type=record.type,
        products=frozenset(record.products),
        effective_from=record.effective_from,
        expires_on=record.expires_on,
        supersedes=record.supersedes.lower() if record.supersedes else None,
    )
