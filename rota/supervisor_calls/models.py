from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class SupervisorCall(Base, kw_only=True):
    """A seat holder asks for the supervisor; the same id on every node that has to do with it.

    The host moves it on. It says nothing of why: no word about anybody is ever in it.
    """

    __tablename__ = "supervisor_call"
    __table_args__ = (
        CheckConstraint("step IN ('supervisor','deputy','coordinator')", name="step"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), index=True)
    claim_id: Mapped[UUID | None]
    called_at: Mapped[datetime]
    step: Mapped[str]
    step_at: Mapped[datetime]
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[str | None] = mapped_column(default=None)


class CallAsked(Base, kw_only=True):
    """Who has been asked to answer a call: a person of this node, or a handle of another."""

    __tablename__ = "call_asked"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        UniqueConstraint("call_id", "handle_id"),
        CheckConstraint("num_nonnulls(person_id, handle_id) = 1", name="one_asked"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("supervisor_call.id"))
    step: Mapped[str]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    handle_id: Mapped[UUID | None] = mapped_column(ForeignKey("handle.id"), default=None)
