from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class RecordSetting(Base, kw_only=True):
    """What a project records, and for how many days it keeps single records; then only sums."""

    __tablename__ = "record_setting"
    __table_args__ = (CheckConstraint("keep_days BETWEEN 1 AND 1096", name="keep_days"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    keep_days: Mapped[int]
    areas: Mapped[list[str]] = mapped_column(default_factory=list)
    asks_gender: Mapped[bool] = mapped_column(default=False, server_default=false())
    asks_nationality: Mapped[bool] = mapped_column(default=False, server_default=false())
    keeps_notes: Mapped[bool] = mapped_column(default=False, server_default=false())


class RecordDeletion(Base, kw_only=True):
    """That single records were deleted because their time was over, and how many; for people."""

    __tablename__ = "record_deletion"
    __table_args__ = (
        CheckConstraint("records > 0 AND contacts >= 0", name="something"),
        Index(None, "project_id", "at"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    at: Mapped[datetime]
    last_day: Mapped[date]
    """The last local day of which records were deleted."""
    records: Mapped[int]
    contacts: Mapped[int]
