"""overlays: a project's own parts over another's text."""

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add nothing yet."""
