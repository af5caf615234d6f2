from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class LivedReview(Base, kw_only=True):
    """That somebody with lived experience has reviewed exactly these words of a text.

    `who` is for the project's own coordinators alone and can be erased; the release says only
    that the review took place. It marks a person as a peer, so nothing else may refer to it.
    """

    __tablename__ = "lived_review"
    __table_args__ = (
        Index(None, "item_id"),
        CheckConstraint("length(who) BETWEEN 1 AND 200", name="who"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    words: Mapped[bytes]
    who: Mapped[str | None]
    at: Mapped[datetime]
