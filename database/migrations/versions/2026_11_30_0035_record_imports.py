"""imports of old tables: what each added to the sums, and when it says that somebody was there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before reads none of this."""
    op.create_table(
        "record_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("content_mark", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.DATE(), nullable=False),
        sa.Column("last_month", sa.DATE(), nullable=False),
        sa.Column(
            "added", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.CheckConstraint(
            "contacts >= 0 AND sessions >= 0", name=op.f("ck_record_import_not_negative")
        ),
        sa.CheckConstraint("contacts + sessions > 0", name=op.f("ck_record_import_something")),
        sa.CheckConstraint(
            "first_month <= last_month AND extract(day FROM first_month) = 1"
            " AND extract(day FROM last_month) = 1",
            name=op.f("ck_record_import_months"),
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_record_import_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_record_import_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_import")),
        sa.UniqueConstraint(
            "project_id",
            "pool_id",
            "content_mark",
            name=op.f("uq_record_import_project_id_pool_id_content_mark"),
        ),
    )
    op.create_index(op.f("ix_record_import_pool_id"), "record_import", ["pool_id"], unique=False)
    op.create_index(
        op.f("ix_record_import_project_id_taken_at"),
        "record_import",
        ["project_id", "taken_at"],
        unique=False,
    )
    op.create_table(
        "imported_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("starts", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends > starts AND ends <= starts + interval '1 day'",
            name=op.f("ck_imported_session_length"),
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_imported_session_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["record_import.id"],
            name=op.f("fk_imported_session_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_imported_session_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_imported_session_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_session")),
        sa.UniqueConstraint(
            "import_id",
            "channel_id",
            "starts",
            "ends",
            name=op.f("uq_imported_session_import_id_channel_id_starts_ends"),
        ),
    )
    op.create_index(
        op.f("ix_imported_session_pool_id"), "imported_session", ["pool_id"], unique=False
    )
    op.create_index(
        op.f("ix_imported_session_project_id_pool_id_starts"),
        "imported_session",
        ["project_id", "pool_id", "starts"],
        unique=False,
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
