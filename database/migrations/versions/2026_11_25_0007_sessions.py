"""Around a session: who came, what its people need, calls for the supervisor, handover notes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables; the version before writes every row of `check_in` as it always did."""
    op.create_table(
        "handover_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.CheckConstraint("char_length(text) <= 500", name=op.f("ck_handover_note_short")),
        sa.CheckConstraint(
            "expires_at > written_at", name=op.f("ck_handover_note_expires_after_writing")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_handover_note_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_note")),
    )
    op.create_index(
        op.f("ix_handover_note_expires_at"), "handover_note", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_handover_note_shift_id"), "handover_note", ["shift_id"], unique=False)
    op.create_table(
        "session_company",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column(
            "content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("told_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_session_company_shift_id")
        ),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("pk_session_company")),
    )
    op.create_table(
        "session_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_link", sa.Text(), nullable=True),
        sa.Column("contact_label", sa.Text(), nullable=True),
        sa.Column("contact_number", sa.Text(), nullable=True),
        sa.Column("contact_link", sa.Text(), nullable=True),
        sa.Column("conversations_at_once", sa.Integer(), nullable=True),
        sa.Column("never_alone", sa.Boolean(), nullable=True),
        sa.Column("deputy_handle_id", sa.Uuid(), nullable=True),
        sa.Column("answer_minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "answer_minutes BETWEEN 1 AND 60", name=op.f("ck_session_setting_answer_minutes")
        ),
        sa.CheckConstraint(
            "conversations_at_once >= 1", name=op.f("ck_session_setting_conversations_at_once")
        ),
        sa.CheckConstraint(
            "num_nonnulls(pool_id, channel_id, shift_id) = 1",
            name=op.f("ck_session_setting_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_session_setting_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_handle_id"], ["handle.id"], name=op.f("fk_session_setting_deputy_handle_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_session_setting_pool_id")),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_session_setting_shift_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_setting")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_session_setting_channel_id")),
        sa.UniqueConstraint("pool_id", name=op.f("uq_session_setting_pool_id")),
        sa.UniqueConstraint("shift_id", name=op.f("uq_session_setting_shift_id")),
    )
    op.create_table(
        "session_step",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_session_step_shift_id")),
        sa.PrimaryKeyConstraint("shift_id", "step", name=op.f("pk_session_step")),
    )
    op.create_table(
        "session_told",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_session_told_node_id")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_session_told_shift_id")),
        sa.PrimaryKeyConstraint("shift_id", "node_id", name=op.f("pk_session_told")),
    )
    op.create_table(
        "supervisor_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("step_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "step IN ('supervisor','deputy','coordinator')", name=op.f("ck_supervisor_call_step")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_supervisor_call_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_supervisor_call_shift_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_call")),
    )
    op.create_index(
        op.f("ix_supervisor_call_shift_id"), "supervisor_call", ["shift_id"], unique=False
    )
    op.create_table(
        "call_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("handle_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(person_id, handle_id) = 1", name=op.f("ck_call_asked_one_asked")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["supervisor_call.id"], name=op.f("fk_call_asked_call_id")
        ),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_call_asked_handle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_asked_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_asked")),
        sa.UniqueConstraint("call_id", "handle_id", name=op.f("uq_call_asked_call_id_handle_id")),
        sa.UniqueConstraint("call_id", "person_id", name=op.f("uq_call_asked_call_id_person_id")),
    )
    op.create_table(
        "attendance",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("late_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("left_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("debriefed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "left_at IS NULL OR left_at >= arrived_at",
            name=op.f("ck_attendance_left_after_arrival"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_attendance_claim_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_attendance_shift_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_shift_id"), "attendance", ["shift_id"], unique=False)
    op.add_column(
        "check_in", sa.Column("paused_since", postgresql.TIMESTAMP(timezone=True), nullable=True)
    )
    op.add_column("check_in", sa.Column("did_not_happen", sa.Text(), nullable=True))
    op.alter_column("check_in", "claim_id", existing_type=sa.UUID(), nullable=True)
