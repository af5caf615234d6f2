from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class AnswerExport(Base, kw_only=True):
    """Answers that were carried into another tool: which tool, when, and by whom at home.

    What is copied out of here cannot be called back; it can only be ticked off as removed there.
    """

    __tablename__ = "answer_export"
    __table_args__ = (CheckConstraint("length(tool) BETWEEN 1 AND 60", name="tool"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    tool: Mapped[str]
    exported_at: Mapped[datetime]
    exported_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class ExportedAnswer(Base, kw_only=True):
    """One release in an export, and when somebody said that it is gone from that tool."""

    __tablename__ = "exported_answer"
    __table_args__ = (
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed_by_somebody"),
    )

    export_id: Mapped[UUID] = mapped_column(ForeignKey("answer_export.id"), primary_key=True)
    urn: Mapped[str] = mapped_column(primary_key=True, index=True)
    sequence: Mapped[int]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
