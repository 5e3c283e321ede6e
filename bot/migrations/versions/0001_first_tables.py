"""The first tables.

Expands first: what an older process of the desk still reads or writes stays until a later release contracts it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.tables import Day, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "consultant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_number", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("'consultant'"), nullable=False),
        sa.Column("zone", sa.Text(), server_default=sa.text("'UTC'"), nullable=False),
        sa.Column("hours", sa.Text(), server_default=sa.text("'Mon-Fri 09:00-17:00'"), nullable=False),
        sa.Column("expertise", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.Column("away_until_at", Instant(), nullable=True),
        sa.Column("pay_basis_points", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'en'"), nullable=False),
        sa.Column("digest_at", Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultant")),
        sa.UniqueConstraint("member_number", name=op.f("uq_consultant_member_number")),
    )
    with op.batch_alter_table("consultant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultant_digest_at"), ["digest_at"], unique=False)

    op.create_table(
        "inbound",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer_json", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("raw_sha256", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("error_id", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_inbound_channel_key")),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_quarantined",
            ["id"],
            unique=False,
            sqlite_where=sa.text("outcome = 'quarantined'"),
            postgresql_where=sa.text("outcome = 'quarantined'"),
        )

    op.create_table(
        "poller",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position_json", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("holder", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("fence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_poller")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value_json", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("zone", sa.Text(), server_default=sa.text("'UTC'"), nullable=False),
        sa.Column("hours", sa.Text(), server_default=sa.text("'Mon-Fri 09:00-17:00'"), nullable=False),
        sa.Column("holiday_region", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("holidays_json", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("calendar_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'en'"), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hold_minutes", sa.Integer(), server_default=sa.text("(240)"), nullable=False),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assistant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("brought_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("service_started_on", Day(), nullable=True),
        sa.Column("plan", sa.Text(), server_default=sa.text("'none'"), nullable=False),
        sa.Column("rounding", sa.Text(), server_default=sa.text("'day'"), nullable=False),
        sa.Column("is_chargeable", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("agreed_at", Instant(), nullable=True),
        sa.Column("agreed_by_contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agreed_words", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("cap_cents_per_month", sa.BigInteger(), nullable=True),
        sa.Column("when_credit_out", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistant_id"], ["consultant.id"], name=op.f("fk_client_assistant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["brought_by_id"], ["consultant.id"], name=op.f("fk_client_brought_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["consultant.id"], name=op.f("fk_client_lead_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["consultant.id"], name=op.f("fk_client_manager_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_lead_id"], ["consultant.id"], name=op.f("fk_client_proposed_lead_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("code", name=op.f("uq_client_code")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "digest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("local_on", Day(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_digest_consultant_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("consultant_id", "local_on", name=op.f("uq_digest_consultant_id_local_on")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("commodity", sa.String(), nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_account_client_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("client_id", "name", "commodity", name=op.f("uq_account_client_id_name_commodity")),
    )
    op.create_table(
        "client_domain",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_domain_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_domain")),
        sa.UniqueConstraint("domain", "client_id", name=op.f("uq_client_domain_domain_client_id")),
    )
    with op.batch_alter_table("client_domain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_domain_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_domain_domain"), ["domain"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("'requester'"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("is_managed", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contact_client_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_client_id"), ["client_id"], unique=False)

    op.create_table(
        "credit_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tier", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("units", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("balance_units", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("bought_on", Day(), nullable=False),
        sa.Column("lapses_on", Day(), nullable=True),
        sa.Column("lapse_at", Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.CheckConstraint("balance_units >= 0", name=op.f("ck_credit_grant_balance")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_credit_grant_client_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_grant")),
    )
    with op.batch_alter_table("credit_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_grant_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "ix_credit_grant_lapse_at",
            ["lapse_at"],
            unique=False,
            sqlite_where=sa.text("lapse_at IS NOT NULL"),
            postgresql_where=sa.text("lapse_at IS NOT NULL"),
        )

    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("work_on", Day(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("work_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("evidence_json", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("previous_hash", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("hash", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_entry_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("client_id", "number", name=op.f("uq_entry_client_id_number")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_reverses_id"), ["reverses_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_work_item_id"), ["work_item_id"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_place_client_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("channel", "conversation", name=op.f("uq_place_channel_conversation")),
    )
    op.create_table(
        "handle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("display_name", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_at", Instant(), nullable=True),
        sa.Column("rank", sa.Integer(), server_default=sa.text("(100)"), nullable=False),
        sa.Column("is_dead", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_handle_consultant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_handle_contact_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handle")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_handle_channel_address")),
    )
    with op.batch_alter_table("handle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handle_consultant_id"), ["consultant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handle_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "introduction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("introduced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("how", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("introduced_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_introduction_consultant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_introduction_contact_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["introduced_by_id"], ["consultant.id"], name=op.f("fk_introduction_introduced_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint("contact_id", "consultant_id", name=op.f("uq_introduction_contact_id_consultant_id")),
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_introduction_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("received_on", Day(), nullable=False),
        sa.Column("service_from_on", Day(), nullable=True),
        sa.Column("service_to_on", Day(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refunds_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_payment_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_payment_entry_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["refunds_id"], ["payment.id"], name=op.f("fk_payment_refunds_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_reference")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_client_id"), ["client_id"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_posting_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posting_entry_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_grant_id"), ["grant_id"], unique=False)

    op.create_table(
        "commission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("accrued_on", Day(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_commission_client_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_commission_consultant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_commission_entry_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_commission_payment_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission")),
    )
    with op.batch_alter_table("commission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_consultant_id"), ["consultant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commission_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "link_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("handle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_by_handle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_link_code_handle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["requested_by_handle_id"],
            ["handle.id"],
            name=op.f("fk_link_code_requested_by_handle_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_code_digest")),
    )
    op.create_table(
        "membership_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("expertise", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("zone", sa.Text(), server_default=sa.text("'UTC'"), nullable=False),
        sa.Column("handle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["consultant.id"], name=op.f("fk_membership_request_decided_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["handle_id"], ["handle.id"], name=op.f("fk_membership_request_handle_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_request")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("channel", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("thread", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("subject", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("priority", sa.Text(), server_default=sa.text("'P4'"), nullable=False),
        sa.Column("priced_priority", sa.Text(), server_default=sa.text("'P4'"), nullable=False),
        sa.Column("rule", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("why_json", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("expertise", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claimant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("hold_until_at", Instant(), nullable=True),
        sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("step_at", Instant(), nullable=True),
        sa.Column("respond_by", Instant(), nullable=True),
        sa.Column("resolve_by", Instant(), nullable=True),
        sa.Column("promise_at", Instant(), nullable=True),
        sa.Column("responded_at", Instant(), nullable=True),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("close_at", Instant(), nullable=True),
        sa.Column("remind_at", Instant(), nullable=True),
        sa.Column("is_booked", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("is_direct", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("is_billing_on_hold", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("chasers", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["claimant_id"], ["consultant.id"], name=op.f("fk_ticket_claimant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_ticket_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_ticket_contact_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_ticket_handle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lead_id"], ["consultant.id"], name=op.f("fk_ticket_lead_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_claimant", ["claimant_id", "state"], unique=False)
        batch_op.create_index("ix_ticket_client", ["client_id", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_ticket_close_at",
            ["close_at"],
            unique=False,
            sqlite_where=sa.text("close_at IS NOT NULL"),
            postgresql_where=sa.text("close_at IS NOT NULL"),
        )
        batch_op.create_index("ix_ticket_contact", ["contact_id", "opened_at"], unique=False)
        batch_op.create_index("ix_ticket_handle", ["handle_id", "opened_at"], unique=False)
        batch_op.create_index("ix_ticket_lead", ["lead_id", "state"], unique=False)
        batch_op.create_index("ix_ticket_opened", ["opened_at"], unique=False)
        batch_op.create_index(
            "ix_ticket_promise_at",
            ["promise_at"],
            unique=False,
            sqlite_where=sa.text("promise_at IS NOT NULL"),
            postgresql_where=sa.text("promise_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_ticket_remind_at",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index("ix_ticket_state", ["state", "priority", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_ticket_step_at",
            ["step_at"],
            unique=False,
            sqlite_where=sa.text("step_at IS NOT NULL"),
            postgresql_where=sa.text("step_at IS NOT NULL"),
        )
        batch_op.create_index("ix_ticket_thread", ["channel", "conversation", "thread"], unique=False)

    op.create_table(
        "card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("thread", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("wanted_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("shown_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("remote_conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("remote_id", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("lease_token", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_card_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint(
            "ticket_id", "channel", "conversation", name=op.f("uq_card_ticket_id_channel_conversation")
        ),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(
            "ix_card_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("send_class", sa.Text(), server_default=sa.text("'contact'"), nullable=False),
        sa.Column("lane", sa.Text(), server_default=sa.text("'conversation'"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("channel", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("thread", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("notice_json", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("files_json", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("lease_token", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_tried_at", Instant(), nullable=True),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("error", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("remote_conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("remote_id", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_delivery_handle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_delivery_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_due_at",
            ["channel", "due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index("ix_delivery_handle_at", ["handle_id", "created_at"], unique=False)
        batch_op.create_index("ix_delivery_state", ["state", "created_at"], unique=False)
        batch_op.create_index("ix_delivery_ticket", ["ticket_id", "handle_id", "lane", "sequence"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("detail_json", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_event_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_event_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_client_at", ["client_id", "at"], unique=False)
        batch_op.create_index("ix_event_kind_at", ["kind", "at"], unique=False)
        batch_op.create_index("ix_event_ticket", ["ticket_id", "id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inbound_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("direction", sa.Text(), server_default=sa.text("'in'"), nullable=False),
        sa.Column("channel", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("handle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("remote_id", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("subject", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("text_written", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("body_text", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("html_sha256", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("trust", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("automatic", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_message_consultant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_message_handle_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_message_inbound_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_message_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "message_ref",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_ours", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_message_ref_ticket_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_ref")),
    )
    with op.batch_alter_table("message_ref", schema=None) as batch_op:
        batch_op.create_index("ix_message_ref_remote", ["channel", "remote_id", "conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_ref_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("offered_at", Instant(), nullable=False),
        sa.Column("answer", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_offer_consultant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_offer_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("ticket_id", "consultant_id", name=op.f("uq_offer_ticket_id_consultant_id")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_consultant", ["consultant_id", "answer"], unique=False)

    op.create_table(
        "work_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.Text(), server_default=sa.text("'remote'"), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("work_on", Day(), nullable=False),
        sa.Column("priority", sa.Text(), server_default=sa.text("'P4'"), nullable=False),
        sa.Column("was_asked", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("is_booked", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("is_billable", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("is_contact", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("logged_at", Instant(), nullable=False),
        sa.Column("reversed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_work_item_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["consultant_id"], ["consultant.id"], name=op.f("fk_work_item_consultant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_work_item_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index("ix_work_item_client", ["client_id", "work_on"], unique=False)
        batch_op.create_index("ix_work_item_consultant", ["consultant_id", "work_on"], unique=False)
        batch_op.create_index("ix_work_item_day", ["ticket_id", "work_on"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("content_type", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sha256", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("is_inline", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_attachment_message_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)

    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("work_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("work_on", Day(), nullable=False),
        sa.Column("units", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("day_quarters_json", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("draws_json", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("charged_at", Instant(), nullable=False),
        sa.Column("is_waived", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_charge_client_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_charge_entry_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_charge_ticket_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_item.id"], name=op.f("fk_charge_work_item_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index("ix_charge_client", ["client_id", "charged_at"], unique=False)
        batch_op.create_index("ix_charge_day", ["ticket_id", "work_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_work_item_id"), ["work_item_id"], unique=False)

    op.create_table(
        "contact_charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inbound_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("notice_delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("period_start_at", Instant(), nullable=False),
        sa.Column("period_end_at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("notified_at", Instant(), nullable=True),
        sa.Column("choice", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("chosen_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("charge_at", Instant(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_contact_charge_client_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_contact_charge_entry_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_contact_charge_inbound_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["notice_delivery_id"],
            ["delivery.id"],
            name=op.f("fk_contact_charge_notice_delivery_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_contact_charge_ticket_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_charge")),
        sa.UniqueConstraint("ticket_id", "period_start_at", name=op.f("uq_contact_charge_ticket_id_period_start_at")),
    )
    with op.batch_alter_table("contact_charge", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contact_charge_charge_at",
            ["charge_at"],
            unique=False,
            sqlite_where=sa.text("charge_at IS NOT NULL"),
            postgresql_where=sa.text("charge_at IS NOT NULL"),
        )
        batch_op.create_index("ix_contact_charge_client", ["client_id", "received_at"], unique=False)



def downgrade() -> None:
    with op.batch_alter_table("contact_charge", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_charge_client")
        batch_op.drop_index(
            "ix_contact_charge_charge_at",
            sqlite_where=sa.text("charge_at IS NOT NULL"),
            postgresql_where=sa.text("charge_at IS NOT NULL"),
        )

    op.drop_table("contact_charge")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charge_work_item_id"))
        batch_op.drop_index(batch_op.f("ix_charge_entry_id"))
        batch_op.drop_index("ix_charge_day")
        batch_op.drop_index("ix_charge_client")

    op.drop_table("charge")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_message_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index("ix_work_item_day")
        batch_op.drop_index("ix_work_item_consultant")
        batch_op.drop_index("ix_work_item_client")

    op.drop_table("work_item")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index("ix_offer_consultant")

    op.drop_table("offer")
    with op.batch_alter_table("message_ref", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_ref_ticket_id"))
        batch_op.drop_index("ix_message_ref_remote")

    op.drop_table("message_ref")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_ticket_id"))

    op.drop_table("message")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_ticket")
        batch_op.drop_index("ix_event_kind_at")
        batch_op.drop_index("ix_event_client_at")

    op.drop_table("event")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_ticket")
        batch_op.drop_index("ix_delivery_state")
        batch_op.drop_index("ix_delivery_handle_at")
        batch_op.drop_index(
            "ix_delivery_due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.drop_table("delivery")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_card_due_at", sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL")
        )

    op.drop_table("card")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_thread")
        batch_op.drop_index(
            "ix_ticket_step_at",
            sqlite_where=sa.text("step_at IS NOT NULL"),
            postgresql_where=sa.text("step_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_ticket_state")
        batch_op.drop_index(
            "ix_ticket_remind_at",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_ticket_promise_at",
            sqlite_where=sa.text("promise_at IS NOT NULL"),
            postgresql_where=sa.text("promise_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_ticket_opened")
        batch_op.drop_index("ix_ticket_lead")
        batch_op.drop_index("ix_ticket_handle")
        batch_op.drop_index("ix_ticket_contact")
        batch_op.drop_index(
            "ix_ticket_close_at",
            sqlite_where=sa.text("close_at IS NOT NULL"),
            postgresql_where=sa.text("close_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_ticket_client")
        batch_op.drop_index("ix_ticket_claimant")

    op.drop_table("ticket")
    op.drop_table("membership_request")
    op.drop_table("link_code")
    with op.batch_alter_table("commission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commission_payment_id"))
        batch_op.drop_index(batch_op.f("ix_commission_consultant_id"))

    op.drop_table("commission")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_grant_id"))
        batch_op.drop_index(batch_op.f("ix_posting_entry_id"))
        batch_op.drop_index(batch_op.f("ix_posting_account_id"))

    op.drop_table("posting")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_client_id"))

    op.drop_table("payment")
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_contact_id"))

    op.drop_table("introduction")
    with op.batch_alter_table("handle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handle_contact_id"))
        batch_op.drop_index(batch_op.f("ix_handle_consultant_id"))

    op.drop_table("handle")
    op.drop_table("place")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_work_item_id"))
        batch_op.drop_index(batch_op.f("ix_entry_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_entry_reverses_id"))

    op.drop_table("entry")
    with op.batch_alter_table("credit_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_credit_grant_lapse_at",
            sqlite_where=sa.text("lapse_at IS NOT NULL"),
            postgresql_where=sa.text("lapse_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_credit_grant_client_id"))

    op.drop_table("credit_grant")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_client_id"))

    op.drop_table("contact")
    with op.batch_alter_table("client_domain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_domain_domain"))
        batch_op.drop_index(batch_op.f("ix_client_domain_client_id"))

    op.drop_table("client_domain")
    op.drop_table("account")
    op.drop_table("digest")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_lead_id"))

    op.drop_table("client")
    op.drop_table("setting")
    op.drop_table("poller")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbound_quarantined",
            sqlite_where=sa.text("outcome = 'quarantined'"),
            postgresql_where=sa.text("outcome = 'quarantined'"),
        )

    op.drop_table("inbound")
    with op.batch_alter_table("consultant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultant_digest_at"))

    op.drop_table("consultant")
    op.drop_table("blob")
