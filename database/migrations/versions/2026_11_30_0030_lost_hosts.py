"""lost hosts: who agrees that a pool is taken over, and who has said since what its people hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and a table, and allow more states; a program of before knows none of them."""
    moment = postgresql.TIMESTAMP(timezone=True)
    op.add_column("pool_term", sa.Column("certain_until", moment, nullable=True))
    op.add_column(
        "pool_handing",
        sa.Column(
            "statements",
            postgresql.JSONB(none_as_null=True),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.drop_constraint(op.f("ck_pool_handing_state"), "pool_handing", type_="check")
    op.create_check_constraint(
        op.f("ck_pool_handing_state"),
        "pool_handing",
        "state IN ('offered','asked','accepted','taking','to-agree','agreed')",
    )
    op.create_table(
        "pool_wait",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("given_up_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_wait_pool_id")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_pool_wait_node_id")
        ),
        sa.PrimaryKeyConstraint("pool_id", "node_id", name=op.f("pk_pool_wait")),
    )
