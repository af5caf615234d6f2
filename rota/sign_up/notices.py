"""What workers are told about their seats: neutral words, fit to be read over a shoulder."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from rota.claims.models import Claim
from rota.shifts.models import Shift
from rota.shifts.rules.spans import local_day

OWN_WISH = frozenset({"worker", "coordinator"})


async def tell_answer(session: AsyncSession, person_id: UUID, claim: Claim, now: datetime) -> None:
    """Tell of an answer that the person does not see at once: others' moves, and late refusals.

    A proposal that came to nothing is nobody's news: the person never had the seat.
    """
    if claim.state == "held" and claim.origin not in OWN_WISH:
        text = "There is something new in your plan. Please look whether it suits you."
        await notify(session, person_id=person_id, code="seated", text=text, now=now)
    if claim.state == "refused" and claim.origin in OWN_WISH:
        text = "A seat that you asked for went to somebody else or cannot be given."
        await notify(session, person_id=person_id, code="claim-refused", text=text, now=now)


async def tell_moved(
    session: AsyncSession, person_id: UUID, shift: Shift, now: datetime, *, stays: bool
) -> None:
    """Tell a seat holder that a shift was moved, and whether the seat is still theirs."""
    day = local_day(shift.starts, shift.zone)
    said = (
        "a time was moved. Please look whether it suits you."
        if stays
        else "a time was moved, and the new one does not fit for you. The seat is free for others."
    )
    text = f"There is a change in your plan on {day:%d %B}: {said}"
    await notify(session, person_id=person_id, code="shift-moved", text=text, now=now)


async def tell_cancelled(
    session: AsyncSession, person_id: UUID, shift: Shift, now: datetime
) -> None:
    """Tell a seat holder that a shift does not take place."""
    day = local_day(shift.starts, shift.zone)
    text = f"There is a change in your plan on {day:%d %B}: it is called off."
    await notify(session, person_id=person_id, code="shift-cancelled", text=text, now=now)
