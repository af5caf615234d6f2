"""where records were counted: by which clock, and which of their contacts have come already."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before writes neither: then the pool's clock holds, and nothing has come."""
    op.add_column("session_record", sa.Column("zone", sa.Text(), nullable=True))
    op.add_column(
        "session_record",
        sa.Column(
            "marks",
            postgresql.ARRAY(sa.Uuid()),
            server_default=sa.text("'{}'::uuid[]"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
