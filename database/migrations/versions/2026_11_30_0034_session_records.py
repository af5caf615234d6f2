"""session records: what is counted, its sums, what is kept for how long and who may see it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before reads none of this, and leaves the new column as it is."""
    op.create_table(
        "excluded_weeks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("first_monday", sa.DATE(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('campaign','holidays','outage','other')",
            name=op.f("ck_excluded_weeks_reason"),
        ),
        sa.CheckConstraint(
            "extract(isodow FROM first_monday) = 1", name=op.f("ck_excluded_weeks_monday")
        ),
        sa.CheckConstraint("weeks BETWEEN 1 AND 26", name=op.f("ck_excluded_weeks_weeks")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_excluded_weeks_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_excluded_weeks_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excluded_weeks")),
        sa.UniqueConstraint(
            "project_id",
            "pool_id",
            "first_monday",
            name=op.f("uq_excluded_weeks_project_id_pool_id_first_monday"),
        ),
    )
    op.create_table(
        "record_deletion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_day", sa.DATE(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "records > 0 AND contacts >= 0", name=op.f("ck_record_deletion_something")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_record_deletion_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_deletion")),
    )
    op.create_index(
        op.f("ix_record_deletion_project_id_at"),
        "record_deletion",
        ["project_id", "at"],
        unique=False,
    )
    op.create_table(
        "record_setting",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("asks_gender", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "asks_nationality", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("keeps_notes", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "keep_days BETWEEN 1 AND 1096", name=op.f("ck_record_setting_keep_days")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_record_setting_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_record_setting")),
    )
    op.create_table(
        "record_sharing",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.DATE(), nullable=False),
        sa.CheckConstraint(
            "extract(day FROM first_month) = 1", name=op.f("ck_record_sharing_first_of_month")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_record_sharing_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_record_sharing_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "pool_id", name=op.f("pk_record_sharing")),
    )
    op.create_table(
        "shared_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.DATE(), nullable=False),
        sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column(
            "content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.CheckConstraint(
            "extract(day FROM month) = 1", name=op.f("ck_shared_counts_first_of_month")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_shared_counts_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_shared_counts_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_counts")),
        sa.UniqueConstraint(
            "project_id", "pool_id", "month", name=op.f("uq_shared_counts_project_id_pool_id_month")
        ),
    )
    op.create_index(op.f("ix_shared_counts_pool_id"), "shared_counts", ["pool_id"], unique=False)
    op.create_table(
        "hour_sum",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.DATE(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('talked','turned-away')", name=op.f("ck_hour_sum_kind")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_hour_sum_not_negative")),
        sa.CheckConstraint("extract(isodow FROM monday) = 1", name=op.f("ck_hour_sum_monday")),
        sa.CheckConstraint("hour BETWEEN 0 AND 167", name=op.f("ck_hour_sum_hour")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_hour_sum_channel_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_hour_sum_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_hour_sum_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_sum")),
        sa.UniqueConstraint(
            "project_id",
            "pool_id",
            "channel_id",
            "monday",
            "hour",
            "language",
            "kind",
            name=op.f("uq_hour_sum_project_id_pool_id_channel_id_monday_hour_language_kind"),
        ),
    )
    op.create_index(op.f("ix_hour_sum_pool_id"), "hour_sum", ["pool_id"], unique=False)
    op.create_table(
        "record_sum",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.DATE(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_record_sum_not_negative")),
        sa.CheckConstraint(
            "extract(day FROM month) = 1", name=op.f("ck_record_sum_first_of_month")
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_record_sum_channel_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_record_sum_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_record_sum_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_sum")),
        sa.UniqueConstraint(
            "project_id",
            "pool_id",
            "channel_id",
            "month",
            "dimension",
            "value",
            name=op.f("uq_record_sum_project_id_pool_id_channel_id_month_dimension_value"),
        ),
    )
    op.create_index(op.f("ix_record_sum_pool_id"), "record_sum", ["pool_id"], unique=False)
    op.create_table(
        "session_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.DATE(), nullable=False),
        sa.Column("written_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("pace", sa.Text(), nullable=True),
        sa.Column(
            "technical_trouble", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("staff_abused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("pace IN ('quiet','busy')", name=op.f("ck_session_record_pace")),
        sa.CheckConstraint(
            "support IN ('not-needed','had','wanted')", name=op.f("ck_session_record_support")
        ),
        sa.CheckConstraint(
            "NOT done OR pace IS NOT NULL", name=op.f("ck_session_record_done_says_how_it_was")
        ),
        sa.CheckConstraint(
            "char_length(note) BETWEEN 1 AND 300", name=op.f("ck_session_record_note_is_short")
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_session_record_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_session_record_claim_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_session_record_pool_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_session_record_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_session_record_shift_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_record")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_session_record_claim_id")),
    )
    op.create_index(op.f("ix_session_record_pool_id"), "session_record", ["pool_id"], unique=False)
    op.create_index(
        op.f("ix_session_record_project_id_day"),
        "session_record",
        ["project_id", "day"],
        unique=False,
    )
    op.create_index(
        op.f("ix_session_record_shift_id"), "session_record", ["shift_id"], unique=False
    )
    op.create_table(
        "recorded_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("familiarity", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("signpost_id", sa.Uuid(), nullable=True),
        sa.Column("unmet", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("nationality", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'talked') = (outcome IS NOT NULL)",
            name=op.f("ck_recorded_contact_outcome_of_talks"),
        ),
        sa.CheckConstraint(
            "at = date_trunc('hour', at, 'UTC')", name=op.f("ck_recorded_contact_full_hour")
        ),
        sa.CheckConstraint(
            "familiarity IN ('new','returning','not-said')",
            name=op.f("ck_recorded_contact_familiarity"),
        ),
        sa.CheckConstraint(
            "kind IN ('talked','turned-away','wrong-channel')",
            name=op.f("ck_recorded_contact_kind"),
        ),
        sa.CheckConstraint(
            "minutes IN ('under-10','10-30','30-60','over-60')",
            name=op.f("ck_recorded_contact_minutes"),
        ),
        sa.CheckConstraint(
            "outcome IN ('answered','signposted','declined','ended-early')",
            name=op.f("ck_recorded_contact_outcome"),
        ),
        sa.CheckConstraint(
            "signpost_id IS NULL OR outcome = 'signposted'",
            name=op.f("ck_recorded_contact_signpost_where_signposted"),
        ),
        sa.CheckConstraint(
            "char_length(area) <= 60", name=op.f("ck_recorded_contact_area_is_short")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["session_record.id"],
            name=op.f("fk_recorded_contact_record_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_contact")),
        sa.UniqueConstraint(
            "record_id", "position", name=op.f("uq_recorded_contact_record_id_position")
        ),
    )
    op.add_column(
        "pool",
        sa.Column("topics", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
