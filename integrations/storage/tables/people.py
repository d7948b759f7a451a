"""The roster's table."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, String, Table, Text, UniqueConstraint

from integrations.storage.tables.base import UtcDateTime, metadata, tenant_column

people = Table(
    "people",
    metadata,
    tenant_column(primary_key=True),
    Column("id", String(128), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False),
    Column("slack_user_id", String(64), nullable=True),
    Column("role", String(32), nullable=False),
    Column("market", String(8), nullable=False),
    Column("products", JSON, nullable=False),
    Column("territories", JSON, nullable=False),
    Column("manager", String(128), nullable=True),
    Column("active", Boolean, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("email_key"),
    Index("ix_people_slack_user_id", "slack_user_id"),
)
