from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class PersonCalendar(Base, kw_only=True):
    """How often somebody's plan has changed since they first made an address, and when last.

    Whoever changes a plan raises `revision`, and no more: feeds are written when asked for.
    """

    __tablename__ = "person_calendar"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=1)
    changed_at: Mapped[datetime]


class CalendarAddress(Base, kw_only=True):
    """A secret address of one person's feed, one per device; revoked ones stay as tombstones.

    `body` is the feed as it is served, written by the first request after a change: `built_from`
    names the revision that it shows, `built_on` the day around which it shows it. `label` is the
    person's own; `name`, `title`, `level` and `alarm_minutes` decide what others read on a screen.
    `worded_at` is when these words were last changed, `stamped_at` the latest LAST-MODIFIED shown.
    """

    __tablename__ = "calendar_address"
    __table_args__ = (
        CheckConstraint("shows IN ('rota','open-seats','pool')", name="shows"),
        CheckConstraint("(shows = 'pool') = (pool_id IS NOT NULL)", name="pool_of_pool_feed"),
        CheckConstraint("level IN ('title','busy')", name="level"),
        CheckConstraint("weeks BETWEEN 4 AND 8", name="weeks"),
        CheckConstraint("alarm_minutes BETWEEN 0 AND 1440", name="alarm_minutes"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    shows: Mapped[str] = mapped_column(default="rota", server_default=text("'rota'"))
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool.id"), default=None)
    level: Mapped[str] = mapped_column(default="title", server_default=text("'title'"))
    alarm_minutes: Mapped[int | None] = mapped_column(default=None)
    weeks: Mapped[int] = mapped_column(default=6, server_default=text("6"))
    etag: Mapped[str] = mapped_column(default="")
    body: Mapped[bytes] = mapped_column(default=b"")
    built_from: Mapped[str | None] = mapped_column(default=None)
    built_on: Mapped[date | None] = mapped_column(default=None)
    worded_at: Mapped[datetime | None] = mapped_column(default=None)
    stamped_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_on: Mapped[date | None] = mapped_column(default=None)


class CalendarEntry(Base, kw_only=True):
    """What calendars were last told of one claim: its permanent UID, a SEQUENCE that only rises."""

    __tablename__ = "calendar_entry"

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int]
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    changed_at: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class CalendarShiftEntry(Base, kw_only=True):
    """What one address was last told of a shift that is nobody's own: open seats, a pool's state.

    UIDs are of this address alone, so that two people's calendars have nothing in common.
    """

    __tablename__ = "calendar_shift_entry"

    address_id: Mapped[UUID] = mapped_column(ForeignKey("calendar_address.id"), primary_key=True)
    shift_id: Mapped[UUID] = mapped_column(
        ForeignKey("shift.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int]
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    status: Mapped[str]
    says: Mapped[str]
    changed_at: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(default=True)
