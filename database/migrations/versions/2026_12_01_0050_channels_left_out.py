"""channels that a pool's host names no more: they are shown no more where others mirror it."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before goes on showing them, as it did."""
    op.add_column("channel", sa.Column("left_out_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
