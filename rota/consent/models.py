from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class Consent(Base, kw_only=True):
    """A claim that waits for the yes of a coordinator of the worker's own project; home's side.

    `cover_id` names the cover request that the claim would answer, where it does. The reason of
    a no is the coordinator's own words, read by the worker and never sent to another node.
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','given','refused','lapsed')", name="state"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[str]
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("cover_request.id"), default=None)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
