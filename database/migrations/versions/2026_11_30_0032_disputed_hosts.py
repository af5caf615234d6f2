"""disputed hosts: a deputy that stood for a day is remembered, and a second document is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that may be empty; a program of before leaves them so."""
    moment = postgresql.TIMESTAMP(timezone=True)
    document = postgresql.JSONB(none_as_null=True)
    op.add_column("pool_term", sa.Column("heard_at", moment, nullable=True))
    op.add_column("pool_term", sa.Column("stood", document, nullable=True))
    op.add_column("pool_term", sa.Column("disputed", document, nullable=True))
    op.add_column("pool_term", sa.Column("settled_at", moment, nullable=True))
    op.create_check_constraint(
        op.f("ck_pool_term_settled_what_was_disputed"),
        "pool_term",
        "settled_at IS NULL OR disputed IS NOT NULL",
    )
