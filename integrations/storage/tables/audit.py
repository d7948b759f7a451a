"""Tables of the audit chain: events that can only be added, erasable texts beside them, the chain's head a tenant."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from integrations.storage.tables.base import UtcDateTime, id_column, metadata, tenant_column

audit_events = Table(
    "audit_events",
    metadata,
    id_column(),
    tenant_column(),
    Column("sequence", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(320), nullable=False),
    Column("actor_role", String(32), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("digests", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("tenant_id", "sequence"),
    Index("ix_audit_events_tenant_id_subject", "tenant_id", "subject"),
    Index("ix_audit_events_tenant_id_hash", "tenant_id", "hash"),
)

audit_texts = Table(
    "audit_texts",
    metadata,
    Column("event_id", ForeignKey("audit_events.id"), primary_key=True),
    Column("name", String(64), primary_key=True),
    tenant_column(),
    Column("text", Text, nullable=True),
    Column("salt", String(64), nullable=True),
    Column("erased_at", UtcDateTime, nullable=True),
    Column("erased_by", String(320), nullable=False),
    Column("erased_why", Text, nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    tenant_column(primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
