"""withheld: what a partner may not do, although it takes part in a pool."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("withheld", "they_withhold"):
        op.add_column(
            "partner",
            sa.Column(column, sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        )
    op.create_check_constraint(
        op.f("ck_partner_granted_or_withheld"), "partner", "NOT we_grant && withheld"
    )
    # whoever received a project's texts could always propose changes to them
    op.execute(
        """
        UPDATE partner SET we_grant = (
            SELECT array_agg(DISTINCT one ORDER BY one)
            FROM (
                SELECT unnest(we_grant) AS one
                UNION SELECT replace(ticked, 'releases:', 'propose:') FROM unnest(we_grant) ticked
            ) both_of_them
        ) WHERE we_grant::text LIKE '%releases:%'
        """
    )
