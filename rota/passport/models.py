from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Training(Base, kw_only=True):
    """A training that the person's own project attests; `expires` is the last valid day.

    It never leaves home. Withdrawn, it ends on a day that is over everywhere, so that whatever
    asks for a valid day needs to know nothing else.
    """

    __tablename__ = "training"
    __table_args__ = (UniqueConstraint("person_id", "name", "issued"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    issued: Mapped[date]
    expires: Mapped[date]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class ToolAccount(Base, kw_only=True):
    """An account that the owner of a channel's tool has made for a handle, under its pseudonym.

    Known to the host alone: a home learns of it by what the host grants or refuses.
    """

    __tablename__ = "tool_account"
    __table_args__ = (
        Index(
            "uq_tool_account_current",
            "channel_id",
            "handle_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"), index=True)
    granted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
