"""trainings: withdrawal, what a pool asks for, accounts on a channel's tool."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "training", sa.Column("withdrawn_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    )
    op.add_column(
        "pool",
        sa.Column("trainings", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("channel", sa.Column("tool_account", sa.Text(), nullable=True))
    op.add_column("channel", sa.Column("tool_owner", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_channel_tool_owner"), "channel", "project", ["tool_owner"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_channel_owner_has_tool"),
        "channel",
        "tool_owner IS NULL OR tool_account IS NOT NULL",
    )
    op.create_table(
        "tool_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("handle_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("withdrawn_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_tool_account_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["handle_id"], ["handle.id"], name=op.f("fk_tool_account_handle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_account")),
    )
    op.create_index(op.f("ix_tool_account_handle_id"), "tool_account", ["handle_id"], unique=False)
    op.create_index(
        "uq_tool_account_current",
        "tool_account",
        ["channel_id", "handle_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
