from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class PoolPlan(Base, kw_only=True):
    """What the planner answered for one pool, with the scenario that reproduces it."""

    __tablename__ = "pool_plan"
    __table_args__ = (
        CheckConstraint("state IN ('ordered','refused','draft','published')", name="state"),
        CheckConstraint(
            "(state IN ('draft','published')) = (plan IS NOT NULL)", name="planned_when_drafted"
        ),
        CheckConstraint("purpose IN ('plan','repair')", name="purpose"),
        CheckConstraint("stop IN ('keep','drop')", name="stop"),
        Index(None, "pool_id", "made_at"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    state: Mapped[str]
    scenario: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any] | None]
    trouble: Mapped[str | None] = mapped_column(default=None)
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    purpose: Mapped[str] = mapped_column(default="plan", server_default="plan")
    stop: Mapped[str | None] = mapped_column(default=None)
    progress: Mapped[dict[str, Any] | None] = mapped_column(default=None)
