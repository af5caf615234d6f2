from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class RecordSum(Base, kw_only=True):
    """How often something was recorded in a month; it changes with each record and outlives it."""

    __tablename__ = "record_sum"
    __table_args__ = (
        UniqueConstraint("project_id", "pool_id", "channel_id", "month", "dimension", "value"),
        CheckConstraint("count >= 0", name="not_negative"),
        CheckConstraint("extract(day FROM month) = 1", name="first_of_month"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    month: Mapped[date]
    dimension: Mapped[str]
    value: Mapped[str]
    count: Mapped[int]


class HourSum(Base, kw_only=True):
    """How many wrote in one hour of one local week of the pool, by language: what demand reads."""

    __tablename__ = "hour_sum"
    __table_args__ = (
        UniqueConstraint(
            "project_id", "pool_id", "channel_id", "monday", "hour", "language", "kind"
        ),
        CheckConstraint("count >= 0", name="not_negative"),
        CheckConstraint("hour BETWEEN 0 AND 167", name="hour"),
        CheckConstraint("extract(isodow FROM monday) = 1", name="monday"),
        CheckConstraint("kind IN ('talked','turned-away')", name="kind"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    monday: Mapped[date]
    hour: Mapped[int]
    language: Mapped[str]
    kind: Mapped[str]
    count: Mapped[int]
