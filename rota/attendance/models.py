from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class CheckIn(Base, kw_only=True):
    """A worker says that a session has begun; only then is it "open now"."""

    __tablename__ = "check_in"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), unique=True)
    claim_id: Mapped[UUID]
    at: Mapped[datetime]
    busy: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
