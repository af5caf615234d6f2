from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class AnswerMark(Base, kw_only=True):
    """Somebody of a project says that an answer is wrong or hard to read; who, is kept nowhere.

    `project_id` and `project` say whose worker it was, who may be on another node; `day` is not
    finer than a day. `node_id` is the partner that told; null where it was said here.
    """

    __tablename__ = "answer_mark"
    __table_args__ = (
        CheckConstraint("kind IN ('wrong','hard-to-read')", name="kind"),
        CheckConstraint("char_length(note) <= 500", name="note_is_short"),
        CheckConstraint("char_length(project) <= 200", name="project_is_short"),
        Index(None, "urn", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    urn: Mapped[str]
    number: Mapped[str]
    language: Mapped[str]
    kind: Mapped[str]
    note: Mapped[str]
    project_id: Mapped[UUID]
    project: Mapped[str]
    day: Mapped[date]
    node_id: Mapped[str | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
