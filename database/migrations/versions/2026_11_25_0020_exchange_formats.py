"""exchange_formats: texts from and to other tools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = "'conduct','safeguarding','introductory-messages','promotional-messaging','recording','confidentiality','data-protection','ground-rules','health-and-safety','forum-rules','cover-and-handover','closing-a-session'"


def upgrade() -> None:
    """Add two kinds of protocol, what was exported for which tool, and what may stand in a text."""
    op.drop_constraint(op.f("ck_item_protocol_kind"), "item", type_="check")
    op.create_check_constraint(
        op.f("ck_item_protocol_kind"),
        "item",
        f"(kind = 'protocol') = (protocol_kind IS NOT NULL) AND protocol_kind IN ({KINDS})",
    )
    op.create_table(
        "exported_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("exported_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tool IN ('live-helper-chat','chatwoot','zammad','rocket-chat')",
            name=op.f("ck_exported_wording_tool"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_exported_wording_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exported_wording")),
        sa.UniqueConstraint(
            "project_id",
            "tool",
            "urn",
            "language",
            "fingerprint",
            name="uq_exported_wording_words",
        ),
    )
    op.create_table(
        "starter_text",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_starter_text_project_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_starter_text_item_id")),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_starter_text")),
    )
    op.create_table(
        "allowed_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("allowed_by", sa.Uuid(), nullable=False),
        sa.Column("allowed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(reason) BETWEEN 1 AND 300", name=op.f("ck_allowed_finding_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["allowed_by"], ["person.id"], name=op.f("fk_allowed_finding_allowed_by")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_allowed_finding_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowed_finding")),
        sa.UniqueConstraint(
            "project_id", "kind", "hash", name=op.f("uq_allowed_finding_project_id_kind_hash")
        ),
    )
