"""Tables of the customer record: customers, how they are found, contacts, typed facts, older versions, erasures.

Ids come from the systems the entries come from, so a row is known by (tenant, id). Text behind the firewall stands in
columns of its own (`restricted_text`), which a commercial reader's queries do not name.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from integrations.storage.tables.base import UtcDateTime, metadata, tenant_column


def _entry_id(name: str = "id", **options: Any) -> Column[str]:
    return Column(name, String(128), nullable=False, **options)


def _of_customer() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"], ondelete="CASCADE"
    )


def _versioned() -> list[Column[Any]]:
    return [
        Column("visibility", String(16), nullable=False),
        Column("learned_at", UtcDateTime, nullable=False),
        Column("version", Integer, nullable=False),
        Column("digest", String(32), nullable=False),
    ]


def _sourced() -> list[Any]:
    """What every typed fact carries: whose, its exact words, when it was true, when learned, how sure."""
    return [
        tenant_column(primary_key=True),
        _entry_id(primary_key=True),
        _entry_id("customer_id"),
        Column("entry_id", String(128), nullable=False),
        Column("author", Text, nullable=False),
        Column("author_role", String(32), nullable=False),
        Column("quote", Text, nullable=False),
        Column("start_at", Integer, nullable=False),
        Column("end_at", Integer, nullable=False),
        Column("true_at", UtcDateTime, nullable=False),
        Column("confidence", Float, nullable=False),
        *_versioned(),
        _of_customer(),
    ]


customers = Table(
    "customers",
    metadata,
    tenant_column(primary_key=True),
    _entry_id(primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("specialty", Text, nullable=False),
    Column("territories", JSON, nullable=False),
    Column("affiliations", JSON, nullable=False),
    Column("identifiers", JSON, nullable=False),
    Column("consents", JSON, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("learned_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(32), nullable=False),
)

customer_territories = Table(
    "customer_territories",
    metadata,
    tenant_column(primary_key=True),
    _entry_id("customer_id", primary_key=True),
    Column("territory", String(128), primary_key=True),
    _of_customer(),
    Index("ix_customer_territories_tenant_id_territory", "tenant_id", "territory", "customer_id"),
)

customer_affiliations = Table(
    "customer_affiliations",
    metadata,
    tenant_column(primary_key=True),
    Column("organisation_id", String(128), primary_key=True),
    _entry_id("customer_id", primary_key=True),
    _of_customer(),
    Index("ix_customer_affiliations_tenant_id_customer_id", "tenant_id", "customer_id"),
)

# One row a key and territory ("" for a customer without one): a name is found by one seek, already within the scope.
customer_keys = Table(
    "customer_keys",
    metadata,
    tenant_column(primary_key=True),
    Column("name_key", String(64), primary_key=True),
    Column("territory", String(128), primary_key=True),
    _entry_id("customer_id", primary_key=True),
    _of_customer(),
    Index("ix_customer_keys_tenant_id_customer_id", "tenant_id", "customer_id"),
)

interactions = Table(
    "interactions",
    metadata,
    tenant_column(primary_key=True),
    _entry_id(primary_key=True),
    _entry_id("customer_id"),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", String(64), nullable=False),
    Column("author", String(320), nullable=False),
    Column("author_role", String(32), nullable=False),
    Column("products", JSON, nullable=False),
    Column("product_keys", Text, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("open_text", Text, nullable=False),
    Column("restricted_text", Text, nullable=True),
    Column("medical_request", Boolean, nullable=False),
    *_versioned(),
    _of_customer(),
    Index("ix_interactions_tenant_id_customer_id_at", "tenant_id", "customer_id", "at"),
    Index("ix_interactions_tenant_id_author_at", "tenant_id", "author", "at"),
)

shared_documents = Table(
    "shared_documents",
    metadata,
    tenant_column(primary_key=True),
    Column("document_id", String(255), primary_key=True),
    _entry_id("interaction_id", primary_key=True),
    _entry_id("customer_id"),
    Column("at", UtcDateTime, nullable=False),
    Column("visibility", String(16), nullable=False),
    _of_customer(),
    Index("ix_shared_documents_tenant_id_customer_id", "tenant_id", "customer_id"),
    Index("ix_shared_documents_tenant_id_interaction_id", "tenant_id", "interaction_id"),
)

visits = Table(
    "visits",
    metadata,
    tenant_column(primary_key=True),
    _entry_id(primary_key=True),
    _entry_id("customer_id"),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("rep", String(320), nullable=False),
    Column("purpose", Text, nullable=False),
    *_versioned(),
    _of_customer(),
    Index("ix_visits_tenant_id_customer_id_starts_at", "tenant_id", "customer_id", "starts_at"),
    Index("ix_visits_tenant_id_rep_starts_at", "tenant_id", "rep", "starts_at"),
)

insights = Table(
    "insights",
    metadata,
    *_sourced(),
    Column("kind", String(16), nullable=False),
    Column("statement", Text, nullable=False),
    Column("topic", String(16), nullable=False),
    Column("product", String(255), nullable=True),
    Column("polarity", String(16), nullable=False),
    Column("barrier", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("replaces", String(128), nullable=True),
    Index("ix_insights_tenant_id_customer_id_true_at", "tenant_id", "customer_id", "true_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    *_sourced(),
    Column("what", Text, nullable=False),
    Column("owner", String(32), nullable=False),
    Column("person", String(320), nullable=False),
    Column("due", Text, nullable=True),
    Column("due_on", Date, nullable=True),
    Column("status", String(16), nullable=False),
    Index("ix_follow_ups_tenant_id_customer_id_true_at", "tenant_id", "customer_id", "true_at"),
)

preferences = Table(
    "preferences",
    metadata,
    *_sourced(),
    Column("text", Text, nullable=False),
    Column("stance", String(16), nullable=False),
    Column("channel", String(64), nullable=True),
    Index("ix_preferences_tenant_id_customer_id_true_at", "tenant_id", "customer_id", "true_at"),
)

# What a row said before it was corrected. `body` is the whole older row, so it carries the row's own visibility.
record_versions = Table(
    "record_versions",
    metadata,
    tenant_column(primary_key=True),
    Column("noun", String(32), primary_key=True),
    Column("entry_id", String(128), primary_key=True),
    Column("version", Integer, primary_key=True),
    _entry_id("customer_id"),
    Column("visibility", String(16), nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_record_versions_tenant_id_customer_id", "tenant_id", "customer_id"),
)

# Proof that someone was erased, without saying whom: a salted digest keeps a later reload from bringing them back.
erasures = Table(
    "erasures",
    metadata,
    tenant_column(primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("erased_at", UtcDateTime, nullable=False),
    Column("erased_by", String(128), nullable=False),
    Column("removed", JSON, nullable=False),
)
