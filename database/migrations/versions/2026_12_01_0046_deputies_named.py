"""deputies that were named before: a host may be lost before anybody hears whom it names now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before remembers a deputy that was named for a day, as it did."""
    op.add_column("pool_term", sa.Column("named", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
