from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ReentryFinding(Base, kw_only=True):
    """Something that a restore left for a coordinator of one project to look at.

    Ids only, since what they name may be known elsewhere alone: a claim under a handle that this
    node does not know, a session that partners know differently, a seat that went to another.
    """

    __tablename__ = "reentry_finding"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('unknown-handle','session-differs','session-called-off',"
            "'session-entered-again','seat-lost')",
            name="kind",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    restore_id: Mapped[UUID] = mapped_column(ForeignKey("restore.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str]
    claim_id: Mapped[UUID | None] = mapped_column(default=None)
    shift_id: Mapped[UUID | None] = mapped_column(default=None)
    host: Mapped[str | None] = mapped_column(default=None)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
