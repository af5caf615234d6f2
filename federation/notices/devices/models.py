from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class PushDevice(Base, kw_only=True):
    """One browser that somebody asked to be told on: its push service's address and its keys.

    The address is a secret: who knows it and our key can make the device ring.
    """

    __tablename__ = "push_device"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str]
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    made_at: Mapped[datetime]
    rests_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until when its push service wants to be left alone."""
