from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class FavouriteAnswer(Base, kw_only=True):
    """An answer that somebody keeps at hand; nobody else sees it, and it goes with them."""

    __tablename__ = "favourite_answer"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    urn: Mapped[str] = mapped_column(primary_key=True)
    kept_at: Mapped[datetime]


class RecentAnswer(Base, kw_only=True):
    """An answer that somebody copied lately: theirs alone, and only the last few are kept."""

    __tablename__ = "recent_answer"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    urn: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
