"""wire: what travels for texts needs nothing kept."""

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing; databases stand at this number, so it stays."""
