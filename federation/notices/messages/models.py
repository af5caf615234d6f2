from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class NoticeMessage(Base, kw_only=True):
    """One mail, or one push to one device: "there is a change in your plan", however many.

    What happens before the first attempt joins it; afterwards nothing does, since it may have
    arrived. `id` is random and its mail's Message-ID, so that a repeat can be recognised.
    `target` is the address or the device; one that is gone is not looked for.
    """

    __tablename__ = "notice_message"
    __table_args__ = (
        Index(
            "uq_notice_message_waiting",
            "target",
            "kind",
            unique=True,
            postgresql_where=text("state = 'waiting' AND tried_at IS NULL"),
        ),
        CheckConstraint("channel IN ('email','push')", name="channel"),
        CheckConstraint("kind IN ('change','reminder')", name="kind"),
        CheckConstraint("state IN ('waiting','sent','not-needed','given-up')", name="state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str]
    target: Mapped[UUID]
    kind: Mapped[str]
    urgent: Mapped[bool]
    first_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
