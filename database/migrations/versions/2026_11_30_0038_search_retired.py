"""search retired: programs of 0.2 and later find texts by their `words`."""

from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the column: a program of 0.3 that still runs fills it."""
    op.drop_index(op.f("ix_release_text_search"), table_name="release_text")
    op.alter_column("release_text", "search", existing_type=postgresql.TSVECTOR(), nullable=True)


def downgrade() -> None:
    op.execute("UPDATE release_text SET search = to_tsvector('simple', title || ' ' || body)")
    op.alter_column("release_text", "search", existing_type=postgresql.TSVECTOR(), nullable=False)
    op.create_index(
        op.f("ix_release_text_search"), "release_text", ["search"], postgresql_using="gin"
    )
