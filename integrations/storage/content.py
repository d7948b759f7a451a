"""The register's tables behind `DocumentRepository`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from assistant.ports import Clock
from integrations.storage.content_rows import (
    approval_columns,
    document_of,
    document_row,
    passage_of,
    passage_row,
    section_of,
    section_row,
)
from integrations.storage.database import Database
from integrations.storage.tables.content import content_folders, documents, passages, register_generations, sections
from knowledge.models import ContentStatus, Document, Passage, Scope, Section
from knowledge.validity import keys_in_scope

# Bound parameters in one statement; SQLite's default limit is 32,766 and PostgreSQL's 65,535.
_MANY = 900


class SqlDocumentRepository:
    """Document versions with their sections and passages, on SQLite or PostgreSQL.

    A tenant's documents are kept in memory, keyed by the register's generation, because the validity rule needs every
    version of every document and is one function (`knowledge.validity`), not a second copy of it in SQL.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[int, tuple[Document, ...]]] = {}

    def save(self, document: Document, sections_: Sequence[Section], passages_: Sequence[Passage]) -> None:
        """Write one document version with its sections and passages, replacing what was there; all or nothing."""
        with self._database.write() as connection:
            connection.execute(delete(documents).where(_is(document)))
            connection.execute(insert(documents), [{**document_row(document), "changed_at": self._clock.now()}])
            _insert(connection, sections, [section_row(document, section) for section in sections_])
            rows = [passage_row(document, position, passage) for position, passage in enumerate(passages_)]
            _insert(connection, passages, rows)
            _advance(connection, document.tenant)

    def update(self, document: Document) -> None:
        """Write the title and approval facts of a version that is held; its text stays."""
        changes = {"title": document.title, "file_name": document.file_name, **approval_columns(document.approval)}
        with self._database.write() as connection:
            connection.execute(update(documents).where(_is(document)).values(**changes, changed_at=self._clock.now()))
            _advance(connection, document.tenant)

    def versions(self, tenant: str, document_id: str) -> list[Document]:
        """Every version of one document, whatever its status."""
        statement = select(documents).where(documents.c.tenant_id == tenant, documents.c.document_id == document_id)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(documents.c.version)).mappings()
            return [document_of(row) for row in rows]

    def documents(self, tenant: str) -> list[Document]:
        """Every version of every document of a tenant, whatever its status."""
        return list(self._all(tenant))

    def tenants(self) -> list[str]:
        """Every tenant that holds a document."""
        with self._database.read() as connection:
            return list(connection.scalars(select(documents.c.tenant_id).distinct().order_by(documents.c.tenant_id)))

    def set_withdrawn(self, tenant: str, document_id: str) -> int:
        """Mark every version withdrawn, at once; returns how many changed."""
        withdrawn = ContentStatus.WITHDRAWN.value
        statement = update(documents).where(
            documents.c.tenant_id == tenant, documents.c.document_id == document_id, documents.c.status != withdrawn
        )
        with self._database.write() as connection:
            changed = connection.execute(statement.values(status=withdrawn, changed_at=self._clock.now())).rowcount
            if changed:
                _advance(connection, tenant)
        return changed

    def sections(self, document_key: str) -> list[Section]:
        """A document version's sections in reading order."""
        statement = select(sections).where(sections.c.document_key == document_key).order_by(sections.c.ordinal)
        with self._database.read() as connection:
            return [section_of(row) for row in connection.execute(statement).mappings()]

    def passages(self, document_keys: Sequence[str]) -> list[Passage]:
        """Passages of the given versions, in the order of the keys and then of reading."""
        statement = select(passages).order_by(passages.c.position)
        by_key: dict[str, list[Passage]] = {key: [] for key in document_keys}
        for row in self._of_documents(statement, list(by_key)):
            by_key[row["document_key"]].append(passage_of(row))
        return [passage for key in by_key for passage in by_key[key]]

    def passage_ids(self, document_keys: Sequence[str]) -> set[str]:
        """Ids of every passage of the given versions, without reading their text."""
        statement = select(passages.c.id, passages.c.document_key)
        return {row["id"] for row in self._of_documents(statement, list(dict.fromkeys(document_keys)))}

    def generation(self, tenant: str) -> int:
        """Grows with every change to the register; 0 before the first."""
        with self._database.read() as connection:
            return _generation(connection, tenant)

    def keys_in_scope(self, scope: Scope) -> list[str]:
        """Keys of versions valid in the scope at `scope.on`, by the one rule in `knowledge.validity`."""
        return keys_in_scope(self._all(scope.tenant), scope)

    def remember_folder(self, tenant: str, folder: Path) -> None:
        """Note a folder content was added from, for `rep content check`."""
        where = (content_folders.c.tenant_id == tenant, content_folders.c.path == str(folder))
        with self._database.write() as connection:
            if connection.execute(select(content_folders).where(*where)).first() is None:
                row = {"tenant_id": tenant, "path": str(folder), "added_at": self._clock.now()}
                connection.execute(insert(content_folders), [row])

    def folders(self, tenant: str) -> list[Path]:
        """Every folder content was added from."""
        statement = select(content_folders.c.path).where(content_folders.c.tenant_id == tenant)
        with self._database.read() as connection:
            return [Path(path) for path in connection.scalars(statement.order_by(content_folders.c.path))]

    def _all(self, tenant: str) -> tuple[Document, ...]:
        with self._database.read() as connection:
            generation = _generation(connection, tenant)
            known = self._known.get(tenant)
            if known is not None and known[0] == generation:
                return known[1]
            statement = select(documents).where(documents.c.tenant_id == tenant)
            rows = connection.execute(statement.order_by(documents.c.document_id, documents.c.version)).mappings()
            found = tuple(document_of(row) for row in rows)
        self._known[tenant] = (generation, found)
        return found

    def _of_documents(self, statement: Select[Any], keys: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        with self._database.read() as connection:
            for start in range(0, len(keys), _MANY):
                some = statement.where(passages.c.document_key.in_(keys[start : start + _MANY]))
                found += connection.execute(some).mappings()
        return found


def _is(document: Document) -> Any:
    return (documents.c.tenant_id == document.tenant) & (documents.c.key == document.key)


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _generation(connection: Connection, tenant: str) -> int:
    statement = select(register_generations.c.generation).where(register_generations.c.tenant_id == tenant)
    return connection.scalar(statement) or 0


def _advance(connection: Connection, tenant: str) -> None:
    counted = register_generations.c
    step = update(register_generations).where(counted.tenant_id == tenant).values(generation=counted.generation + 1)
    if not connection.execute(step).rowcount:
        connection.execute(insert(register_generations), [{"tenant_id": tenant, "generation": 1}])
