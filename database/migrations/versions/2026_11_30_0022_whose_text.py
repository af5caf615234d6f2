"""whose text: an item is known by its project and its URN."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_ONE_PROJECT = ["project_id", "node_id"]


def upgrade() -> None:
    """A program of before goes on: it writes less than is allowed, and leaves what it ignores."""
    op.add_column("pool_text", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.add_column("pool_text", sa.Column("project_urn", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_pool_text_project_of_a_urn"),
        "pool_text",
        "(project_id IS NULL) = (project_urn IS NULL)",
    )
    for column in ("sequence", "number"):
        op.create_unique_constraint(
            op.f(f"uq_release_urn_{column}_project_id_node_id"),
            "release",
            ["urn", column, *OF_ONE_PROJECT],
            postgresql_nulls_not_distinct=True,
        )
        op.drop_constraint(op.f(f"uq_release_urn_{column}"), "release")
