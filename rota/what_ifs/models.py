from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class WhatIf(Base, kw_only=True):
    """A question about a pool's rota; nothing in the rota ever follows from its answer."""

    __tablename__ = "what_if"
    __table_args__ = (
        CheckConstraint("state IN ('ordered','refused','answered')", name="state"),
        CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name="answered"),
        Index(None, "pool_id", "made_at"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    state: Mapped[str]
    change: Mapped[dict[str, Any]]
    scenario: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any] | None]
    trouble: Mapped[str | None] = mapped_column(default=None)
    made_at: Mapped[datetime]
