"""From the paths a person names to the records of content.yaml that are about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import ContentFault
from knowledge.manifest import MANIFEST, Entry, Manifest, read_manifest


@dataclass(slots=True)
class Gathered:
    """Usable records, what is wrong with the others, files nobody approved, and the folders that were looked at."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[ContentFault] = field(default_factory=list)
    unapproved: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)


def gather(paths: Sequence[Path]) -> Gathered:
    """Read every content.yaml the paths lead to: a folder (and those below it), a manifest, or one file beside one."""
    gathered = Gathered()
    for path in dict.fromkeys(path.absolute() for path in paths):
        if path.is_dir():
            _gather_folder(path, gathered)
        elif path.name == MANIFEST and path.is_file():
            _gather_manifest(path, gathered)
        elif path.is_file():
            _gather_file(path, gathered)
        else:
            gathered.faults.append(ContentFault(str(path), "is not there; correct the path"))
    return gathered


def _gather_folder(folder: Path, gathered: Gathered) -> None:
    manifests = sorted(path for path in folder.rglob(MANIFEST) if path.is_file() and not _hidden(path, folder))
    if not manifests:
        what = f"has no {MANIFEST}; without approval facts none of its files is used"
        gathered.faults.append(ContentFault(str(folder), what))
    for manifest in manifests:
        _gather_manifest(manifest, gathered, [other for other in manifests if other != manifest])
    claimed = [path.parent for path in manifests]
    if manifests and folder not in claimed:
        gathered.unapproved += [path for path in _files(folder, claimed) if path not in gathered.unapproved]


def _gather_manifest(path: Path, gathered: Gathered, others: Iterable[Path] = ()) -> None:
    if path.parent in gathered.folders:
        return
    manifest = _take(path, gathered)
    gathered.folders.append(path.parent)
    gathered.entries += manifest.entries
    below = [other.parent for other in others if other.parent.is_relative_to(path.parent)]
    gathered.unapproved += [file for file in _files(path.parent, below) if file not in manifest.named]


def _gather_file(path: Path, gathered: Gathered) -> None:
    beside = path.parent / MANIFEST
    if not beside.is_file():
        gathered.faults.append(ContentFault(str(path), f"has no {MANIFEST} beside it; without one it is not used"))
        return
    manifest = _take(beside, gathered)
    found = [entry for entry in manifest.entries if entry.file == path]
    gathered.entries += found
    if path not in manifest.named:
        gathered.unapproved.append(path)


def _take(path: Path, gathered: Gathered) -> Manifest:
    manifest = read_manifest(path)
    known = {str(fault) for fault in gathered.faults}
    gathered.faults += [fault for fault in manifest.faults if str(fault) not in known]
    return manifest


def _files(folder: Path, except_below: Sequence[Path]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        elsewhere = any(path.is_relative_to(other) for other in except_below)
        if path.is_file() and path.name != MANIFEST and not elsewhere and not _hidden(path, folder):
            yield path


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
