"""handles that partners were asked to erase, and when each has said that it did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before reads none of this."""
    op.create_table(
        "handle_erasure",
        sa.Column("handle_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("confirmed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_at >= asked_at", name=op.f("ck_handle_erasure_confirmed_after")
        ),
        sa.ForeignKeyConstraint(
            ["handle_id"], ["handle.id"], name=op.f("fk_handle_erasure_handle_id")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_handle_erasure_node_id")
        ),
        sa.PrimaryKeyConstraint("handle_id", "node_id", name=op.f("pk_handle_erasure")),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
