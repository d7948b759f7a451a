"""Tables of referrals: the matter and its clock, erasable words, history, attempts, notices, inbound messages."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from integrations.storage.tables.base import UtcDateTime, id_column, metadata, tenant_column

referrals = Table(
    "referrals",
    metadata,
    id_column(),
    tenant_column(),
    Column("reference", String(24), nullable=False),
    Column("type", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("status", String(16), nullable=False),
    Column("sender_id", String(320), nullable=False),
    Column("sender_role", String(32), nullable=True),
    Column("sender_timezone", String(64), nullable=False),
    Column("sender_manager", String(128), nullable=True),
    Column("market", String(8), nullable=False),
    Column("target", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("day_zero", UtcDateTime, nullable=False),
    Column("first_heard_at", UtcDateTime, nullable=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("answer_due_at", UtcDateTime, nullable=True),
    Column("why", Text, nullable=False),
    Column("missing", JSON, nullable=False),
    Column("special_situation", String(40), nullable=True),
    Column("internal", Boolean, nullable=False),
    Column("customer_id", String(128), nullable=True),
    Column("content", JSON, nullable=False),
    Column("acknowledged_by", String(128), nullable=True),
    Column("receipt", Text, nullable=True),
    Column("dead_letter", Text, nullable=True),
    Column("closed_at", UtcDateTime, nullable=True),
    Column("closed_by", String(128), nullable=True),
    Column("closed_reason", String(32), nullable=True),
    Column("closed_sampled", Boolean, nullable=True),
    Column("closed_note", Text, nullable=True),
    Column("original_id", String(36), nullable=True),
    Column("revision", Integer, nullable=False),
    Column("sent_revision", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "key"),
    UniqueConstraint("tenant_id", "reference"),
    Index("ix_referrals_tenant_id_status_due_at", "tenant_id", "status", "due_at"),
    Index("ix_referrals_tenant_id_sender_id", "tenant_id", "sender_id"),
)

referral_details = Table(
    "referral_details",
    metadata,
    Column("referral_id", ForeignKey("referrals.id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    tenant_column(),
    Column("text", Text, nullable=True),
    Column("erased_at", UtcDateTime, nullable=True),
)

referral_history = Table(
    "referral_history",
    metadata,
    Column("referral_id", ForeignKey("referrals.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    tenant_column(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(320), nullable=False),
    Column("what", Text, nullable=False),
)

hand_over_attempts = Table(
    "hand_over_attempts",
    metadata,
    Column("referral_id", ForeignKey("referrals.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    tenant_column(),
    Column("started_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("settled_at", UtcDateTime, nullable=True),
)

notices = Table(
    "notices",
    metadata,
    tenant_column(primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("referral_id", String(36), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", String(320), nullable=True),
    Column("role", String(32), nullable=True),
    Index("ix_notices_tenant_id_person_id", "tenant_id", "person_id"),
    Index("ix_notices_tenant_id_role", "tenant_id", "role"),
)

inbound_messages = Table(
    "inbound_messages",
    metadata,
    id_column(),
    tenant_column(),
    Column("message_id", String(255), nullable=False),
    Column("sender_id", String(320), nullable=False),
    Column("sender_role", String(32), nullable=True),
    Column("sender_timezone", String(64), nullable=False),
    Column("sender_manager", String(128), nullable=True),
    Column("market", String(8), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("redacted", Text, nullable=False),
    Column("original_id", String(36), nullable=False),
    Column("done_at", UtcDateTime, nullable=True),
    UniqueConstraint("tenant_id", "sender_id", "message_id"),
    Index("ix_inbound_messages_tenant_id_done_at", "tenant_id", "done_at"),
)
