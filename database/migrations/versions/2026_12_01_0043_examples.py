"""projects and pools to try things on, apart from all others."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program of before fills in no example; were it run again, it would show one to the public.

    So an example is removed before a node goes back to an older version.
    """
    op.add_column("project", sa.Column("example_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_project_example_of"), "project", "project", ["example_of"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_project_example_of"), "project", ["example_of"])
    op.add_column(
        "pool", sa.Column("example", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    raise RuntimeError("Migrations go forward only: restore a backup instead.")
