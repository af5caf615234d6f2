"""readers: who has read and who has confirmed."""

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add nothing yet."""
