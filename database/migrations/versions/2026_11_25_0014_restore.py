"""restore: what a restored node has to be told again, and that it grants nothing until then."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# `netreach.reentry` is set, for one transaction, by what enters again what was granted before
NOTHING_GRANTED = """
CREATE FUNCTION nothing_granted_while_restoring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('netreach.reentry', true) IS DISTINCT FROM 'on'
        AND EXISTS (SELECT FROM restore WHERE over_at IS NULL)
    THEN
        RAISE EXCEPTION 'this node is restoring, and grants nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_granted_while_restoring';
    END IF;
    RETURN new;
END
$$
"""
ON_NEW_CLAIM = """
CREATE TRIGGER nothing_granted_anew BEFORE INSERT ON claim FOR EACH ROW
WHEN (new.state IN ('requested', 'proposed', 'held'))
EXECUTE FUNCTION nothing_granted_while_restoring()
"""
ON_CLAIM_GRANTED = """
CREATE TRIGGER nothing_granted_later BEFORE UPDATE OF state ON claim FOR EACH ROW
WHEN (
    (new.state = 'held' AND old.state <> 'held')
    OR (new.state IN ('requested', 'proposed')
        AND old.state NOT IN ('requested', 'proposed', 'held'))
)
EXECUTE FUNCTION nothing_granted_while_restoring()
"""


def upgrade() -> None:
    op.create_table(
        "restore",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("restored_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("begun_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("over_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore")),
    )
    op.create_index(
        "uq_restore_one_at_a_time",
        "restore",
        [sa.text("(over_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.create_table(
        "restore_wait",
        sa.Column("restore_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["restore_id"], ["restore.id"], name=op.f("fk_restore_wait_restore_id")
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_restore_wait_node_id")
        ),
        sa.PrimaryKeyConstraint("restore_id", "node_id", name=op.f("pk_restore_wait")),
    )
    op.create_table(
        "restore_answer",
        sa.Column("restore_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["restore_id", "node_id"],
            ["restore_wait.restore_id", "restore_wait.node_id"],
            name=op.f("fk_restore_answer_restore_id"),
        ),
        sa.PrimaryKeyConstraint("restore_id", "node_id", "part", name=op.f("pk_restore_answer")),
    )
    op.create_table(
        "reentry_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("restore_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("settled_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('unknown-handle','session-differs','session-called-off',"
            "'session-entered-again','seat-lost')",
            name=op.f("ck_reentry_finding_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["restore_id"], ["restore.id"], name=op.f("fk_reentry_finding_restore_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_reentry_finding_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reentry_finding")),
    )
    op.create_index(op.f("ix_reentry_finding_project_id"), "reentry_finding", ["project_id"])
    op.execute(NOTHING_GRANTED)
    op.execute(ON_NEW_CLAIM)
    op.execute(ON_CLAIM_GRANTED)
