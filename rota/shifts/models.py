from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ShiftPattern(Base, kw_only=True):
    """The recurring rule, in local time, that makes shifts.

    `repeats` says whether `every_weeks` or `nth` counts. A pattern that was changed is followed by
    another one, its `successor`; `ended_at` marks one that makes no more shifts at all.
    `set_down_as` names what was set down, so that a repeated request finds it.
    """

    __tablename__ = "shift_pattern"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("every_weeks >= 1", name="every_weeks"),
        CheckConstraint("repeats IN ('once','weekly','monthly')", name="repeats"),
        CheckConstraint("(repeats = 'monthly') = (nth IS NOT NULL)", name="nth_of_the_month"),
        CheckConstraint("holidays IN ('run','skip')", name="holidays"),
        UniqueConstraint("pool_id", "set_down_as"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), index=True)
    series: Mapped[str]
    weekday: Mapped[int]
    starts: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    every_weeks: Mapped[int]
    briefing_minutes: Mapped[int]
    debrief_minutes: Mapped[int]
    languages: Mapped[list[str]]
    wanted_languages: Mapped[list[str]]
    theme: Mapped[str | None]
    demand: Mapped[float]
    seats: Mapped[list[str]]
    repeats: Mapped[str] = mapped_column(default="weekly", server_default="weekly")
    nth: Mapped[int | None] = mapped_column(default=None)
    holidays: Mapped[str] = mapped_column(default="run", server_default="run")
    holiday_region: Mapped[str | None] = mapped_column(default=None)
    pauses: Mapped[list[dict[str, Any]]] = mapped_column(
        default_factory=list, server_default=text("'[]'::jsonb")
    )
    clock_answers: Mapped[list[dict[str, Any]]] = mapped_column(
        default_factory=list, server_default=text("'[]'::jsonb")
    )
    clock_told: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    """The days for which coordinators were told that a clock change asks them something."""
    ground_rules: Mapped[str | None] = mapped_column(default=None)
    minimum_workers: Mapped[int | None] = mapped_column(default=None)
    minimum_supervisors: Mapped[int | None] = mapped_column(default=None)
    successor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("shift_pattern.id"), index=True, default=None
    )
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    set_down_as: Mapped[str | None] = mapped_column(default=None)


class Shift(Base, kw_only=True):
    """One staffed period on a channel: UTC plus the zone of the people who planned it.

    `open` is true while its minimum is confirmed; only such hours are ever published.
    A node that does not host the pool keeps a copy, as told by the pool's feed.
    `exception_at` marks one that a person changed by itself: its series leaves it alone.
    """

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("pattern_id", "pattern_day"),
        CheckConstraint("ends > starts", name="ends_after_start"),
        CheckConstraint("briefing_minutes >= 0 AND debrief_minutes >= 0", name="meetings"),
        Index(None, "pool_id", "starts"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), index=True)
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    zone: Mapped[str]
    briefing_minutes: Mapped[int]
    debrief_minutes: Mapped[int]
    languages: Mapped[list[str]]
    wanted_languages: Mapped[list[str]]
    theme: Mapped[str | None]
    demand: Mapped[float]
    minimum_workers: Mapped[int]
    minimum_supervisors: Mapped[int]
    trainings: Mapped[list[str]]
    series: Mapped[str | None] = mapped_column(default=None)
    pattern_id: Mapped[UUID | None] = mapped_column(ForeignKey("shift_pattern.id"), default=None)
    pattern_day: Mapped[date | None] = mapped_column(default=None)
    open: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    texts_at_start: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    ground_rules: Mapped[str | None] = mapped_column(default=None)
    exception_at: Mapped[datetime | None] = mapped_column(default=None)


class Seat(Base, kw_only=True):
    """One place on a shift; `state` follows from its claim, and is what partners are told.

    `watched` is true while somebody waits for it or is asked to take it: the host then looks at
    it again whenever it changes hands.
    """

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint("role IN ('lead','second','supervisor','observer','trainee')", name="role"),
        CheckConstraint("state IN ('open','requested','proposed','held')", name="state"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), index=True)
    role: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    watched: Mapped[bool] = mapped_column(default=False, server_default=false())
