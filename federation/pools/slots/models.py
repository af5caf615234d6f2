from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class LanguageSlot(Base, kw_only=True):
    """A fixed regular time at which a language of few speakers is shown, while all of them agree.

    Its time is that of the sessions when it was proposed: whoever moves a series has not moved
    what people agreed to. `agreed` is all that members learn; who agreed is not in it.
    """

    __tablename__ = "language_slot"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        Index(
            "uq_language_slot_current",
            "pool_id",
            "series",
            "language",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NULL OR NOT agreed", name="ended_is_not_agreed"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    series: Mapped[str]
    language: Mapped[str]
    weekday: Mapped[int]
    starts: Mapped[time]
    zone: Mapped[str]
    agreed: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SlotAgreement(Base, kw_only=True):
    """One speaker's yes to a slot; it is deleted when they take it back, or speak there no more."""

    __tablename__ = "slot_agreement"

    slot_id: Mapped[UUID] = mapped_column(ForeignKey("language_slot.id"), primary_key=True)
    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"), primary_key=True, index=True)
    agreed_at: Mapped[datetime]
