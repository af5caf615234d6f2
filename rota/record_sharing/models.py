from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class RecordSharing(Base, kw_only=True):
    """That a project lets the members of a pool see its sums, from a month on."""

    __tablename__ = "record_sharing"
    __table_args__ = (CheckConstraint("extract(day FROM first_month) = 1", name="first_of_month"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    first_month: Mapped[date]


class SharedCounts(Base, kw_only=True):
    """One project's month as members of the pool may see it; published once, and never again.

    Counts that could identify somebody are hidden in it, with what would reveal them.
    """

    __tablename__ = "shared_counts"
    __table_args__ = (
        UniqueConstraint("project_id", "pool_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    month: Mapped[date]
    published_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
