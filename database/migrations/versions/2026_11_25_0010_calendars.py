"""calendars."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count changes of plans, so that feeds are written when asked for; feeds of other kinds."""
    op.create_table(
        "person_calendar",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_calendar_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_calendar")),
    )
    op.execute(
        "INSERT INTO person_calendar (person_id, revision, changed_at) "
        "SELECT person_id, 1, max(made_at) FROM calendar_address GROUP BY person_id"
    )
    _columns()
    _constraints()
    op.create_table(
        "calendar_shift_entry",
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("begins", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["calendar_address.id"],
            name=op.f("fk_calendar_shift_entry_address_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"],
            ["shift.id"],
            name=op.f("fk_calendar_shift_entry_shift_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("address_id", "shift_id", name=op.f("pk_calendar_shift_entry")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_shift_entry_uid")),
    )
    op.create_index(op.f("ix_calendar_shift_entry_shift_id"), "calendar_shift_entry", ["shift_id"])


def _columns() -> None:
    moment = postgresql.TIMESTAMP(timezone=True)
    for table, column in (
        (
            "calendar_entry",
            sa.Column("shown", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        ),
        (
            "calendar_address",
            sa.Column("shows", sa.Text(), server_default=sa.text("'rota'"), nullable=False),
        ),
        ("calendar_address", sa.Column("pool_id", sa.Uuid(), nullable=True)),
        (
            "calendar_address",
            sa.Column("level", sa.Text(), server_default=sa.text("'title'"), nullable=False),
        ),
        ("calendar_address", sa.Column("alarm_minutes", sa.Integer(), nullable=True)),
        (
            "calendar_address",
            sa.Column("weeks", sa.Integer(), server_default=sa.text("6"), nullable=False),
        ),
        ("calendar_address", sa.Column("built_from", sa.Text(), nullable=True)),
        ("calendar_address", sa.Column("built_on", sa.DATE(), nullable=True)),
        ("calendar_address", sa.Column("worded_at", moment, nullable=True)),
        ("calendar_address", sa.Column("stamped_at", moment, nullable=True)),
    ):
        op.add_column(table, column)


def _constraints() -> None:
    op.create_foreign_key(
        op.f("fk_calendar_address_pool_id"), "calendar_address", "pool", ["pool_id"], ["id"]
    )
    for name, holds in (
        ("shows", "shows IN ('rota','open-seats','pool')"),
        ("pool_of_pool_feed", "(shows = 'pool') = (pool_id IS NOT NULL)"),
        ("level", "level IN ('title','busy')"),
        ("weeks", "weeks BETWEEN 4 AND 8"),
        ("alarm_minutes", "alarm_minutes BETWEEN 0 AND 1440"),
    ):
        op.create_check_constraint(op.f(f"ck_calendar_address_{name}"), "calendar_address", holds)
