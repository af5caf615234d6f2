from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class AllowedFinding(Base, kw_only=True):
    """What the screen finds and a project has decided to leave: a helpline's number, say, and why.

    Kept as a hash, so that a number that should not be here stands in one place less.
    """

    __tablename__ = "allowed_finding"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "hash"),
        CheckConstraint("length(reason) BETWEEN 1 AND 300", name="says_why"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str]
    hash: Mapped[bytes]
    reason: Mapped[str]
    allowed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    allowed_at: Mapped[datetime]
