"""what begins a pool's term: its host may say more before everybody has heard of the term."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before keeps what was said last only, as it did."""
    op.add_column("pool_term", sa.Column("begun", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
