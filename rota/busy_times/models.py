from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, text
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class BusyCalendar(Base, kw_only=True):
    """A calendar elsewhere of which a person lets us read when they are busy, and nothing else.

    `busy` is what was last read; `read_at` is when that was, null if it never could be. A failure
    leaves both as they are.
    """

    __tablename__ = "busy_calendar"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    address: Mapped[bytes]
    """Sealed; it is never shown again."""
    made_at: Mapped[datetime]
    busy: Mapped[MultiRange[datetime]] = mapped_column(
        TSTZMULTIRANGE(), server_default=text("'{}'"), default_factory=MultiRange
    )
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(default=None)
    """The code of what went wrong the last time, null if nothing did."""
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the person was told that these times no longer count as known."""
