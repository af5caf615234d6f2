"""coverage: what projects give a pool, week by week; what a pool publishes of its plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pool_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.DATE(), nullable=False),
        sa.Column("given", sa.Float(), nullable=False),
        sa.Column("on_call", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "given >= 0 AND on_call >= 0", name=op.f("ck_pool_hours_hours_not_negative")
        ),
        sa.CheckConstraint(
            "extract(isodow FROM monday) = 1", name=op.f("ck_pool_hours_monday_is_one")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_hours_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_pool_hours_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_hours")),
        sa.UniqueConstraint(
            "pool_id", "project_id", "monday", name=op.f("uq_pool_hours_pool_id_project_id_monday")
        ),
    )
    op.add_column(
        "pool",
        sa.Column("publishes_planned", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "pool",
        sa.Column(
            "message_languages", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
    )
