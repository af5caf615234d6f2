"""rounding: smaller things of the rota."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember for which busy times of a booking its person was told; the old version does not."""
    op.add_column("booking", sa.Column("busy_told", postgresql.TSTZMULTIRANGE(), nullable=True))
