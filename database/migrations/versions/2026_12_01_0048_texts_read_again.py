"""texts read again: by which rules each text's words were read, so that newer rules reach it."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Touch no row: a worker reads all of them again, and they are found as before until then.

    What a program of before writes meanwhile has no number either, and is read again as well.
    """
    op.add_column("release_text", sa.Column("read_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
