from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class MailAddress(Base, kw_only=True):
    """Where somebody gets mail: only they see it, and nothing is sent before they confirm it.

    In a table of its own, so that taking it back erases it. A new one waits beside the one that
    works, until it is confirmed in turn. `id` is random and tells nothing; links are made from it.
    """

    __tablename__ = "mail_address"
    __table_args__ = (
        Index(
            "uq_mail_address_confirmed",
            "person_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_mail_address_asked",
            "person_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    refused_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when its mail server refuses mail for it; nothing more is sent meanwhile."""
