from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ItemVersion(Base, kw_only=True):
    """One saved state of a text; none is ever pruned: a pruned history is no evidence.

    `saved_by` is for the project's own eyes; no release, feed or bundle says it.
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    written: Mapped[dict[str, Any]]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    released_as: Mapped[str | None] = mapped_column(default=None)
