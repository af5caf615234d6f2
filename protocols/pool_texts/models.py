from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, case
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class PoolText(Base, kw_only=True):
    """The item that a pool has named, per kind, as being in force on its shifts.

    `project_id` is whose text is meant; null where a host of before did not say. It was said of
    `project_urn`: a program of before migration 0022 puts another `urn` in force and leaves both.
    """

    __tablename__ = "pool_text"
    __table_args__ = (
        UniqueConstraint("pool_id", "protocol_kind"),
        CheckConstraint("(project_id IS NULL) = (project_urn IS NULL)", name="project_of_a_urn"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    protocol_kind: Mapped[str]
    urn: Mapped[str]
    project_id: Mapped[UUID | None] = mapped_column(default=None)
    project_urn: Mapped[str | None] = mapped_column(default=None)


OWNER = case((PoolText.project_urn == PoolText.urn, PoolText.project_id))
"""Whose text a pool has named, as far as its host has said."""


class PoolTextRule(Base, kw_only=True):
    """What a pool asks of every text on its shifts; no row asks nothing."""

    __tablename__ = "pool_text_rule"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    lived_experience: Mapped[bool]
