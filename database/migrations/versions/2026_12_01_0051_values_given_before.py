"""values given before: an older release without a gap does not forget what filled it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before writes none of it, and forgets them as it did."""
    op.add_column(
        "adoption",
        sa.Column(
            "given_before",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
