from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class CoverRequest(Base, kw_only=True):
    """Others are asked to take a seat, a step of the ladder at a time; the host decides.

    `asked`: its holder still has it until somebody else does. `vacated`: nobody has it any more.
    `claim_id` and `project_id` say whose seat it was; partners' nodes are told neither.
    """

    __tablename__ = "cover_request"
    __table_args__ = (
        CheckConstraint("kind IN ('asked','vacated')", name="kind"),
        CheckConstraint("step IN ('own-project','partners','coordinator')", name="step"),
        CheckConstraint(
            "state IN ('asked','open','withdrawing','covered','withdrawn','lapsed')", name="state"
        ),
        CheckConstraint(
            "(closed_at IS NULL) = (state IN ('asked','open','withdrawing'))", name="closed"
        ),
        Index(
            "uq_cover_request_one_open",
            "seat_id",
            unique=True,
            postgresql_where=text("state = 'open' AND decided_here"),
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("claim.id"), index=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str]
    step: Mapped[str]
    state: Mapped[str]
    decided_here: Mapped[bool]
    until: Mapped[datetime]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
