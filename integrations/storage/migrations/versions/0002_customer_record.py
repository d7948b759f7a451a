"""The customer record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def _of_customer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "customer_id"],
        ["customers.tenant_id", "customers.id"],
        name=f"fk_{table}_tenant_id_customer_id",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    _create_record()
    _create_contacts()
    _create_facts()
    _create_history()


def _create_record() -> None:
    op.create_table(
        "customers",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("specialty", sa.Text, nullable=False),
        sa.Column("territories", sa.JSON, nullable=False),
        sa.Column("affiliations", sa.JSON, nullable=False),
        sa.Column("identifiers", sa.JSON, nullable=False),
        sa.Column("consents", sa.JSON, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_customers"),
    )
    op.create_table(
        "customer_territories",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("territory", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "customer_id", "territory", name="pk_customer_territories"),
        _of_customer("customer_territories"),
    )
    op.create_index(
        "ix_customer_territories_tenant_id_territory", "customer_territories", ["tenant_id", "territory", "customer_id"]
    )
    op.create_table(
        "customer_affiliations",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "organisation_id", "customer_id", name="pk_customer_affiliations"),
        _of_customer("customer_affiliations"),
    )
    op.create_index(
        "ix_customer_affiliations_tenant_id_customer_id", "customer_affiliations", ["tenant_id", "customer_id"]
    )
    op.create_table(
        "customer_keys",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("territory", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", "territory", "customer_id", name="pk_customer_keys"),
        _of_customer("customer_keys"),
    )
    op.create_index("ix_customer_keys_tenant_id_customer_id", "customer_keys", ["tenant_id", "customer_id"])


def _create_contacts() -> None:
    op.create_table(
        "interactions",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("author", sa.String(320), nullable=False),
        sa.Column("author_role", sa.String(32), nullable=False),
        sa.Column("products", sa.JSON, nullable=False),
        sa.Column("product_keys", sa.Text, nullable=False),
        sa.Column("documents", sa.JSON, nullable=False),
        sa.Column("open_text", sa.Text, nullable=False),
        sa.Column("restricted_text", sa.Text, nullable=True),
        sa.Column("medical_request", sa.Boolean, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_interactions"),
        _of_customer("interactions"),
    )
    op.create_index("ix_interactions_tenant_id_author_at", "interactions", ["tenant_id", "author", "at"])
    op.create_index("ix_interactions_tenant_id_customer_id_at", "interactions", ["tenant_id", "customer_id", "at"])
    op.create_table(
        "shared_documents",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(255), nullable=False),
        sa.Column("interaction_id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "interaction_id", name="pk_shared_documents"),
        _of_customer("shared_documents"),
    )
    op.create_index("ix_shared_documents_tenant_id_customer_id", "shared_documents", ["tenant_id", "customer_id"])
    op.create_index("ix_shared_documents_tenant_id_interaction_id", "shared_documents", ["tenant_id", "interaction_id"])
    op.create_table(
        "visits",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("rep", sa.String(320), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_visits"),
        _of_customer("visits"),
    )
    op.create_index("ix_visits_tenant_id_customer_id_starts_at", "visits", ["tenant_id", "customer_id", "starts_at"])
    op.create_index("ix_visits_tenant_id_rep_starts_at", "visits", ["tenant_id", "rep", "starts_at"])


def _create_facts() -> None:
    op.create_table(
        "insights",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("author_role", sa.String(32), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("start_at", sa.Integer, nullable=False),
        sa.Column("end_at", sa.Integer, nullable=False),
        sa.Column("true_at", MOMENT, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("product", sa.String(255), nullable=True),
        sa.Column("polarity", sa.String(16), nullable=False),
        sa.Column("barrier", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("replaces", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_insights"),
        _of_customer("insights"),
    )
    op.create_index("ix_insights_tenant_id_customer_id_true_at", "insights", ["tenant_id", "customer_id", "true_at"])
    op.create_table(
        "follow_ups",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("author_role", sa.String(32), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("start_at", sa.Integer, nullable=False),
        sa.Column("end_at", sa.Integer, nullable=False),
        sa.Column("true_at", MOMENT, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("person", sa.String(320), nullable=False),
        sa.Column("due", sa.Text, nullable=True),
        sa.Column("due_on", sa.Date, nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_follow_ups"),
        _of_customer("follow_ups"),
    )
    op.create_index(
        "ix_follow_ups_tenant_id_customer_id_true_at", "follow_ups", ["tenant_id", "customer_id", "true_at"]
    )
    op.create_table(
        "preferences",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("author_role", sa.String(32), nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("start_at", sa.Integer, nullable=False),
        sa.Column("end_at", sa.Integer, nullable=False),
        sa.Column("true_at", MOMENT, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("stance", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_preferences"),
        _of_customer("preferences"),
    )
    op.create_index(
        "ix_preferences_tenant_id_customer_id_true_at", "preferences", ["tenant_id", "customer_id", "true_at"]
    )


def _create_history() -> None:
    op.create_table(
        "record_versions",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("noun", sa.String(32), nullable=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "noun", "entry_id", "version", name="pk_record_versions"),
    )
    op.create_index("ix_record_versions_tenant_id_customer_id", "record_versions", ["tenant_id", "customer_id"])
    op.create_table(
        "erasures",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.Column("erased_by", sa.String(128), nullable=False),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "digest", name="pk_erasures"),
    )


def downgrade() -> None:
    for table in (
        "erasures",
        "record_versions",
        "preferences",
        "follow_ups",
        "insights",
        "visits",
        "shared_documents",
        "interactions",
        "customer_keys",
        "customer_affiliations",
        "customer_territories",
        "customers",
    ):
        op.drop_table(table)
