"""Offers of seats, and exchanges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables of its own; nothing that the version before reads is changed."""
    op.create_table(
        "swap_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("to_handle_id", sa.Uuid(), nullable=True),
        sa.Column("one_way", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open','accepted','withdrawn','lapsed')", name=op.f("ck_swap_offer_state")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_swap_offer_claim_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_swap_offer_pool_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_swap_offer_seat_id")),
        sa.ForeignKeyConstraint(
            ["to_handle_id"], ["handle.id"], name=op.f("fk_swap_offer_to_handle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_offer")),
    )
    op.create_index(
        op.f("ix_swap_offer_pool_id"),
        "swap_offer",
        ["pool_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_swap_offer_seat_id"), "swap_offer", ["seat_id"], unique=False)
    op.create_index(
        "uq_swap_offer_one_a_seat",
        "swap_offer",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "exchange",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["swap_offer.id"], name=op.f("fk_exchange_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_exchange_offer_id")),
    )
    op.create_table(
        "swap_wanted",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("starts", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["swap_offer.id"], name=op.f("fk_swap_wanted_offer_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_swap_wanted_seat_id")),
        sa.PrimaryKeyConstraint("offer_id", "seat_id", name=op.f("pk_swap_wanted")),
    )
    op.create_table(
        "exchange_leg",
        sa.Column("exchange_id", sa.Uuid(), nullable=False),
        sa.Column("handle_id", sa.Uuid(), nullable=False),
        sa.Column("gave_claim_id", sa.Uuid(), nullable=True),
        sa.Column("got_claim_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "gave_claim_id IS NOT NULL OR got_claim_id IS NOT NULL",
            name=op.f("ck_exchange_leg_gives_or_gets"),
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_leg_exchange_id")
        ),
        sa.ForeignKeyConstraint(
            ["gave_claim_id"], ["claim.id"], name=op.f("fk_exchange_leg_gave_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["got_claim_id"], ["claim.id"], name=op.f("fk_exchange_leg_got_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["handle_id"], ["handle.id"], name=op.f("fk_exchange_leg_handle_id")
        ),
        sa.PrimaryKeyConstraint("exchange_id", "handle_id", name=op.f("pk_exchange_leg")),
        sa.UniqueConstraint("gave_claim_id", name=op.f("uq_exchange_leg_gave_claim_id")),
        sa.UniqueConstraint("got_claim_id", name=op.f("uq_exchange_leg_got_claim_id")),
    )
