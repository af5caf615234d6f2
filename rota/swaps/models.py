from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class SwapOffer(Base, kw_only=True):
    """Somebody would give a seat: for another one, or, `one_way`, for nothing.

    Whether it still stands follows from its claim as well: nobody gives what they no longer hold.
    """

    __tablename__ = "swap_offer"
    __table_args__ = (
        CheckConstraint("state IN ('open','accepted','withdrawn','lapsed')", name="state"),
        Index(
            "uq_swap_offer_one_a_seat",
            "claim_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "pool_id", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    to_handle_id: Mapped[UUID | None] = mapped_column(ForeignKey("handle.id"), default=None)
    one_way: Mapped[bool]
    state: Mapped[str] = mapped_column(default="open")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SwapWanted(Base, kw_only=True):
    """A seat that would be taken in return, at the time that it had when this was said."""

    __tablename__ = "swap_wanted"

    offer_id: Mapped[UUID] = mapped_column(ForeignKey("swap_offer.id"), primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    starts: Mapped[datetime]
    ends: Mapped[datetime]


class Exchange(Base, kw_only=True):
    """Seats that changed hands at one moment; its id is what the bookings have in common."""

    __tablename__ = "exchange"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("swap_offer.id"), unique=True)
    at: Mapped[datetime]


class ExchangeLeg(Base, kw_only=True):
    """One person's side of an exchange: the claim that ended, the claim that took its place."""

    __tablename__ = "exchange_leg"
    __table_args__ = (
        CheckConstraint(
            "gave_claim_id IS NOT NULL OR got_claim_id IS NOT NULL", name="gives_or_gets"
        ),
    )

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), primary_key=True)
    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"), primary_key=True)
    gave_claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    got_claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("claim.id"), unique=True)
