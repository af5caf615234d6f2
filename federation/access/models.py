from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class SignInLink(Base, kw_only=True):
    """A one-time link that a coordinator hands over; only the hash of its secret is kept."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class WebSession(Base, kw_only=True):
    """Somebody signed in with a browser; ends on the server, whatever the cookie says."""

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("device IN ('phone','tablet','computer','shared')", name="device"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    device: Mapped[str | None] = mapped_column(default=None)
    """What its owner called the device; nothing that the browser says of itself is kept."""
    last_seen_on: Mapped[date | None] = mapped_column(default=None)


class ApiToken(Base, kw_only=True):
    """A program's way in, on behalf of one person."""

    __tablename__ = "api_token"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime]
    last_used_on: Mapped[date | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
