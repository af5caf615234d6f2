"""authoring: drafts, reviews and comments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Every saved state of a text, who acts next, what is said about it, and by whom it was read."""
    _widen_items()
    _make_history()
    _make_comments()
    _make_reviews()


def _widen_items() -> None:
    op.add_column("item", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "item", sa.Column("acknowledgement", sa.Text(), server_default="re-read", nullable=False)
    )
    op.add_column("item", sa.Column("owner_id", sa.Uuid(), nullable=True))
    op.add_column("item", sa.Column("derived_from_urn", sa.Text(), nullable=True))
    op.add_column("item", sa.Column("derived_from_hash", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(op.f("fk_item_owner_id"), "item", "person", ["owner_id"], ["id"])
    op.drop_constraint(op.f("ck_item_state"), "item", type_="check")
    op.create_check_constraint(
        op.f("ck_item_state"), "item", "state IN ('draft','in-review','approved','released')"
    )
    op.create_check_constraint(
        op.f("ck_item_acknowledgement"), "item", "acknowledgement IN ('none','notify','re-read')"
    )
    op.create_check_constraint(
        op.f("ck_item_derived_from_exact_bytes"),
        "item",
        "(derived_from_urn IS NULL) = (derived_from_hash IS NULL)",
    )


def _make_history() -> None:
    op.create_table(
        "item_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("released_as", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_item_version_version")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_item_version_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_item_version_item_id_version")),
    )


def _make_comments() -> None:
    op.create_table(
        "item_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("block", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("length(said) BETWEEN 1 AND 4000", name=op.f("ck_item_comment_said")),
        sa.CheckConstraint(
            "(said IS NULL) = (author_id IS NULL)", name=op.f("ck_item_comment_erased_whole")
        ),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)",
            name=op.f("ck_item_comment_resolved_by"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_comment_item_id")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_item_comment_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["person.id"], name=op.f("fk_item_comment_resolved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_comment")),
    )
    op.create_index(op.f("ix_item_comment_item_id"), "item_comment", ["item_id"])


def _make_reviews() -> None:
    op.create_table(
        "lived_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 200", name=op.f("ck_lived_review_who")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_lived_review_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lived_review")),
    )
    op.create_index(op.f("ix_lived_review_item_id"), "lived_review", ["item_id"])
    op.create_table(
        "pool_text_rule",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("lived_experience", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_text_rule_pool_id")),
        sa.PrimaryKeyConstraint("pool_id", name=op.f("pk_pool_text_rule")),
    )
