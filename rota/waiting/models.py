from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class WaitingEntry(Base, kw_only=True):
    """One handle's place in the line for a seat; the same id at home and at the host.

    The host keeps the order; `place` is what it has told, from 1, and null until it has.
    `claim_id` is the offer that the entry has led to.
    """

    __tablename__ = "waiting_entry"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','offered','seated','passed','left')", name="state"),
        CheckConstraint("place >= 1", name="place"),
        Index(
            "uq_waiting_entry_one_place",
            "seat_id",
            "handle_id",
            unique=True,
            postgresql_where=text("state IN ('waiting','offered')"),
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"), index=True)
    state: Mapped[str]
    joined_at: Mapped[datetime]
    place: Mapped[int | None] = mapped_column(default=None)
    claim_id: Mapped[UUID | None] = mapped_column(default=None)
