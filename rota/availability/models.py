from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class WeeklyWindow(Base, kw_only=True):
    """A recurring time, in the person's zone, at which they can work; never leaves home."""

    __tablename__ = "weekly_window"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("preference BETWEEN 0 AND 2", name="preference"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str]
    preference: Mapped[int] = mapped_column(default=1)


class Leave(Base, kw_only=True):
    """Time at which a person is away; whatever touches it is refused."""

    __tablename__ = "leave"
    __table_args__ = (CheckConstraint("NOT isempty(during)", name="during_not_empty"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    during: Mapped[Range[datetime]]
