from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Passkey(Base, kw_only=True):
    """A key of somebody's device or password manager (WebAuthn); here is its public half."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint("device IN ('phone','tablet','computer','manager','key')", name="device"),
        CheckConstraint("sign_count BETWEEN 0 AND 4294967295", name="sign_count"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential: Mapped[bytes] = mapped_column(unique=True)
    """By what the device calls it: made by chance, and for this node alone."""
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger())
    """As the device counts its signatures; many do not, and always say 0."""
    device: Mapped[str | None]
    """Its owner's word; make and model are not asked for."""
    made_at: Mapped[datetime]
    last_used_on: Mapped[date | None] = mapped_column(default=None)


class PasskeyChallenge(Base, kw_only=True):
    """What a passkey is to sign next, once; for somebody who adds one, or for nobody yet."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        CheckConstraint(
            "expires_at > made_at AND expires_at <= made_at + interval '5 minutes'",
            name="short_lived",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
