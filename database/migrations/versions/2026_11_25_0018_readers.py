"""readers: who has read and who has confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recall", sa.Column("block", sa.Uuid(), nullable=True))
    op.add_column("recall", sa.Column("follows", sa.LargeBinary(), nullable=True))
    op.drop_constraint(op.f("uq_recall_urn_sequence_node_id"), "recall", type_="unique")
    op.create_unique_constraint(
        op.f("uq_recall_urn_sequence_block_node_id"),
        "recall",
        ["urn", "sequence", "block", "node_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "recall_confirmation",
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_by", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recall.id"], name=op.f("fk_recall_confirmation_recall_id")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_recall_confirmation_node_id")
        ),
        sa.PrimaryKeyConstraint("recall_id", "node_id", name=op.f("pk_recall_confirmation")),
    )
    op.create_table(
        "answer_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("exported_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("exported_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(tool) BETWEEN 1 AND 60", name=op.f("ck_answer_export_tool")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_answer_export_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["exported_by"], ["person.id"], name=op.f("fk_answer_export_exported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_export")),
    )
    op.create_index(op.f("ix_answer_export_project_id"), "answer_export", ["project_id"])
    op.create_table(
        "exported_answer",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)",
            name=op.f("ck_exported_answer_removed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["export_id"], ["answer_export.id"], name=op.f("fk_exported_answer_export_id")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["person.id"], name=op.f("fk_exported_answer_removed_by")
        ),
        sa.PrimaryKeyConstraint("export_id", "urn", name=op.f("pk_exported_answer")),
    )
    op.create_index(op.f("ix_exported_answer_urn"), "exported_answer", ["urn"])
    op.create_table(
        "asked_reading",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_asked_reading_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "urn", name=op.f("pk_asked_reading")),
    )
    op.create_table(
        "reading_notice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "step IN ('new','soon','last','late')", name=op.f("ck_reading_notice_step")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reading_notice_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "asked", "step", name=op.f("pk_reading_notice")),
    )
    op.create_table(
        "shift_reading",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("passes", sa.Boolean(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_reading_shift_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_shift_reading_project_id")
        ),
        sa.PrimaryKeyConstraint("shift_id", "project_id", name=op.f("pk_shift_reading")),
    )
    op.add_column("pool", sa.Column("reading_days", sa.Integer(), nullable=True))
    op.add_column(
        "pool",
        sa.Column("reading_overdue", sa.Text(), server_default="vacate", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_pool_reading_days"), "pool", "reading_days BETWEEN 0 AND 90"
    )
    op.create_check_constraint(
        op.f("ck_pool_reading_overdue"), "pool", "reading_overdue IN ('vacate','warn')"
    )
