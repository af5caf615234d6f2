from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class AskedReading(Base, kw_only=True):
    """Since when a project's people have to have read what holds of an item, and how urgent it is.

    `asked` names the words that have to be read: as long as it stays, so does `since`. `days` is
    what the author of the text allows those who have a seat; null where that was left to the pool,
    0 where it is to be read at once.
    """

    __tablename__ = "asked_reading"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    urn: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[bytes]
    since: Mapped[datetime]
    days: Mapped[int | None]
