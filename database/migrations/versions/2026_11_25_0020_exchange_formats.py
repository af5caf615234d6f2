"""exchange_formats: texts from and to other tools."""

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add nothing yet."""
