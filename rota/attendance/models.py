from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class CheckIn(Base, kw_only=True):
    """How a session stands for all: begun, busy, paused, ended; only then is it "open now".

    `claim_id` says who began it, and is null where the host told this node of it.
    """

    __tablename__ = "check_in"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), unique=True)
    claim_id: Mapped[UUID | None]
    at: Mapped[datetime]
    busy: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    paused_since: Mapped[datetime | None] = mapped_column(default=None)
    did_not_happen: Mapped[str | None] = mapped_column(default=None)


class Attendance(Base, kw_only=True):
    """One seat holder's part in one session: when they came, were late, left, had the debrief.

    Home keeps all of it; a host knows of others' people only what decides whether it is open.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="left_after_arrival"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), index=True)
    arrived_at: Mapped[datetime | None] = mapped_column(default=None)
    late_until: Mapped[datetime | None] = mapped_column(default=None)
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    debriefed_at: Mapped[datetime | None] = mapped_column(default=None)


class SessionStep(Base, kw_only=True):
    """What the clock has done for a session at this node; each step is taken once."""

    __tablename__ = "session_step"

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
