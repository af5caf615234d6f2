from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class HandoverNote(Base, kw_only=True):
    """A word from one session's people to the next one's on the channel; it expires.

    `seq` is that of the event which told the host, so that its content can be erased there too.
    """

    __tablename__ = "handover_note"
    __table_args__ = (
        CheckConstraint("expires_at > written_at", name="expires_after_writing"),
        CheckConstraint("char_length(text) <= 500", name="short"),
        Index(None, "expires_at"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), index=True)
    claim_id: Mapped[UUID]
    text: Mapped[str]
    written_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seq: Mapped[int | None] = mapped_column(default=None)
