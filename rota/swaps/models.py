from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class SwapOffer(Base, kw_only=True):
    """Somebody would give a seat: for another one, or, `one_way`, for nothing.

    Whether it still stands follows from its claim as well: nobody gives what they no longer hold.
    Of an offer made on another node only its host's word is known: no claim, and of who gives the
    seat at most the `giver`'s name in the pool, told to the one whom they ask. `handle_id` is under
    which handle they would sit elsewhere; `to_display` whom they named, before the host knows who
    that is.
    """

    __tablename__ = "swap_offer"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open','withdrawing','accepted','withdrawn','lapsed','refused')",
            name="state",
        ),
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
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("claim.id"), default=None)
    decided_here: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    handle_id: Mapped[UUID | None] = mapped_column(ForeignKey("handle.id"), default=None)
    giver: Mapped[str | None] = mapped_column(default=None)
    to_display: Mapped[str | None] = mapped_column(default=None)
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


class AskedExchange(Base, kw_only=True):
    """At the host: somebody takes up an offer, and its giver's home has not said yes so far.

    Both seats stay with who holds them. `begins` and `ends` are of the stay that the taker agreed
    to; what was moved since is not what was agreed on.
    """

    __tablename__ = "asked_exchange"
    __table_args__ = (
        CheckConstraint("state IN ('asked','settled','refused','lapsed')", name="state"),
        CheckConstraint("(ended_at IS NULL) = (state = 'asked')", name="ended"),
        Index(
            "uq_asked_exchange_one_an_offer",
            "offer_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("swap_offer.id"))
    taker_claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), unique=True)
    giver_claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), unique=True)
    state: Mapped[str] = mapped_column(default="asked")
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    answer_by: Mapped[datetime]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
