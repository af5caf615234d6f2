from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class RecordImport(Base, kw_only=True):
    """That an old table was taken in: what it added to the sums, and never a row of it.

    `content_mark` names the rows under this node's key, so that they are never counted twice;
    `added` is what taking it back subtracts, until its time is over.
    """

    __tablename__ = "record_import"
    __table_args__ = (
        UniqueConstraint("project_id", "pool_id", "content_mark"),
        CheckConstraint("contacts >= 0 AND sessions >= 0", name="not_negative"),
        CheckConstraint("contacts + sessions > 0", name="something"),
        CheckConstraint(
            "first_month <= last_month AND extract(day FROM first_month) = 1"
            " AND extract(day FROM last_month) = 1",
            name="months",
        ),
        Index(None, "project_id", "taken_at"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    content_mark: Mapped[bytes]
    taken_at: Mapped[datetime]
    contacts: Mapped[int]
    sessions: Mapped[int]
    first_month: Mapped[date]
    last_month: Mapped[date]
    added: Mapped[dict[str, Any] | None] = mapped_column(default=None)


class ImportedSession(Base, kw_only=True):
    """When an old table says that somebody was there: demand divides by it."""

    __tablename__ = "imported_session"
    __table_args__ = (
        CheckConstraint("ends > starts AND ends <= starts + interval '1 day'", name="length"),
        UniqueConstraint("import_id", "channel_id", "starts", "ends"),
        Index(None, "project_id", "pool_id", "starts"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("record_import.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
