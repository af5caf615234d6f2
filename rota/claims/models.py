from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Claim(Base, kw_only=True):
    """One handle's wish for, or hold on, one seat; the same id at home and at the host.

    `proposed` is the host's wish: it lapses at `answer_by` unless home says yes.
    `receipt` is the host's signed word (JWS), kept as received. `asked_by` is who asked for the
    seat where that was a coordinator, or where the claim answers a cover request; home's side.
    `moved_at` says since when the host asks about another time than that for which it was taken.
    `instead_of` is the claim that it would replace, where seats are exchanged between nodes.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint(
            "state IN ('requested','proposed','held','refused','lapsed','released')", name="state"
        ),
        CheckConstraint(
            "origin IN ('worker','coordinator','plan','cover','exchange')", name="origin"
        ),
        Index(
            "uq_claim_one_holder",
            "seat_id",
            unique=True,
            postgresql_where=text("state IN ('proposed','held') AND decided_here"),
        ),
        Index(
            "uq_claim_instead_of",
            "instead_of",
            unique=True,
            postgresql_where=text("state = 'requested'"),
        ),
        Index(None, "handle_id"),
        Index(None, "answer_by", postgresql_where=text("state IN ('requested','proposed')")),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"))
    state: Mapped[str]
    origin: Mapped[str]
    decided_here: Mapped[bool]
    answer_by: Mapped[datetime]
    made_at: Mapped[datetime]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    receipt: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    moved_at: Mapped[datetime | None] = mapped_column(default=None)
    instead_of: Mapped[UUID | None] = mapped_column(ForeignKey("claim.id"), default=None)


class CancelledClaim(Base, kw_only=True):
    """A cancel that the host has seen: it wins over its claim, also when it comes first.

    Offers that were taken back before they arrived are kept here by their ids as well.
    """

    __tablename__ = "cancelled_claim"

    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class KeptAnswer(Base, kw_only=True):
    """What an idempotency key was first used for, per person."""

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    body_hash: Mapped[bytes]
    claim_id: Mapped[UUID]
    at: Mapped[datetime]
