"""open hours: a feed of its own for partners that see no more of a pool, and what they keep."""

import json
from base64 import urlsafe_b64decode

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS = "kind IN ('pool/shifts','pool/open-hours','project/releases','private')"


def upgrade() -> None:
    """A program of before writes fewer kinds of feed and knows neither the column nor the table."""
    op.drop_constraint(op.f("ck_feed_kind"), "feed")
    op.create_check_constraint(op.f("ck_feed_kind"), "feed", KINDS)
    op.add_column(
        "partner",
        sa.Column("reads", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.create_table(
        "heard_hours",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_heard_hours_revision")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["partner.node_id"], name=op.f("fk_heard_hours_node_id")
        ),
        sa.PrimaryKeyConstraint("pool_id", name=op.f("pk_heard_hours")),
        sa.UniqueConstraint("slug", name=op.f("uq_heard_hours_slug")),
    )
    op.create_index(op.f("ix_heard_hours_node_id"), "heard_hours", ["node_id"])
    _pin_what_is_read()


def _pin_what_is_read() -> None:
    """Take from documents that are pinned already what a program of before passed over."""
    connection = op.get_bind()
    pin = sa.text("UPDATE partner SET reads = :reads WHERE node_id = :node")
    for node, document in connection.execute(sa.text("SELECT node_id, document FROM partner")):
        reads = _reads(document)
        if reads:
            connection.execute(pin, {"reads": reads, "node": node})


def _reads(document: str) -> list[str]:
    try:
        payload = json.loads(document)["payload"]
        said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, LookupError, TypeError):
        return []
    return [kind for kind in said.get("reads", []) if isinstance(kind, str)]
