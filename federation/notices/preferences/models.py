from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base
from federation.notices.preferences.rules import DEFAULT_REMINDER_AT


class NoticePreference(Base, kw_only=True):
    """In which words and by which clock somebody is told, and whether they are reminded."""

    __tablename__ = "notice_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str | None] = mapped_column(default=None)
    zone: Mapped[str | None] = mapped_column(default=None)
    reminders: Mapped[bool] = mapped_column(default=False)
    reminder_at: Mapped[time] = mapped_column(default=DEFAULT_REMINDER_AT)
    reminded_for: Mapped[date | None] = mapped_column(default=None)
    """The day of which they were last reminded, so that nobody is reminded of it twice."""


class NoticeChannel(Base, kw_only=True):
    """When one channel may speak to somebody; without a row the rules' defaults hold."""

    __tablename__ = "notice_channel"
    __table_args__ = (
        CheckConstraint("channel IN ('email','push')", name="channel"),
        CheckConstraint("rhythm IN ('off','at-once','daily','weekly')", name="rhythm"),
        CheckConstraint("digest_weekday BETWEEN 0 AND 6", name="digest_weekday"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    rhythm: Mapped[str]
    quiet_from: Mapped[time]
    quiet_until: Mapped[time]
    urgent_breaks_quiet: Mapped[bool]
    digest_at: Mapped[time]
    digest_weekday: Mapped[int]
