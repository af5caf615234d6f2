from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, ExcludeConstraint, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Booking(Base, kw_only=True):
    """A person's time, kept at home from briefing to debrief: nobody is booked twice.

    `exchange_id` is the row's own id unless the booking replaces another one (a swap).
    On-call bookings may overlap one another, never a worker's seat; how many at once is a rule.
    What replaces another booking stands beside it until the host of both seats has decided.
    """

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("claim_id"),
        ExcludeConstraint(
            ("person_id", "="),
            ("during", "&&"),
            ("exchange_id", "<>"),
            where=text("active AND NOT on_call"),
            using="gist",
            name="no_double_booking",
        ),
        ExcludeConstraint(
            ("person_id", "="),
            ("during", "&&"),
            (text("(on_call::int)"), "<>"),
            ("exchange_id", "<>"),
            where=text("active"),
            using="gist",
            name="no_on_call_while_seated",
        ),
        CheckConstraint("NOT isempty(during)", name="during_not_empty"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    during: Mapped[Range[datetime]]
    on_call: Mapped[bool]
    exchange_id: Mapped[UUID]
    active: Mapped[bool] = mapped_column(default=True)
    busy_told: Mapped[MultiRange[datetime] | None] = mapped_column(TSTZMULTIRANGE(), default=None)
    """The part of it for which the person was told that a calendar of theirs says busy."""
