"""A pool that North hosts and in which a project of South takes part, on two running nodes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.events import APPLY
from api.peers.pull import pull
from api.peers.rota_events import rota_events
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import SetAsideEvent
from federation.partners.actions import grant, withdraw
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from rota.bookings.models import Booking
from rota.bookings.queries import wish_for
from rota.claims.models import Claim
from rota.claims.quota import SEATS_AT_ONCE
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock
from tests.rota.world import (
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

Pair = tuple[RunningNode, RunningNode]
Times = tuple[datetime | None, datetime | None]
DAY = timedelta(days=1)


async def pull_now(at: RunningNode, other: RunningNode) -> None:
    await pull(at.workshop.reader, await at.client(other), other.id)


async def set_aside(node: RunningNode) -> list[tuple[str, str, str]]:
    """List what a node did not apply: kind, why, and the code."""
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(SetAsideEvent).order_by(SetAsideEvent.epoch, SetAsideEvent.seq)
        )
        return [(one.kind, one.why, one.detail) for one in rows]


@dataclass(frozen=True)
class PoolOfTwo:
    north: RunningNode
    south: RunningNode
    pool: ExamplePool
    coordinator: Asker
    """Of South's project."""

    async def exchange(self) -> None:
        """Let both hear one another until answers to answers have arrived."""
        for _ in range(2):
            await pull_now(self.north, self.south)
            await pull_now(self.south, self.north)

    async def at_south(self, act: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        """Do something at South, and let North and then South hear of it."""
        async with door(self.south.engine) as session:
            done = await act(session)
        await self.exchange()
        return done

    async def worker(self) -> Worker:
        made: Worker = await self.at_south(
            lambda session: a_worker(
                session, self.pool.id, self.coordinator, hours_per_week=40, shifts_per_week=9
            )
        )
        return made

    async def shifts(self, count: int) -> Sequence[Planned]:
        async with door(self.north.engine) as session:
            made = [
                await a_shift(session, self.pool, TUESDAY_19 + number * DAY)
                for number in range(count)
            ]
        await self.exchange()
        return made

    async def claim(self, worker: Worker, seat: UUID) -> UUID:
        claim = await self.at_south(
            lambda session: claim_seat(session, worker.asker, seat, clock())
        )
        claim_id: UUID = claim.id
        return claim_id

    async def give_back(self, worker: Worker, claim: UUID) -> None:
        await self.at_south(lambda session: release_claim(session, worker.asker, claim, clock()))

    async def withhold(self, *kinds: str) -> None:
        await self._change(withdraw, kinds)

    async def grant(self, *kinds: str) -> None:
        await self._change(grant, kinds)

    async def _change(self, verb: Callable[..., Awaitable[None]], kinds: Sequence[str]) -> None:
        async with door(self.north.engine) as session:
            for kind in kinds:
                await verb(
                    session,
                    asker=ADMINISTRATOR,
                    node_id=self.south.id,
                    capability=f"{kind}:{self.pool.id}",
                    now=clock(),
                )

    async def south_says(self, kind: str, **said: Any) -> None:
        """Let South say something that its own actions never would."""
        async with door(self.south.engine) as session:
            await append(session, "private", self.north.id, kind, said, now=clock())
        await self.exchange()


async def pool_of_two(pair: Pair, *, seats_at_once: int = SEATS_AT_ONCE) -> PoolOfTwo:
    """Found the pool, invite South, and let its project join."""
    north, south = pair
    for node in pair:
        node.apply.update({**APPLY, **rota_events(node.node.keys, seats_at_once=seats_at_once)})
    async with door(north.engine) as session:
        pool = await a_pool(session, await a_project(session, "northern"))
        await grant(
            session,
            asker=ADMINISTRATOR,
            node_id=south.id,
            capability=f"shifts:{pool.id}",
            now=clock(),
        )
    await pull_now(south, north)
    async with door(south.engine) as session:
        coordinator = await a_project(session, "southern")
        await join_pool(session, coordinator, pool.id, SHARE, clock())
    shared = PoolOfTwo(north, south, pool, coordinator)
    await shared.exchange()
    return shared


async def standing(node: RunningNode, claim: UUID) -> tuple[str, list[str]]:
    """Give a claim's state and the codes of its reasons, in the words of one node."""
    async with door(node.engine) as session:
        found = await session.get_one(Claim, claim)
        return found.state, [reason["code"] for reason in found.reasons]


async def booked(node: RunningNode, worker: Worker) -> list[UUID]:
    """Give the claims for which a worker's time is kept."""
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(Booking.claim_id).where(Booking.person_id == worker.id, Booking.active)
        )
        return list(rows)


async def seat_state(node: RunningNode, seat: UUID) -> str:
    async with door(node.engine) as session:
        return (await session.get_one(Seat, seat)).state


async def times_of(node: RunningNode, worker: Worker) -> tuple[list[Times], list[Times]]:
    """Give when somebody's time is kept, and when their seats take it."""
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Booking.during, Shift, Seat.role)
            .join(Claim, Claim.id == Booking.claim_id)
            .join(Seat, Seat.id == Claim.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Booking.person_id == worker.id, Booking.active)
            .order_by(Booking.during)
        )
        both = [(during, wish_for(shift, role).stay) for during, shift, role in rows]
    kept = [(during.lower, during.upper) for during, _ in both]
    return kept, [(stay.begins, stay.ends) for _, stay in both]
