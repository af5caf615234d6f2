"""exchanges: swaps between people of two nodes."""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add nothing yet."""
