"""Referrals with their hand-over, the audit chain, the vault.

The audit tables defend themselves: triggers refuse to change or delete an event, and let a text only be erased.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
REFUSED = "audit events can only be added"

SQLITE_TRIGGERS = {
    "audit_events_no_update": ("BEFORE UPDATE ON audit_events", ""),
    "audit_events_no_delete": ("BEFORE DELETE ON audit_events", ""),
    "audit_texts_no_delete": ("BEFORE DELETE ON audit_texts", ""),
    "audit_texts_erase_only": (
        "BEFORE UPDATE ON audit_texts",
        "WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.erased_at IS NULL",
    ),
}

POSTGRESQL_FUNCTIONS = f"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSED}';
END $$;
CREATE FUNCTION audit_erase_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.erased_at IS NULL THEN
        RAISE EXCEPTION '{REFUSED}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_events_fixed BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_events_kept BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_texts_fixed BEFORE DELETE ON audit_texts
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_texts_kept BEFORE TRUNCATE ON audit_texts
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_texts_erase_only BEFORE UPDATE ON audit_texts
    FOR EACH ROW EXECUTE FUNCTION audit_erase_only();
"""


def upgrade() -> None:
    _create_referrals()
    _create_follow_up()
    _create_audit()
    if op.get_bind().dialect.name == "sqlite":
        for name, (when, condition) in SQLITE_TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {when} {condition} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
    else:
        op.execute(POSTGRESQL_FUNCTIONS)


def _create_referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sender_id", sa.String(320), nullable=False),
        sa.Column("sender_role", sa.String(32), nullable=True),
        sa.Column("sender_timezone", sa.String(64), nullable=False),
        sa.Column("sender_manager", sa.String(128), nullable=True),
        sa.Column("market", sa.String(8), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("day_zero", MOMENT, nullable=False),
        sa.Column("first_heard_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answer_due_at", MOMENT, nullable=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("missing", sa.JSON, nullable=False),
        sa.Column("special_situation", sa.String(40), nullable=True),
        sa.Column("internal", sa.Boolean, nullable=False),
        sa.Column("customer_id", sa.String(128), nullable=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("acknowledged_by", sa.String(128), nullable=True),
        sa.Column("receipt", sa.Text, nullable=True),
        sa.Column("dead_letter", sa.Text, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.String(128), nullable=True),
        sa.Column("closed_reason", sa.String(32), nullable=True),
        sa.Column("closed_sampled", sa.Boolean, nullable=True),
        sa.Column("closed_note", sa.Text, nullable=True),
        sa.Column("original_id", sa.String(36), nullable=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("sent_revision", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.UniqueConstraint("tenant_id", "key", name="uq_referrals_tenant_id_key"),
        sa.UniqueConstraint("tenant_id", "reference", name="uq_referrals_tenant_id_reference"),
    )
    op.create_index("ix_referrals_tenant_id_sender_id", "referrals", ["tenant_id", "sender_id"])
    op.create_index("ix_referrals_tenant_id_status_due_at", "referrals", ["tenant_id", "status", "due_at"])
    op.create_table(
        "referral_details",
        sa.Column("referral_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("referral_id", "name", name="pk_referral_details"),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name="fk_referral_details_referral_id"),
    )
    op.create_table(
        "referral_history",
        sa.Column("referral_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(320), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("referral_id", "position", name="pk_referral_history"),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name="fk_referral_history_referral_id"),
    )


def _create_follow_up() -> None:
    op.create_table(
        "hand_over_attempts",
        sa.Column("referral_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("referral_id", "number", name="pk_hand_over_attempts"),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name="fk_hand_over_attempts_referral_id"),
    )
    op.create_table(
        "notices",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("referral_id", sa.String(36), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.String(320), nullable=True),
        sa.Column("role", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_notices"),
    )
    op.create_index("ix_notices_tenant_id_person_id", "notices", ["tenant_id", "person_id"])
    op.create_index("ix_notices_tenant_id_role", "notices", ["tenant_id", "role"])
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("sender_id", sa.String(320), nullable=False),
        sa.Column("sender_role", sa.String(32), nullable=True),
        sa.Column("sender_timezone", sa.String(64), nullable=False),
        sa.Column("sender_manager", sa.String(128), nullable=True),
        sa.Column("market", sa.String(8), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("redacted", sa.Text, nullable=False),
        sa.Column("original_id", sa.String(36), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_messages"),
        sa.UniqueConstraint(
            "tenant_id", "sender_id", "message_id", name="uq_inbound_messages_tenant_id_sender_id_message_id"
        ),
    )
    op.create_index("ix_inbound_messages_tenant_id_done_at", "inbound_messages", ["tenant_id", "done_at"])


def _create_audit() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(320), nullable=False),
        sa.Column("actor_role", sa.String(32), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("digests", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
        sa.UniqueConstraint("tenant_id", "sequence", name="uq_audit_events_tenant_id_sequence"),
    )
    op.create_index("ix_audit_events_tenant_id_hash", "audit_events", ["tenant_id", "hash"])
    op.create_index("ix_audit_events_tenant_id_subject", "audit_events", ["tenant_id", "subject"])
    op.create_table(
        "audit_texts",
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("salt", sa.String(64), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("erased_by", sa.String(320), nullable=False),
        sa.Column("erased_why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "name", name="pk_audit_texts"),
        sa.ForeignKeyConstraint(["event_id"], ["audit_events.id"], name="fk_audit_texts_event_id"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_audit_heads"),
    )
    op.create_table(
        "vault_items",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_items"),
    )
    op.create_index("ix_vault_items_key_id", "vault_items", ["key_id"])


def downgrade() -> None:
    for table in (
        "vault_items",
        "audit_texts",
        "audit_heads",
        "audit_events",
        "inbound_messages",
        "notices",
        "hand_over_attempts",
        "referral_history",
        "referral_details",
        "referrals",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse(); DROP FUNCTION audit_erase_only();")
