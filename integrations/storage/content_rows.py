"""Documents, sections and passages to rows and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping

from knowledge.models import (
    Approval,
    Audience,
    Block,
    BlockKind,
    Box,
    ContentStatus,
    Document,
    DocumentType,
    Passage,
    PermittedUse,
    Section,
    SectionKind,
)

Row = dict[str, Any]


def document_row(document: Document) -> Row:
    """One row of `documents`, without `changed_at`."""
    return {
        "key": document.key,
        "tenant_id": document.tenant,
        "document_id": document.id,
        "version": document.version,
        "title": document.title,
        "file_name": document.file_name,
        "sha256": document.sha256,
        "names": list(document.names),
        **approval_columns(document.approval),
    }


def approval_columns(approval: Approval) -> Row:
    """The columns that hold approval facts; sets in a stable order, so that equal facts make equal rows."""
    return {
        "status": approval.status.value,
        "approval_id": approval.approval_id,
        "markets": sorted(approval.markets),
        "language": approval.language,
        "audiences": sorted(approval.audiences),
        "uses": sorted(approval.uses),
        "type": approval.type.value,
        "products": sorted(approval.products),
        "effective_from": approval.effective_from,
        "expires_on": approval.expires_on,
        "supersedes": approval.supersedes,
    }


def document_of(row: RowMapping) -> Document:
    """The document version a row of `documents` holds."""
    approval = Approval(
        status=ContentStatus(row["status"]),
        approval_id=row["approval_id"],
        markets=frozenset(row["markets"]),
        language=row["language"],
        audiences=frozenset(map(Audience, row["audiences"])),
        uses=frozenset(map(PermittedUse, row["uses"])),
        type=DocumentType(row["type"]),
        products=frozenset(row["products"]),
        effective_from=row["effective_from"],
        expires_on=row["expires_on"],
        supersedes=row["supersedes"],
    )
    return Document(
        key=row["key"],
        tenant=row["tenant_id"],
        id=row["document_id"],
        version=row["version"],
        title=row["title"],
        file_name=row["file_name"],
        sha256=row["sha256"],
        approval=approval,
        names=tuple(row["names"]),
    )


def section_row(document: Document, section: Section) -> Row:
    """One row of `sections`."""
    return {
        "document_key": document.key,
        "ordinal": section.ordinal,
        "tenant_id": document.tenant,
        "number": section.number,
        "title": section.title,
        "path": list(section.path),
        "kind": section.kind.value,
        "text": section.text,
        "blocks": _packed(section.blocks),
        "code": section.code,
        "page": section.page,
    }


def section_of(row: RowMapping) -> Section:
    """The section a row holds."""
    return Section(
        ordinal=row["ordinal"],
        number=row["number"],
        title=row["title"],
        path=tuple(row["path"]),
        kind=SectionKind(row["kind"]),
        text=row["text"],
        blocks=_unpacked(row["blocks"]),
        code=row["code"],
        page=row["page"],
    )


def passage_row(document: Document, position: int, passage: Passage) -> Row:
    """One row of `passages`; `position` keeps the reading order."""
    return {
        "id": passage.id,
        "tenant_id": document.tenant,
        "document_key": passage.document_key,
        "position": position,
        "section_ordinal": passage.section_ordinal,
        "number": passage.number,
        "title": passage.title,
        "path": list(passage.path),
        "kind": passage.kind.value,
        "text": passage.text,
        "start_at": passage.start,
        "end_at": passage.end,
        "blocks": _packed(passage.blocks),
        "context": passage.context,
        "page": passage.page,
        "box": _packed_box(passage.box),
    }


def passage_of(row: RowMapping) -> Passage:
    """The passage a row holds."""
    return Passage(
        id=row["id"],
        document_key=row["document_key"],
        section_ordinal=row["section_ordinal"],
        number=row["number"],
        title=row["title"],
        path=tuple(row["path"]),
        kind=SectionKind(row["kind"]),
        text=row["text"],
        start=row["start_at"],
        end=row["end_at"],
        blocks=_unpacked(row["blocks"]),
        context=row["context"],
        page=row["page"],
        box=_unpacked_box(row["box"]),
    )


def _packed(blocks: Sequence[Block]) -> list[list[Any]]:
    # Lists instead of objects: a label has thousands of blocks, and they are read on the way to every answer.
    return [[block.kind.value, block.start, block.end, block.header, _packed_box(block.box)] for block in blocks]


def _unpacked(rows: Sequence[Sequence[Any]]) -> tuple[Block, ...]:
    return tuple(
        Block(BlockKind(kind), start, end, header, _unpacked_box(box)) for kind, start, end, header, box in rows
    )


def _packed_box(box: Box | None) -> list[float] | None:
    return None if box is None else [box.page, box.left, box.top, box.right, box.bottom]


def _unpacked_box(values: Sequence[Any] | None) -> Box | None:
    return None if values is None else Box(int(values[0]), *values[1:])
