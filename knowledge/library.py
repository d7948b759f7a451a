"""The register: files and their approval facts in, document versions out. SQL is the truth, the indexes follow it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid5

from knowledge.errors import ContentFault
from knowledge.indexing import IndexService, Progress, indexing_facts, silent
from knowledge.manifest import Entry
from knowledge.models import ContentStatus, Document, Passage, ReadFile, Section
from knowledge.passages import passages as cut_into_passages
from knowledge.ports import DocumentRepository
from knowledge.readers import read

DEFAULT_VERSION = "1"
_LONGEST_TITLE = 300
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_KEYS = UUID("6f1c7c52-0f0e-5c1b-9d4e-2f7f6f0f3a11")


class Added(StrEnum):
    """What became of one record of content.yaml."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STAYS_WITHDRAWN = "stays withdrawn"


@dataclass(slots=True)
class AddReport:
    """What an add did: each record's outcome with its document, and what could not be used."""

    done: list[tuple[Added, Document]] = field(default_factory=list)
    faults: list[ContentFault] = field(default_factory=list)

    def count(self, outcome: Added) -> int:
        """How many records had this outcome."""
        return sum(1 for done, _ in self.done if done is outcome)


def document_key(tenant: str, document_id: str, version: str) -> str:
    """The key of a version: the same for the same tenant, id and version, so that a repeated add meets itself."""
    return str(uuid5(_KEYS, "\x1f".join((tenant, document_id, version))))


class _Run:
    """One add: what the register held when it began, and which versions its records have named so far."""

    def __init__(self, tenant: str, held: Iterable[Document]) -> None:
        self.tenant = tenant
        self._held: dict[str, list[Document]] = {}
        self._taken: dict[str, str] = {}
        for document in held:
            self._held.setdefault(document.sha256, []).append(document)

    def known(self, entry: Entry, digest: str) -> Document | None:
        """The version this record's file already is in the register, if it was added before and needs no reading."""
        for held in self._held.get(digest, []):
            same_id = held.id == entry.id if entry.id else held.file_name == entry.file.name
            if same_id and entry.version in (None, held.version):
                return held
        return None

    def take(self, document: Document, entry: Entry) -> None:
        """Note that a record is about this version. Raises ContentFault when another record already was."""
        if (first := self._taken.setdefault(document.key, entry.place)) != entry.place:
            what = f"{document.id} version {document.version} stands already at {first}; give one of them another"
            raise ContentFault(entry.place, what)


class LibraryService:
    """Adds and withdraws. Every step can be repeated: a run that was killed is finished by the next one."""

    def __init__(
        self,
        documents: DocumentRepository,
        index: IndexService,
        *,
        read_file: Callable[[Path], ReadFile] = read,
        cut: Callable[[str, Iterable[Section]], list[Passage]] = cut_into_passages,
    ) -> None:
        self._documents = documents
        self._index = index
        self._read_file = read_file
        self._cut = cut

    def add(
        self, tenant: str, entries: Sequence[Entry], *, reread: bool = False, progress: Progress = silent
    ) -> AddReport:
        """Bring the register and the indexes to what the records say. A faulty file is reported; the rest goes on.

        `reread` reads files again whose bytes are known, after the readers have changed.
        """
        report = AddReport()
        run = _Run(tenant, [] if reread else self._documents.documents(tenant))
        for number, entry in enumerate(entries, start=1):
            try:
                report.done.append(self._add(run, entry))
            except ContentFault as fault:
                report.faults.append(_placed(fault, entry))
            progress("Reading", number, len(entries))
        self._index.reconcile(progress)
        return report

    def withdraw(self, tenant: str, document_id: str) -> int:
        """Take every version of a document back, at once; returns how many were not withdrawn before.

        Nobody is shown it from the moment the register says so; the indexes are cleared after that.
        """
        changed = self._documents.set_withdrawn(tenant, document_id.lower())
        if changed:
            self._index.reconcile()
        return changed

    def _add(self, run: _Run, entry: Entry) -> tuple[Added, Document]:
        digest = _digest(entry)
        held = run.known(entry, digest)
        if held is None:
            document, text = self._document(run.tenant, entry, digest)
        else:
            document, text = replace(held, title=entry.title or held.title, approval=entry.approval), None
        run.take(document, entry)
        return self._store(document, text, entry)

    def _document(self, tenant: str, entry: Entry, digest: str) -> tuple[Document, ReadFile]:
        text = self._read_file(entry.file)
        if not any(section.text.strip() for section in text.sections):
            raise ContentFault(entry.file.name, "holds no text; a scanned file needs its text recognised first")
        if any(_NO_TEXT.search(section.text) for section in text.sections):
            raise ContentFault(entry.file.name, "holds NULs or broken characters; save it again from its source")
        document_id = (entry.id or text.document_id or entry.file.name).lower()
        version = entry.version or text.version or DEFAULT_VERSION
        document = Document(
            key=document_key(tenant, document_id, version),
            tenant=tenant,
            id=document_id,
            version=version,
            title=_short(entry.title or text.title or entry.file.name),
            file_name=entry.file.name,
            sha256=digest,
            approval=entry.approval,
            names=text.names,
        )
        return document, text

    def _store(self, document: Document, text: ReadFile | None, entry: Entry) -> tuple[Added, Document]:
        versions = self._documents.versions(document.tenant, document.id)
        held = next((version for version in versions if version.key == document.key), None)
        if held is None:
            assert text is not None
            self._save(document, text)
            return Added.NEW, document
        if held.sha256 != document.sha256:
            raise ContentFault(
                entry.place,
                f"{document.id} version {document.version} is in the register with other bytes; a changed file needs "
                "a new version",
            )
        if _stays_withdrawn(held, document):
            return Added.STAYS_WITHDRAWN, held
        if text is not None or indexing_facts(held) != indexing_facts(document):
            self._index.forget([document.key])
        if text is not None:
            self._save(document, text)
        elif held != document:
            self._documents.update(document)
        return (Added.UNCHANGED if held == document else Added.UPDATED), document

    def _save(self, document: Document, text: ReadFile) -> None:
        self._documents.save(document, text.sections, self._cut(document.key, text.sections))


def _stays_withdrawn(held: Document, document: Document) -> bool:
    """A withdrawn version comes back only under a new approval; adding its folder again must not undo a withdrawal."""
    return (
        held.approval.status is ContentStatus.WITHDRAWN
        and document.approval.status is not ContentStatus.WITHDRAWN
        and held.approval.approval_id == document.approval.approval_id
    )


def _short(title: str) -> str:
    """A title on one line; some labels have a whole paragraph there."""
    line = " ".join(title.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1] + "…"


def _digest(entry: Entry) -> str:
    try:
        with entry.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise ContentFault(entry.place, f"{entry.file.name} cannot be read ({fault.strerror})") from None


def _placed(fault: ContentFault, entry: Entry) -> ContentFault:
    """The fault with the line of content.yaml in front, when the reader only knew the file."""
    return fault if fault.place == entry.place else ContentFault(entry.place, str(fault))
