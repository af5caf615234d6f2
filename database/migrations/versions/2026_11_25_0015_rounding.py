"""rounding: smaller things of the rota."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember what was told: busy times of a booking, days of a pattern, languages of a pool.

    And until when a push service wants to be left alone. The old version does without all of it.
    """
    op.add_column("booking", sa.Column("busy_told", postgresql.TSTZMULTIRANGE(), nullable=True))
    op.add_column(
        "shift_pattern",
        sa.Column("clock_told", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("pool", sa.Column("languages_shown", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column(
        "push_device", sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True)
    )
