"""Seats that an offer asks for in return, as nodes tell one another of them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotHereYet
from federation.pools.stated import Moment
from rota.shifts.models import Seat, Shift
from rota.swaps.models import SwapOffer, SwapWanted
from rota.swaps.offering import MOST_WANTED


class StatedSeat(msgspec.Struct, frozen=True):
    """A seat wanted in return, at the time that it had when this was said."""

    seat: UUID
    starts: Moment
    ends: Moment


StatedSeats = Annotated[list[StatedSeat], msgspec.Meta(max_length=MOST_WANTED)]


async def keep_stated(
    session: AsyncSession, offer: SwapOffer, stated: Sequence[StatedSeat]
) -> None:
    """Keep what an offer asks for; seats of other pools are none that could be wanted."""
    seats = {each.seat: each for each in stated}
    known = set(
        await session.scalars(
            select(Seat.id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Seat.id.in_(seats), Shift.pool_id == offer.pool_id)
        )
    )
    if known != seats.keys():
        raise NotHereYet
    session.add_all(
        SwapWanted(offer_id=offer.id, seat_id=each.seat, starts=each.starts, ends=each.ends)
        for each in seats.values()
    )
    await session.flush()
