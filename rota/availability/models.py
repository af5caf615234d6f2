from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
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
        CheckConstraint(
            "every_weeks = 1 OR (every_weeks = 2 AND first_day IS NOT NULL)", name="every_weeks"
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str]
    preference: Mapped[int] = mapped_column(default=1)
    every_weeks: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    first_day: Mapped[date | None] = mapped_column(default=None)
    """From which day on; of a fortnightly time it also says in which weeks."""


class DatedWindow(Base, kw_only=True):
    """What holds on one day, whatever the weekly wishes say of that time.

    `preference` is null where the person cannot work then.
    """

    __tablename__ = "dated_window"
    __table_args__ = (
        UniqueConstraint("person_id", "day", "starts"),
        CheckConstraint("minutes > 0 AND minutes <= 1440", name="minutes"),
        CheckConstraint("preference BETWEEN 0 AND 2", name="preference"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    starts: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str]
    preference: Mapped[int | None]


class Leave(Base, kw_only=True):
    """Time at which a person is away; whatever touches it is refused."""

    __tablename__ = "leave"
    __table_args__ = (CheckConstraint("NOT isempty(during)", name="during_not_empty"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    during: Mapped[Range[datetime]]
