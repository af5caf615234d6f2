"""kept documents: what this node's keys were, and which version each partner has seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and a column with a default; a program of before knows neither."""
    op.create_table(
        "kept_document",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_kept_document_version")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_kept_document")),
    )
    op.add_column(
        "partner",
        sa.Column("told_version", sa.BigInteger(), server_default="0", nullable=False),
    )
