"""Workers who press for one seat together are let through one by one, within this process.

The database decides, whatever happens here. But of fifty who press together one can win, and the
others would keep it busy with rules and locks only to hear that they are too late.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Final
from uuid import UUID

from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy.ext.asyncio import AsyncEngine

from api.limits import refuse
from api.login.recognition import bearer_of
from api.shared_lookup import SharedLookup
from federation.access.rules import secret_hash
from rota.claims.errors import SeatTaken
from rota.sign_up.queries import AskedSeat, seats_gone

CLAIMS: Final = re.compile(r"/api/v1/seats/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/claims")
ROUTE: Final = "/api/v1/seats/{seat}/claims"
LONGEST_KEY: Final = 200
BODY_HEADERS: Final = frozenset({b"transfer-encoding", b"content-type"})


class Turn(AbstractContextManager[None]):
    """One worker's turn at a seat; it ends with its `with` block, or when somebody ends it."""

    def __init__(self, end: Callable[[], None]) -> None:
        """Remember what ends it."""
        self._end = end
        self._over = False

    def end(self) -> None:
        """Let the next one through; a second time it does nothing."""
        if not self._over:
            self._over = True
            self._end()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the turn, however the block ended."""
        self.end()


class ClaimTurns:
    """The seats that are being decided upon now."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Ask this database who is too late."""
        self._engine = engine
        self._gone: SharedLookup[AskedSeat, bool] = SharedLookup(self._read)
        self._deciding: dict[UUID, asyncio.Event] = {}

    async def _read(self, asked: Sequence[AskedSeat]) -> dict[AskedSeat, bool]:
        return await seats_gone(self._engine, asked)

    async def begin(self, asked: AskedSeat) -> Turn:
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
            return Turn(lambda: None)
        decided = self._deciding[asked.seat_id] = asyncio.Event()

        def end() -> None:
            del self._deciding[asked.seat_id]
            decided.set()

        return Turn(end)


def turns_first(state: State, rest: ASGIApp, now: Callable[[], datetime]) -> ASGIApp:
    """Tell before routing who is too late for a seat: when a session opens, that is nearly all.

    Whoever is not gets a turn, which the handler ends as soon as it has decided, and goes the way
    of all requests. So does what is asked in any other form, without a turn: the handler refuses
    it, or is a coordinator's, who does not wait for workers.
    """

    async def first(scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked_seat(scope, now)
        if asked is None:
            await rest(scope, receive, send)
            return
        try:
            turn = await _turns_of(state).begin(asked)
        except OSError:
            # the database is away: that is told where all requests are answered
            await rest(scope, receive, send)
            return
        except SeatTaken as late:
            scope["path_template"] = ROUTE
            await refuse(send, late)
            return
        scope["claim_turn"] = turn  # type: ignore[typeddict-unknown-key]
        with turn:
            await rest(scope, receive, send)

    return first


def own_turn(scope: Scope) -> AbstractContextManager[None]:
    """Give the turn under which this request came through, to be ended once it is decided."""
    turn = scope.get("claim_turn")
    return turn if isinstance(turn, Turn) else nullcontext()


def _asked_seat(scope: Scope, now: Callable[[], datetime]) -> AskedSeat | None:
    """Read a worker's own claim in its plain form: by a token, for a seat, without a body."""
    if scope["type"] != ScopeType.HTTP or scope["method"] != "POST" or scope["query_string"]:
        return None
    path = CLAIMS.fullmatch(scope["path"])
    if path is None:
        return None
    given = list(scope["headers"])
    headers = dict(given)
    key = headers.get(b"idempotency-key")
    if (
        len(headers) != len(given)
        or headers.get(b"content-length", b"0") != b"0"
        or headers.keys() & BODY_HEADERS
        or (key is not None and not 0 < len(key) <= LONGEST_KEY)
    ):
        return None
    token = bearer_of(headers.get(b"authorization", b"").decode("latin-1"))
    if token is None:
        return None
    kept = None if key is None else key.decode("latin-1")
    return AskedSeat(secret_hash(token), UUID(path[1]), kept, now())


def _turns_of(state: State) -> ClaimTurns:
    """Give this process's turns, one set for its database."""
    found: ClaimTurns | None = state.get("claim_turns")
    if found is None:
        found = state.claim_turns = ClaimTurns(state.engine)
    return found
