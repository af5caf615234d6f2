"""slots: fixed regular times for languages that few people speak, and who agrees to them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "language_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_language_slot_weekday")),
        sa.CheckConstraint(
            "ended_at IS NULL OR NOT agreed", name=op.f("ck_language_slot_ended_is_not_agreed")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_language_slot_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language_slot")),
    )
    op.create_index(op.f("ix_language_slot_pool_id"), "language_slot", ["pool_id"])
    op.create_index(
        "uq_language_slot_current",
        "language_slot",
        ["pool_id", "series", "language"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "slot_agreement",
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("handle_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["language_slot.id"], name=op.f("fk_slot_agreement_slot_id")
        ),
        sa.ForeignKeyConstraint(
            ["handle_id"], ["handle.id"], name=op.f("fk_slot_agreement_handle_id")
        ),
        sa.PrimaryKeyConstraint("slot_id", "handle_id", name=op.f("pk_slot_agreement")),
    )
    op.create_index(op.f("ix_slot_agreement_handle_id"), "slot_agreement", ["handle_id"])
