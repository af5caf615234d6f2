from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Signpost(Base, kw_only=True):
    """A service that people are referred to, as one project knows it; never a person.

    `source_id` names it in the list that it was imported from, so that a second import changes it.
    `told_at` is when its project was told that it no longer holds.
    """

    __tablename__ = "signpost"
    __table_args__ = (
        UniqueConstraint("project_id", "source_id"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint("check_every_days BETWEEN 1 AND 730", name="check_every_days"),
        CheckConstraint("expires > last_checked", name="expires_after_it_was_checked"),
        CheckConstraint("phone <> '' OR email <> '' OR web <> ''", name="can_be_reached"),
        Index(None, "expires"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    source_id: Mapped[str | None]
    name: Mapped[str]
    services: Mapped[str]
    opening: Mapped[str]
    area: Mapped[str]
    languages: Mapped[list[str]]
    phone: Mapped[str]
    email: Mapped[str]
    web: Mapped[str]
    last_checked: Mapped[date]
    check_every_days: Mapped[int]
    expires: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    told_at: Mapped[datetime | None] = mapped_column(default=None)
