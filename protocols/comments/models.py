from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ItemComment(Base, kw_only=True):
    """What somebody of the project says about a text or one block of it; it never leaves the node.

    `block` stays when the block is gone, so that what was said can still be read.
    An erased comment keeps its place and who resolved it, and neither its words nor its author.
    """

    __tablename__ = "item_comment"
    __table_args__ = (
        CheckConstraint("length(said) BETWEEN 1 AND 4000", name="said"),
        CheckConstraint("(said IS NULL) = (author_id IS NULL)", name="erased_whole"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_by"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), index=True)
    block: Mapped[UUID | None]
    version: Mapped[int]
    said: Mapped[str | None]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
