"""Workers who press for one seat together are let through one by one, within this process.

The database decides, whatever happens here. But of fifty who press together one can win, and the
others would keep it busy with rules and locks only to hear that they are too late.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from litestar.datastructures import State
from sqlalchemy.ext.asyncio import AsyncEngine

from api.shared_lookup import SharedLookup
from rota.claims.errors import SeatTaken
from rota.sign_up.queries import AskedSeat, seats_gone


class ClaimTurns:
    """The seats that are being decided upon now."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Ask this database who is too late."""
        self._engine = engine
        self._gone: SharedLookup[AskedSeat, bool] = SharedLookup(self._read)
        self._deciding: dict[UUID, asyncio.Event] = {}

    async def _read(self, asked: Sequence[AskedSeat]) -> dict[AskedSeat, bool]:
        return await seats_gone(self._engine, asked)

    @asynccontextmanager
    async def turn(self, asked: AskedSeat) -> AsyncIterator[None]:
        """Wait while somebody else's claim on the seat is decided; refuse who is too late then.

        Those who wait all hear at once that somebody has won. Who could not claim it does not wait.
        """
        gone = await self._gone.get(asked)
        while gone is False and (other := self._deciding.get(asked.seat_id)):
            await other.wait()
            gone = await self._gone.get(asked)
        if gone:
            raise SeatTaken
        if gone is None:
            yield
            return
        decided = self._deciding[asked.seat_id] = asyncio.Event()
        try:
            yield
        finally:
            del self._deciding[asked.seat_id]
            decided.set()


def turns_of(state: State) -> ClaimTurns:
    """Give this process's turns, one set for its database."""
    found: ClaimTurns | None = state.get("claim_turns")
    if found is None:
        found = state.claim_turns = ClaimTurns(state.engine)
    return found
