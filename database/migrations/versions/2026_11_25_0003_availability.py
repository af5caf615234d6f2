"""availability."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Own limits and zone, fortnightly wishes, dated exceptions, calendars read for busy times."""
    op.add_column("person", sa.Column("own_hours_per_week", sa.Float(), nullable=True))
    op.add_column("person", sa.Column("own_shifts_per_week", sa.Integer(), nullable=True))
    op.add_column("person", sa.Column("own_rest_hours", sa.Float(), nullable=True))
    op.add_column("person", sa.Column("zone", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_person_own_limits"),
        "person",
        "own_hours_per_week >= 0 AND own_shifts_per_week >= 0 AND own_rest_hours >= 0",
    )
    op.add_column(
        "weekly_window",
        sa.Column("every_weeks", sa.Integer(), server_default="1", nullable=False),
    )
    op.add_column("weekly_window", sa.Column("first_day", sa.DATE(), nullable=True))
    op.create_check_constraint(
        op.f("ck_weekly_window_every_weeks"),
        "weekly_window",
        "every_weeks = 1 OR (every_weeks = 2 AND first_day IS NOT NULL)",
    )
    op.create_table(
        "dated_window",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.DATE(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("preference", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes > 0 AND minutes <= 1440", name=op.f("ck_dated_window_minutes")),
        sa.CheckConstraint("preference BETWEEN 0 AND 2", name=op.f("ck_dated_window_preference")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_dated_window_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_window")),
        sa.UniqueConstraint(
            "person_id", "day", "starts", name=op.f("uq_dated_window_person_id_day_starts")
        ),
    )
    op.create_table(
        "busy_calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column(
            "busy", postgresql.TSTZMULTIRANGE(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_busy_calendar_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendar")),
    )
    op.create_index(
        op.f("ix_busy_calendar_person_id"), "busy_calendar", ["person_id"], unique=False
    )
