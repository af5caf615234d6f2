"""handing: who hosts a pool in which term, and what is said while it is handed over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0029"
branch_labels = None
depends_on = None

ONLY_GROWS = """
CREATE FUNCTION pool_term_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF new.pool_id <> old.pool_id OR new.term <> old.term OR new.host <> old.host
            OR new.version < old.version
        THEN
            RAISE EXCEPTION 'a term has one host, and its version only grows'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_term_only_grows';
        END IF;
    ELSIF EXISTS (SELECT FROM pool_term WHERE pool_id = new.pool_id AND term >= new.term) THEN
        RAISE EXCEPTION 'the term of a pool only grows'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_term_only_grows';
    END IF;
    RETURN new;
END
$$
"""
ON_TERM = """
CREATE TRIGGER pool_term_only_grows BEFORE INSERT OR UPDATE ON pool_term FOR EACH ROW
EXECUTE FUNCTION pool_term_only_grows()
"""


def upgrade() -> None:
    """Add tables; a program of before hands nothing over, and believes no term."""
    op.create_table(
        "pool_term",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=True),
        sa.Column("members", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("statements", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("said_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("term >= 1 AND version >= 0", name=op.f("ck_pool_term_counted")),
        sa.CheckConstraint("deputy <> host", name=op.f("ck_pool_term_deputy_is_another")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_term_pool_id")),
        sa.PrimaryKeyConstraint("pool_id", "term", name=op.f("pk_pool_term")),
    )
    op.create_table(
        "pool_handing",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('offered','asked','accepted')", name=op.f("ck_pool_handing_state")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_handing_pool_id")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_pool_handing_node_id")
        ),
        sa.PrimaryKeyConstraint("pool_id", name=op.f("pk_pool_handing")),
    )
    op.create_table(
        "pool_part",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.CheckConstraint("kind IN ('contents','claims')", name=op.f("ck_pool_part_kind")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_part_pool_id")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_pool_part_node_id")
        ),
        sa.PrimaryKeyConstraint("pool_id", "node_id", "kind", "part", name=op.f("pk_pool_part")),
    )
    op.execute(ONLY_GROWS)
    op.execute(ON_TERM)
