from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class ReadingNotice(Base, kw_only=True):
    """That somebody was told of a text to read, or reminded; each step is taken once a text."""

    __tablename__ = "reading_notice"
    __table_args__ = (CheckConstraint("step IN ('new','soon','last','late')", name="step"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked: Mapped[bytes] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class ShiftReading(Base, kw_only=True):
    """Whether all of a project's people on a shift have read what holds: that, and no more.

    Home keeps what it has told the host; the host keeps what homes have told it.
    """

    __tablename__ = "shift_reading"

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    passes: Mapped[bool]
    at: Mapped[datetime]
