"""how much was taken in of each partner: what it makes this node keep has an end."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before counts nothing, and takes in whatever it is sent."""
    op.create_table(
        "taken_in",
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["partner.node_id"], name=op.f("fk_taken_in_node_id")),
        sa.PrimaryKeyConstraint("node_id", "kind", "week", name=op.f("pk_taken_in")),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
