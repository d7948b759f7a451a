"""Tables of the register: document versions with their approval facts, sections, passages, and where they came from."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from integrations.storage.tables.base import UtcDateTime, id_column, metadata, tenant_column

documents = Table(
    "documents",
    metadata,
    id_column("key"),
    tenant_column(),
    Column("document_id", String(255), nullable=False),
    Column("version", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("names", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("approval_id", String(255), nullable=False),
    Column("markets", JSON, nullable=False),
    Column("language", String(35), nullable=False),
    Column("audiences", JSON, nullable=False),
    Column("uses", JSON, nullable=False),
    Column("type", String(32), nullable=False),
    Column("products", JSON, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("supersedes", String(255), nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("tenant_id", "document_id", "version"),
)

sections = Table(
    "sections",
    metadata,
    Column("document_key", ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    tenant_column(),
    Column("number", String(64), nullable=True),
    Column("title", Text, nullable=False),
    Column("path", JSON, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("code", String(64), nullable=True),
    Column("page", Integer, nullable=True),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(128), primary_key=True),
    tenant_column(),
    Column("document_key", ForeignKey("documents.key", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("section_ordinal", Integer, nullable=False),
    Column("number", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("path", JSON, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("start_at", Integer, nullable=False),
    Column("end_at", Integer, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("context", Text, nullable=False),
    Column("page", Integer, nullable=True),
    Column("box", JSON, nullable=True),
    Index("ix_passages_document_key_position", "document_key", "position"),
)

register_generations = Table(
    "register_generations",
    metadata,
    tenant_column(primary_key=True),
    Column("generation", BigInteger, nullable=False),
)

content_folders = Table(
    "content_folders",
    metadata,
    tenant_column(primary_key=True),
    Column("path", String(1024), primary_key=True),
    Column("added_at", UtcDateTime, nullable=False),
)
