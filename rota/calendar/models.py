from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class CalendarAddress(Base, kw_only=True):
    """A secret address of one person's own rota, one per device; revoked ones stay as tombstones.

    `body` is the calendar as it is served, built when a held seat changes: building costs,
    answering must not. `name` and `title` are what the person wants others to read on a screen.
    """

    __tablename__ = "calendar_address"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(default="")
    body: Mapped[bytes] = mapped_column(default=b"")
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
