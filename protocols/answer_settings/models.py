from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base

FALLBACK = "fallback IN ('hide','fall-back','warn')"


class AnswerSetting(Base, kw_only=True):
    """What a project wants where an answer lacks a language, and how long an SMS may be."""

    __tablename__ = "answer_setting"
    __table_args__ = (
        CheckConstraint(FALLBACK, name="fallback"),
        CheckConstraint("sms_segments BETWEEN 1 AND 10", name="sms_segments"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    fallback: Mapped[str]
    sms_segments: Mapped[int]


class AnswerFallback(Base, kw_only=True):
    """The same for one answer, where it differs from the project's rule."""

    __tablename__ = "answer_fallback"
    __table_args__ = (CheckConstraint(FALLBACK, name="fallback"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    urn: Mapped[str] = mapped_column(primary_key=True)
    fallback: Mapped[str]
