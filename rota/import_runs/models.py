from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ImportRun(Base, kw_only=True):
    """How far the import of an old table is, in numbers: the table itself is stored nowhere.

    `trouble` holds our own sentences, a line each, and repeats nothing of the table.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("state IN ('reading','taken','refused','interrupted')", name="state"),
        CheckConstraint("rows_read BETWEEN 0 AND rows_given", name="rows"),
        CheckConstraint("(state = 'refused') = (trouble IS NOT NULL)", name="refusal_says_why"),
        CheckConstraint("(state = 'reading') = (ended_at IS NULL)", name="ends_once"),
        Index(
            "uq_import_run_one_at_a_time",
            "project_id",
            unique=True,
            postgresql_where="state = 'reading'",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    rows_given: Mapped[int]
    seen_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="reading", server_default="reading")
    rows_read: Mapped[int] = mapped_column(default=0, server_default="0")
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    left_out: Mapped[int] = mapped_column(default=0, server_default="0")
    screened: Mapped[int] = mapped_column(default=0, server_default="0")
    contacts: Mapped[int] = mapped_column(default=0, server_default="0")
    trouble: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
