"""words beside their texts: what a search ranks is read with its row, and not fetched apart."""

from alembic import op

revision = "0033"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Have rows of a usual length stay whole; those that are there are written once more."""
    op.execute("ALTER TABLE release_text SET (toast_tuple_target = 8160)")
    op.execute("UPDATE release_text SET words = words || CAST('' AS tsvector)")


def downgrade() -> None:
    op.execute("ALTER TABLE release_text RESET (toast_tuple_target)")
