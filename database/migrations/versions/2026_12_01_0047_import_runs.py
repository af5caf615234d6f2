"""how far an import of an old table is; the table itself is stored nowhere."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before takes tables in within one request, and asks for none of this."""
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("rows_given", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="reading", nullable=False),
        sa.Column("rows_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left_out", sa.Integer(), server_default="0", nullable=False),
        sa.Column("screened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("contacts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('reading','taken','refused','interrupted')",
            name=op.f("ck_import_run_state"),
        ),
        sa.CheckConstraint("rows_read BETWEEN 0 AND rows_given", name=op.f("ck_import_run_rows")),
        sa.CheckConstraint(
            "(state = 'refused') = (trouble IS NOT NULL)",
            name=op.f("ck_import_run_refusal_says_why"),
        ),
        sa.CheckConstraint(
            "(state = 'reading') = (ended_at IS NULL)", name=op.f("ck_import_run_ends_once")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_import_run_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_import_run_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_pool_id"), "import_run", ["pool_id"], unique=False)
    op.create_index(
        "uq_import_run_one_at_a_time",
        "import_run",
        ["project_id"],
        unique=True,
        postgresql_where=sa.text("state = 'reading'"),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
