"""What `rep content check` looks at: the folders content came from, the files in them, and the register beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from integrations.bootstrap import Assistant
from integrations.content.folders import Gathered, gather
from knowledge.errors import ContentFault
from knowledge.indexing import Progress
from knowledge.manifest import MANIFEST, Entry
from knowledge.models import ContentStatus, Document
from knowledge.readers import read


def check_content(assistant: Assistant, paths: Sequence[Path] | None, progress: Progress) -> list[ContentFault]:
    """Everything that is wrong, by place. Reads files that are not in the register yet; writes nothing."""
    tenant = assistant.settings.tenant
    gathered = gather(paths or assistant.documents.folders(tenant))
    held = assistant.documents.documents(tenant)
    unapproved = f"has no approval record in a {MANIFEST}; it is not used"
    faults = [*gathered.faults, *(ContentFault(str(path), unapproved) for path in gathered.unapproved)]
    for number, entry in enumerate(gathered.entries, start=1):
        faults += _check_entry(entry, held)
        progress("Checking", number, len(gathered.entries))
    if not paths:
        faults += _left_behind(gathered, held)
        if missing := assistant.index.missing():
            faults.append(ContentFault("index", f"lacks {missing} passages; finish it with: rep content reindex"))
    return faults


def _check_entry(entry: Entry, held: Sequence[Document]) -> list[ContentFault]:
    digest = hashlib.sha256(entry.file.read_bytes()).hexdigest()
    same_name = [
        document for document in held if entry.id in (None, document.id) and document.file_name == entry.file.name
    ]
    if any(document.sha256 == digest for document in same_name):
        return []
    for document in same_name:
        if entry.version == document.version:
            what = f"{entry.file.name} has changed since version {entry.version} was added; give it a new version"
            return [ContentFault(entry.place, what)]
    try:
        read(entry.file)
    except ContentFault as fault:
        return [ContentFault(entry.place, str(fault))]
    return [ContentFault(entry.place, f"{entry.file.name} is not in the register yet; add it with: rep content add")]


def _left_behind(gathered: Gathered, held: Sequence[Document]) -> list[ContentFault]:
    """Versions that are approved in the register although no record is about their file any more."""
    named = {entry.file.name for entry in gathered.entries}
    if gathered.faults:
        return []
    return [
        ContentFault(
            f"{document.id} {document.version}",
            f"is in the register, but no {MANIFEST} names {document.file_name} any more; "
            f"take it back with: rep content withdraw {document.id}",
        )
        for document in held
        if document.approval.status is ContentStatus.APPROVED and document.file_name not in named
    ]
