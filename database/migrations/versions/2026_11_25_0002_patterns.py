"""Patterns of every kind, exceptions, and claims whose shift was moved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
NO_ROWS = sa.text("'[]'::jsonb")


def upgrade() -> None:
    for column in (
        sa.Column("repeats", sa.Text(), server_default="weekly", nullable=False),
        sa.Column("nth", sa.Integer()),
        sa.Column("holidays", sa.Text(), server_default="run", nullable=False),
        sa.Column("holiday_region", sa.Text()),
        sa.Column("pauses", postgresql.JSONB(), server_default=NO_ROWS, nullable=False),
        sa.Column("clock_answers", postgresql.JSONB(), server_default=NO_ROWS, nullable=False),
        sa.Column("ground_rules", sa.Text()),
        sa.Column("minimum_workers", sa.Integer()),
        sa.Column("minimum_supervisors", sa.Integer()),
        sa.Column("successor_id", sa.Uuid()),
        sa.Column("ended_at", MOMENT),
        sa.Column("set_down_as", sa.Text()),
    ):
        op.add_column("shift_pattern", column)
    op.create_check_constraint(
        op.f("ck_shift_pattern_repeats"),
        "shift_pattern",
        "repeats IN ('once','weekly','monthly')",
    )
    op.create_check_constraint(
        op.f("ck_shift_pattern_nth_of_the_month"),
        "shift_pattern",
        "(repeats = 'monthly') = (nth IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_shift_pattern_holidays"), "shift_pattern", "holidays IN ('run','skip')"
    )
    op.create_unique_constraint(
        op.f("uq_shift_pattern_pool_id_set_down_as"), "shift_pattern", ["pool_id", "set_down_as"]
    )
    op.create_foreign_key(
        op.f("fk_shift_pattern_successor_id"),
        "shift_pattern",
        "shift_pattern",
        ["successor_id"],
        ["id"],
    )
    op.create_index(op.f("ix_shift_pattern_successor_id"), "shift_pattern", ["successor_id"])
    op.add_column("shift", sa.Column("ground_rules", sa.Text()))
    op.add_column("shift", sa.Column("exception_at", MOMENT))
    op.add_column("claim", sa.Column("moved_at", MOMENT))
