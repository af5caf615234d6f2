from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class SessionSetting(Base, kw_only=True):
    """What seat holders need around a session; said of a pool, a channel or one shift.

    What a shift leaves open its channel says, and then its pool. Contacts are an organisation's.
    """

    __tablename__ = "session_setting"
    __table_args__ = (
        CheckConstraint("num_nonnulls(pool_id, channel_id, shift_id) = 1", name="one_place"),
        CheckConstraint("conversations_at_once >= 1", name="conversations_at_once"),
        CheckConstraint("answer_minutes BETWEEN 1 AND 60", name="answer_minutes"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool.id"), unique=True, default=None)
    channel_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("channel.id"), unique=True, default=None
    )
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shift.id"), unique=True, default=None)
    meeting_link: Mapped[str | None] = mapped_column(default=None)
    contact_label: Mapped[str | None] = mapped_column(default=None)
    contact_number: Mapped[str | None] = mapped_column(default=None)
    contact_link: Mapped[str | None] = mapped_column(default=None)
    conversations_at_once: Mapped[int | None] = mapped_column(default=None)
    never_alone: Mapped[bool | None] = mapped_column(default=None)
    deputy_handle_id: Mapped[UUID | None] = mapped_column(ForeignKey("handle.id"), default=None)
    answer_minutes: Mapped[int | None] = mapped_column(default=None)
