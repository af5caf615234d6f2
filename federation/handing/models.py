from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class PoolTerm(Base, kw_only=True):
    """Who hosts a pool in which term, as it was signed; the highest term is in force.

    `members` names the projects that take part, by the node where they live. `statements` holds
    what each node has signed, by its id; of a first term that nobody had to sign there is none.
    `begun` is what several had signed to begin the term, where its host alone has said more since:
    who has not heard of the term yet believes nothing else.
    After a loss receipts of earlier hosts are certain as far as these were heard, `certain_until`.
    `stood` is the last deputy that was named for a day, with the nodes that had to agree then;
    `named` are the last few that were named at all, the newest first.
    `heard_at` is since when this document is believed. `disputed` is another one as good as this,
    and the node that it names as host; `settled_at` when somebody has chosen between them.
    """

    __tablename__ = "pool_term"
    __table_args__ = (
        CheckConstraint("term >= 1 AND version >= 0", name="counted"),
        CheckConstraint("deputy <> host", name="deputy_is_another"),
        CheckConstraint(
            "settled_at IS NULL OR disputed IS NOT NULL", name="settled_what_was_disputed"
        ),
    )

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    term: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    host: Mapped[str]
    deputy: Mapped[str | None]
    members: Mapped[dict[str, Any]]
    statements: Mapped[dict[str, Any]]
    said_at: Mapped[datetime]
    certain_until: Mapped[datetime | None] = mapped_column(default=None)
    heard_at: Mapped[datetime | None] = mapped_column(default=None)
    stood: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    disputed: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    begun: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    named: Mapped[list[dict[str, Any]] | None] = mapped_column(default=None)


class PoolHanding(Base, kw_only=True):
    """A pool that is being handed over, or taken over from a host that is lost.

    `document` is what all sign, `statements` what has come so far of those of whom several must;
    `node_id` is the other side: who offers or was asked, who is lost, who takes over.
    """

    __tablename__ = "pool_handing"
    __table_args__ = (
        CheckConstraint(
            "state IN ('offered','asked','accepted','taking','to-agree','agreed')", name="state"
        ),
    )

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"))
    term: Mapped[int]
    document: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]
    statements: Mapped[dict[str, Any]] = mapped_column(
        default_factory=dict, server_default=text("'{}'::jsonb")
    )


class PoolWait(Base, kw_only=True):
    """A home whose word is waited for after a loss, has come, or was given up by somebody."""

    __tablename__ = "pool_wait"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    given_up_at: Mapped[datetime | None] = mapped_column(default=None)


class PoolPart(Base, kw_only=True):
    """One part of what a node says around a handing-over, kept until its last part has come."""

    __tablename__ = "pool_part"
    __table_args__ = (CheckConstraint("kind IN ('contents','claims')", name="kind"),)

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[dict[str, Any]]
