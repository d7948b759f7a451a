"""Documents as people and scripts see them in `rep content list` and `show`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from knowledge.models import ContentStatus, Document, Section
from knowledge.validity import in_effect, is_newer, standing

NOT_YET = "not yet in effect"


def listing(documents: Sequence[Document], on: datetime, *, valid_only: bool) -> list[dict[str, Any]]:
    """A row for every version, or for those valid in one of their markets at a moment."""
    related: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        related[document.id].append(document)
        if document.approval.supersedes:
            related[document.approval.supersedes].append(document)
    rows = [_row(document, related[document.id], on) for document in documents]
    return [row for row in rows if not valid_only or row["status"] == ContentStatus.APPROVED.value]


def described(
    document: Document, versions: Sequence[Document], sections: Sequence[Section], on: datetime
) -> dict[str, Any]:
    """Everything the register holds of a version."""
    return {
        **_row(document, versions, on),
        "declared": document.approval.status.value,
        "versions": [version.version for version in versions],
        "file": document.file_name,
        "sha256": document.sha256,
        "sections": [
            {
                "number": section.number,
                "title": section.title,
                "path": list(section.path),
                "kind": section.kind.value,
                "page": section.page,
                "text": section.text,
            }
            for section in sections
        ],
    }


def described_text(seen: dict[str, Any]) -> str:
    """The same for reading: facts first, then the text under its headings."""
    facts = {name: value for name, value in seen.items() if name not in ("declared", "sha256", "sections") and value}
    lines = [f"{name.replace('_', ' ')}: {_said(value)}" for name, value in facts.items()]
    for section in seen["sections"]:
        heading = " ".join(part for part in (section["number"], section["title"]) if part)
        lines += ["", heading or " > ".join(section["path"]) or "(untitled)", section["text"]]
    return "\n".join(lines)


def newest(documents: Iterable[Document]) -> Document:
    """The newest of several versions."""

    def order(one: Document, other: Document) -> int:
        return is_newer(one, other) - is_newer(other, one)

    return max(documents, key=cmp_to_key(order))


def status_of(document: Document, versions: Iterable[Document], on: datetime) -> str:
    """One word for where a version stands: valid in one of its markets, else what it is in the first."""
    versions = list(versions)
    found = []
    for market in sorted(document.approval.markets):
        stands = standing(document, versions, market, on)
        waits = stands is ContentStatus.APPROVED and not in_effect(document, market, on)
        found.append(NOT_YET if waits else stands.value)
    return ContentStatus.APPROVED.value if ContentStatus.APPROVED.value in found else found[0]


def _row(document: Document, versions: Iterable[Document], on: datetime) -> dict[str, Any]:
    approval = document.approval
    return {
        "id": document.id,
        "version": document.version,
        "status": status_of(document, versions, on),
        "title": document.title,
        "type": approval.type.value,
        "products": sorted(approval.products),
        "markets": sorted(approval.markets),
        "language": approval.language,
        "audience": sorted(approval.audiences),
        "use": sorted(approval.uses),
        "approval_id": approval.approval_id,
        "effective_from": approval.effective_from.isoformat(),
        "expires_on": approval.expires_on.isoformat(),
        "supersedes": approval.supersedes,
    }


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
