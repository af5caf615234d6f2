"""overlays: a project's own parts over another's text, and what it proposes to its owner."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _overlays()
    _proposals()


def _overlays() -> None:
    op.create_table(
        "overlay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("base_hash", sa.LargeBinary(), nullable=False),
        sa.Column("values", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("parts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("authors", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("drafted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_back", sa.Text(), nullable=True),
        sa.Column("asked_hash", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("approved_hash", sa.LargeBinary(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft','asked','approved','dropped')", name=op.f("ck_overlay_state")
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (approver_id IS NOT NULL)"
            " AND (state = 'approved') = (approved_hash IS NOT NULL)",
            name=op.f("ck_overlay_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approver_id <> ALL (authors)", name=op.f("ck_overlay_author_is_not_approver")
        ),
        sa.CheckConstraint(
            "NOT jsonb_path_exists(parts, '$[*] ? (@.locked == true && @.action != \"add\")')",
            name=op.f("ck_overlay_locked_is_only_added_to"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_overlay_project_id")),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["person.id"], name=op.f("fk_overlay_approver_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id", "base_hash"],
            ["release.id", "release.hash"],
            name="fk_overlay_over_exact_bytes",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlay")),
        sa.UniqueConstraint("id", "approved_hash", name=op.f("uq_overlay_id_approved_hash")),
    )
    op.create_index(
        "uq_overlay_one_open",
        "overlay",
        ["project_id", "urn"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft','asked')"),
    )
    op.add_column("adoption", sa.Column("overlay_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_adoption_live_is_what_was_approved",
        "adoption",
        "overlay",
        ["overlay_id", "effective_hash"],
        ["id", "approved_hash"],
    )


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("from_project_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("parts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("sent_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('sent','accepted','declined')", name=op.f("ck_proposal_state")
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (answered_at IS NULL) AND (state <> 'declined' OR sentence <> '')",
            name=op.f("ck_proposal_declined_with_a_sentence"),
        ),
        sa.CheckConstraint(
            "(node_id IS NULL) = (written_by IS NOT NULL)",
            name=op.f("ck_proposal_written_at_home"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["project.id"], name=op.f("fk_proposal_owner_id")),
        sa.ForeignKeyConstraint(
            ["from_project_id"], ["project.id"], name=op.f("fk_proposal_from_project_id")
        ),
        sa.ForeignKeyConstraint(["node_id"], ["partner.node_id"], name=op.f("fk_proposal_node_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_proposal_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_owner_id"), "proposal", ["owner_id"])
    op.create_index(
        "uq_proposal_one_open",
        "proposal",
        ["from_project_id", "urn"],
        unique=True,
        postgresql_where=sa.text("state = 'sent'"),
    )
