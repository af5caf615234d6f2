"""what a notice is about: it is shown for as long as that stands."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before says it of none, and shows each until it is seen."""
    op.add_column("notice", sa.Column("about", sa.Uuid(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
