from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Notice(Base, kw_only=True):
    """Something that a person should know, in neutral words; shown until it is seen.

    `about` is what it asks for, of which others can say whether it still stands.
    """

    __tablename__ = "notice"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    about: Mapped[UUID | None] = mapped_column(default=None)
