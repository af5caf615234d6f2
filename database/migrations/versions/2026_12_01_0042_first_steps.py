"""since when a project wants to see no more of its first steps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before shows no first steps and knows nothing of it."""
    op.add_column(
        "project",
        sa.Column("setup_hidden_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
