from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Feed(Base, kw_only=True):
    """One audience's ordered events; this row's lock makes the sequence contiguous.

    `subject` is a pool's, a project's or, for a private feed, the partner node's id.
    """

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        CheckConstraint(
            "kind IN ('pool/shifts','pool/open-hours','project/releases','private')", name="kind"
        ),
        CheckConstraint("seq >= 0", name="seq"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    kind: Mapped[str]
    subject: Mapped[str]
    epoch: Mapped[str]
    seq: Mapped[int]
    hash: Mapped[bytes]


class FeedEvent(Base, kw_only=True):
    """One signed-for event; salt and payload can be erased, the chain stays verifiable."""

    __tablename__ = "feed_event"

    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    epoch: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    salt: Mapped[bytes | None]
    payload: Mapped[bytes | None]
    digest: Mapped[bytes]
    hash: Mapped[bytes]


class FeedRecall(Base, kw_only=True):
    """A signed withdrawal; the complete set of a feed's recalls travels before its events."""

    __tablename__ = "feed_recall"
    __table_args__ = (UniqueConstraint("feed_id", "digest"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feed.id"))
    digest: Mapped[bytes]
    statement: Mapped[str]
    at: Mapped[datetime]


class FeedReader(Base, kw_only=True):
    """How far a partner says it has come in one of our feeds; who lags behind is named by it."""

    __tablename__ = "feed_reader"

    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    epoch: Mapped[str]
    seq: Mapped[int]
    recalls_hash: Mapped[str]
    at: Mapped[datetime]


class FeedCursor(Base, kw_only=True):
    """How far this node has read one feed of a partner, and the head it last verified.

    `trouble` says why nothing is read now; `trouble_head` keeps what the partner signed then.
    """

    __tablename__ = "feed_cursor"
    __table_args__ = (UniqueConstraint("node_id", "feed_id"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"))
    feed_id: Mapped[UUID]
    kind: Mapped[str]
    subject: Mapped[str]
    epoch: Mapped[str]
    seq: Mapped[int]
    hash: Mapped[bytes]
    recalls_hash: Mapped[str] = mapped_column(default="")
    head: Mapped[str | None] = mapped_column(default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    trouble: Mapped[str | None] = mapped_column(default=None)
    trouble_head: Mapped[str | None] = mapped_column(default=None)


class SetAsideEvent(Base, kw_only=True):
    """An event that could not be applied (quarantined) or is not yet known (parked)."""

    __tablename__ = "set_aside_event"
    __table_args__ = (
        UniqueConstraint("cursor_id", "epoch", "seq"),
        CheckConstraint("why IN ('bad','unknown-kind')", name="why"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    cursor_id: Mapped[UUID] = mapped_column(ForeignKey("feed_cursor.id"))
    epoch: Mapped[str]
    seq: Mapped[int]
    kind: Mapped[str]
    payload: Mapped[bytes]
    why: Mapped[str]
    detail: Mapped[str]
    at: Mapped[datetime]


class TakenIn(Base, kw_only=True):
    """How much of one partner was taken in within a week, by kinds of event."""

    __tablename__ = "taken_in"

    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    events: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
