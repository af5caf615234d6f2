"""answers: finding and using canned answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _search()
    _choices()
    _uses_and_marks()
    _signposts()


def _search() -> None:
    """A worker spreads out the words of what is there already; a program of before may go on."""
    for column in (
        sa.Column("words", postgresql.TSVECTOR(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("is_source", sa.Boolean(), nullable=True),
        sa.Column("is_safety", sa.Boolean(), nullable=True),
        sa.Column("jurisdictions", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=True),
    ):
        op.add_column("release_text", column)
    op.create_index(
        op.f("ix_release_text_words"), "release_text", ["words"], postgresql_using="gin"
    )
    op.create_index(
        "ix_release_text_listed",
        "release_text",
        ["title", "release_id"],
        postgresql_where=sa.text("is_source IS TRUE"),
    )
    op.create_index(
        op.f("ix_adoption_project_id_release_id"), "adoption", ["project_id", "release_id"]
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("spelt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index(
        op.f("ix_search_word_spelt"),
        "search_word",
        ["spelt"],
        postgresql_using="gin",
        postgresql_ops={"spelt": "gin_trgm_ops"},
    )


def _choices() -> None:
    fallback = "fallback IN ('hide','fall-back','warn')"
    op.create_table(
        "answer_setting",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.Column("sms_segments", sa.Integer(), nullable=False),
        sa.CheckConstraint(fallback, name=op.f("ck_answer_setting_fallback")),
        sa.CheckConstraint(
            "sms_segments BETWEEN 1 AND 10", name=op.f("ck_answer_setting_sms_segments")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_answer_setting_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_answer_setting")),
    )
    op.create_table(
        "answer_fallback",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.CheckConstraint(fallback, name=op.f("ck_answer_fallback_fallback")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_answer_fallback_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "urn", name=op.f("pk_answer_fallback")),
    )
    for table, moment in (("favourite_answer", "kept_at"), ("recent_answer", "at")):
        op.create_table(
            table,
            sa.Column("person_id", sa.Uuid(), nullable=False),
            sa.Column("urn", sa.Text(), nullable=False),
            sa.Column(moment, sa.TIMESTAMP(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["person_id"],
                ["person.id"],
                name=op.f(f"fk_{table}_person_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("person_id", "urn", name=op.f(f"pk_{table}")),
        )


def _uses_and_marks() -> None:
    op.create_table(
        "answer_use",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("day", sa.DATE(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_answer_use_times")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_answer_use_project_id")
        ),
        sa.PrimaryKeyConstraint(
            "project_id", "urn", "number", "language", "day", name=op.f("pk_answer_use")
        ),
    )
    op.create_table(
        "answer_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("day", sa.DATE(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('wrong','hard-to-read')", name=op.f("ck_answer_mark_kind")),
        sa.CheckConstraint("char_length(note) <= 500", name=op.f("ck_answer_mark_note_is_short")),
        sa.CheckConstraint(
            "char_length(project) <= 200", name=op.f("ck_answer_mark_project_is_short")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_mark")),
    )
    op.create_index(
        op.f("ix_answer_mark_urn"),
        "answer_mark",
        ["urn"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _signposts() -> None:
    op.create_table(
        "signpost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("web", sa.Text(), nullable=False),
        sa.Column("last_checked", sa.DATE(), nullable=False),
        sa.Column("check_every_days", sa.Integer(), nullable=False),
        sa.Column("expires", sa.DATE(), nullable=False),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("told_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "phone <> '' OR email <> '' OR web <> ''", name=op.f("ck_signpost_can_be_reached")
        ),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 200", name=op.f("ck_signpost_name")),
        sa.CheckConstraint(
            "check_every_days BETWEEN 1 AND 730", name=op.f("ck_signpost_check_every_days")
        ),
        sa.CheckConstraint(
            "expires > last_checked", name=op.f("ck_signpost_expires_after_it_was_checked")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_signpost_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
        sa.UniqueConstraint(
            "project_id", "source_id", name=op.f("uq_signpost_project_id_source_id")
        ),
    )
    op.create_index(op.f("ix_signpost_expires"), "signpost", ["expires"])
    op.drop_constraint(op.f("ck_item_placeholder_type"), "item_placeholder")
    op.create_check_constraint(
        op.f("ck_item_placeholder_type"),
        "item_placeholder",
        "type IN ('text','phone','email','url','time','signpost')",
    )
