"""disputed documents: a partner whose documents do not fit together is frozen, both are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

STATES = "state IN ('words-to-type','waiting-for-them','joined','frozen','ended')"


def upgrade() -> None:
    """A program of before speaks to no partner in a state that it does not know."""
    op.add_column("partner", sa.Column("alarm", sa.Text(), nullable=True))
    op.add_column("partner", sa.Column("disputed", sa.Text(), nullable=True))
    op.alter_column("partner", "document_version", type_=sa.BigInteger())
    op.drop_constraint(op.f("ck_partner_state"), "partner")
    op.create_check_constraint(op.f("ck_partner_state"), "partner", STATES)
    op.create_check_constraint(
        op.f("ck_partner_frozen_with_an_alarm"),
        "partner",
        "(state = 'frozen') = (alarm IS NOT NULL) AND (alarm IS NULL) = (disputed IS NULL)",
    )
