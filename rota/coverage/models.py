from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class PoolHours(Base, kw_only=True):
    """What a project gives a pool in one local week: totals, as the host states them to members.

    `given` counts worker's seats from briefing to debrief, `on_call` supervisors' from start to
    end; both in hours. Nothing in it tells who.
    """

    __tablename__ = "pool_hours"
    __table_args__ = (
        UniqueConstraint("pool_id", "project_id", "monday"),
        CheckConstraint("given >= 0 AND on_call >= 0", name="hours_not_negative"),
        CheckConstraint("extract(isodow FROM monday) = 1", name="monday_is_one"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    monday: Mapped[date]
    given: Mapped[float]
    on_call: Mapped[float]
