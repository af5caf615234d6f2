"""leaving: when a relationship ended, and whether the partner has ended it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that a program of before leaves as they are."""
    op.add_column(
        "partner", sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    )
    op.add_column(
        "partner",
        sa.Column("ended_there", sa.Boolean(), server_default="false", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_partner_ended_some_time"), "partner", "NOT ended_there OR ended_at IS NOT NULL"
    )
