from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Authenticator(Base, kw_only=True):
    """Somebody's app that makes codes (RFC 6238); it counts once a code of it was seen."""

    __tablename__ = "authenticator"
    __table_args__ = (
        CheckConstraint(
            "confirmed_at IS NULL OR last_step IS NOT NULL", name="confirmed_by_a_code"
        ),
        CheckConstraint(
            "wrong BETWEEN 0 AND 10 AND (wrong = 0) = (wrong_since IS NULL)", name="wrong_codes"
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    secret: Mapped[bytes]
    """Sealed; the app has the same."""
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    last_step: Mapped[int | None] = mapped_column(BigInteger(), default=None)
    """Of the last code that was taken; it and those before it are taken no more."""
    wrong: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryCode(Base, kw_only=True):
    """A code on paper for when the app is gone; it is deleted as it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("authenticator_id", "mark"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    authenticator_id: Mapped[UUID] = mapped_column(
        ForeignKey("authenticator.id", ondelete="CASCADE")
    )
    mark: Mapped[bytes]
    """Keyed with the node's seal: who has the database alone can try nothing out."""
