"""plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
JSON = postgresql.JSONB(none_as_null=True)


def upgrade() -> None:
    """What a plan is for, how far it is, whether to stop it; and questions that change nothing."""
    op.add_column(
        "pool_plan", sa.Column("purpose", sa.Text(), server_default="plan", nullable=False)
    )
    op.add_column("pool_plan", sa.Column("stop", sa.Text(), nullable=True))
    op.add_column("pool_plan", sa.Column("progress", JSON, nullable=True))
    op.create_check_constraint(
        op.f("ck_pool_plan_purpose"), "pool_plan", "purpose IN ('plan','repair')"
    )
    op.create_check_constraint(op.f("ck_pool_plan_stop"), "pool_plan", "stop IN ('keep','drop')")
    op.create_table(
        "what_if",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("change", JSON, nullable=False),
        sa.Column("scenario", JSON, nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('ordered','refused','answered')", name=op.f("ck_what_if_state")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (answer IS NOT NULL)", name=op.f("ck_what_if_answered")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_what_if_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if")),
    )
    op.create_index(op.f("ix_what_if_pool_id_made_at"), "what_if", ["pool_id", "made_at"])
