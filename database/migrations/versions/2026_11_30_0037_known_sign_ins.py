"""sign-ins that their owner knows again: what a device is called, and the day of its last use."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before leaves both empty."""
    op.add_column("web_session", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("web_session", sa.Column("last_seen_on", sa.DATE(), nullable=True))
    op.create_check_constraint(
        op.f("ck_web_session_device"),
        "web_session",
        "device IN ('phone','tablet','computer','shared')",
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
