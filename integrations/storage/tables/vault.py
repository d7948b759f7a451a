"""The vault's table: encrypted originals and the id of the key each was encrypted with."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table

from integrations.storage.tables.base import UtcDateTime, id_column, metadata, tenant_column

vault_items = Table(
    "vault_items",
    metadata,
    id_column(),
    tenant_column(),
    Column("key_id", String(32), nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Index("ix_vault_items_key_id", "key_id"),
)
