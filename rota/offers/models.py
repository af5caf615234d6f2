from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Offer(Base, kw_only=True):
    """Home's word that a handle can take a drafted shift; all that a host learns of a calendar."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("handle_id", "shift_id"),
        CheckConstraint("preference BETWEEN 0 AND 2", name="preference"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"))
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), index=True)
    preference: Mapped[int]
