"""when somebody was erased who had left."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ERASED_BEFORE = """
UPDATE person SET erased_at = coalesce(
    (SELECT max(at) FROM audit_entry
     WHERE verb = 'person.erased' AND subject = 'person' AND subject_id = person.id),
    left_at)
WHERE name = '(erased)' AND left_at IS NOT NULL AND cardinality(languages) = 0
"""


def upgrade() -> None:
    """A program of before erases without saying when: that shows as not erased until repeated."""
    op.add_column(
        "person", sa.Column("erased_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    )
    op.execute(ERASED_BEFORE)
    op.create_check_constraint(
        op.f("ck_person_erased_whole"),
        "person",
        "erased_at IS NULL OR"
        " (left_at IS NOT NULL AND name = '(erased)' AND cardinality(languages) = 0)",
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
