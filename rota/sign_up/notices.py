"""What workers are told about their seats: neutral words, fit to be read over a shoulder."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.nearness import is_near
from rota.shifts.rules.spans import local_day
from rota.shifts.rules.written_days import written_day

OWN_WISH = frozenset({"worker", "coordinator"})
SEATED = "There is something new in your plan. Please look whether it suits you."
REFUSED = "A seat that you asked for went to somebody else or cannot be given."
ENDED = "There is a change in your plan: a seat of yours is no longer needed."
OFFERED = "Something that you wait for is offered to you. Please say whether you take it."
MOVED = (
    "There is a change in your plan on %(day)s: a time was moved. Please look whether it suits you."
)
MOVED_AWAY = (
    "There is a change in your plan on %(day)s: a time was moved, and the new one does not fit for "
    "you. The seat is free for others."
)
CALLED_OFF = "There is a change in your plan on %(day)s: it is called off."


async def tell_answer(session: AsyncSession, person_id: UUID, claim: Claim, now: datetime) -> None:
    """Tell of an answer that the person does not see at once: others' moves, and late refusals.

    A proposal that came to nothing is nobody's news: the person never had the seat. Who asked for
    it on somebody's behalf is told when it came to nothing.
    """
    own_wish = claim.origin == "worker" or claim.asked_by == person_id
    if claim.state == "held" and not own_wish:
        await tell_seated(session, person_id, claim, now)
    asked_by = claim.asked_by or (person_id if claim.origin in OWN_WISH else None)
    if claim.state == "refused" and asked_by is not None:
        await notify(session, person_id=asked_by, code="claim-refused", text=REFUSED, now=now)


async def tell_moved(
    session: AsyncSession,
    person_id: UUID,
    shift: Shift,
    now: datetime,
    *,
    was: datetime,
    stays: bool,
) -> None:
    """Tell a seat holder that a shift was moved, and whether the seat is still theirs.

    Where the time that it `was` or the new one is near, no digest is soon enough.
    """
    day = local_day(shift.starts, shift.zone)
    text = (MOVED if stays else MOVED_AWAY) % {"day": written_day(day)}
    urgent = is_near(min(was, shift.starts), now)
    await notify(
        session, person_id=person_id, code="shift-moved", text=text, now=now, urgent=urgent
    )


async def tell_cancelled(
    session: AsyncSession, person_id: UUID, shift: Shift, now: datetime
) -> None:
    """Tell a seat holder that a shift does not take place."""
    day = local_day(shift.starts, shift.zone)
    text = CALLED_OFF % {"day": written_day(day)}
    urgent = is_near(shift.starts, now)
    await notify(
        session, person_id=person_id, code="shift-cancelled", text=text, now=now, urgent=urgent
    )


async def _is_near(session: AsyncSession, claim: Claim, now: datetime) -> bool:
    starts: datetime | None = await session.scalar(
        select(Shift.starts).join(Seat, Seat.shift_id == Shift.id).where(Seat.id == claim.seat_id)
    )
    return starts is not None and is_near(starts, now)


async def tell_ended(session: AsyncSession, person_id: UUID, claim: Claim, now: datetime) -> None:
    """Tell somebody that a seat is no longer theirs, since its host has ended it."""
    urgent = await _is_near(session, claim, now)
    await notify(
        session, person_id=person_id, code="claim-ended", text=ENDED, now=now, urgent=urgent
    )


async def tell_seated(session: AsyncSession, person_id: UUID, claim: Claim, now: datetime) -> None:
    """Tell somebody that others have given them a seat; they may give it back."""
    urgent = await _is_near(session, claim, now)
    await notify(session, person_id=person_id, code="seated", text=SEATED, now=now, urgent=urgent)


async def tell_offered(
    session: AsyncSession, person_id: UUID, claim_id: UUID, now: datetime
) -> None:
    """Tell somebody who waits that it is their turn to say yes or no."""
    await notify(
        session,
        person_id=person_id,
        code="offered",
        text=OFFERED,
        now=now,
        urgent=True,
        about=claim_id,
    )
