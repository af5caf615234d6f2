from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ExcludedWeeks(Base, kw_only=True):
    """Weeks that say nothing about usual demand, as one project sees it: a campaign, a holiday."""

    __tablename__ = "excluded_weeks"
    __table_args__ = (
        UniqueConstraint("project_id", "pool_id", "first_monday"),
        CheckConstraint("extract(isodow FROM first_monday) = 1", name="monday"),
        CheckConstraint("weeks BETWEEN 1 AND 26", name="weeks"),
        CheckConstraint("reason IN ('campaign','holidays','outage','other')", name="reason"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    first_monday: Mapped[date]
    weeks: Mapped[int]
    reason: Mapped[str]
