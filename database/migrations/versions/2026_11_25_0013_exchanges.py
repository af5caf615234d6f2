"""exchanges: swaps between people of two nodes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and columns that the version before neither reads nor has to fill.

    Constraints become wider only. Offers made elsewhere have no claim: the version before, which
    finds an offer by its claim, does not see them.
    """
    _widen_claims()
    _widen_offers()
    _widen_bookings()
    _add_asked_exchanges()


def _widen_claims() -> None:
    op.add_column("claim", sa.Column("instead_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_claim_instead_of"), "claim", "claim", ["instead_of"], ["id"])
    op.create_index(
        "uq_claim_instead_of",
        "claim",
        ["instead_of"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.drop_constraint(op.f("ck_claim_origin"), "claim", type_="check")
    op.create_check_constraint(
        op.f("ck_claim_origin"),
        "claim",
        "origin IN ('worker','coordinator','plan','cover','exchange')",
    )


def _widen_offers() -> None:
    op.alter_column("swap_offer", "claim_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column(
        "swap_offer",
        sa.Column("decided_here", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("swap_offer", sa.Column("handle_id", sa.Uuid(), nullable=True))
    op.add_column("swap_offer", sa.Column("giver", sa.Text(), nullable=True))
    op.add_column("swap_offer", sa.Column("to_display", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_swap_offer_handle_id"), "swap_offer", "handle", ["handle_id"], ["id"]
    )
    op.drop_constraint(op.f("ck_swap_offer_state"), "swap_offer", type_="check")
    op.create_check_constraint(
        op.f("ck_swap_offer_state"),
        "swap_offer",
        "state IN ('open','withdrawing','accepted','withdrawn','lapsed','refused')",
    )


def _widen_bookings() -> None:
    op.drop_constraint("no_on_call_while_seated", "booking")
    op.execute(
        "ALTER TABLE booking ADD CONSTRAINT no_on_call_while_seated EXCLUDE USING gist "
        "(person_id WITH =, during WITH &&, (on_call::int) WITH <>, exchange_id WITH <>) "
        "WHERE (active)"
    )


def _add_asked_exchanges() -> None:
    op.create_table(
        "asked_exchange",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("taker_claim_id", sa.Uuid(), nullable=False),
        sa.Column("giver_claim_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begins", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answer_by", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'asked')", name=op.f("ck_asked_exchange_ended")
        ),
        sa.CheckConstraint(
            "state IN ('asked','settled','refused','lapsed')", name=op.f("ck_asked_exchange_state")
        ),
        sa.ForeignKeyConstraint(
            ["giver_claim_id"], ["claim.id"], name=op.f("fk_asked_exchange_giver_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["swap_offer.id"], name=op.f("fk_asked_exchange_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["taker_claim_id"], ["claim.id"], name=op.f("fk_asked_exchange_taker_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_exchange")),
        sa.UniqueConstraint("giver_claim_id", name=op.f("uq_asked_exchange_giver_claim_id")),
        sa.UniqueConstraint("taker_claim_id", name=op.f("uq_asked_exchange_taker_claim_id")),
    )
    op.create_index(
        "uq_asked_exchange_one_an_offer",
        "asked_exchange",
        ["offer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
