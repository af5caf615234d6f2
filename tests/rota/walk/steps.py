"""What a random story is made of: its nodes, what was heard, and how the next step is chosen."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.errors import Refusal
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from tests.rota.station import Backup, CrashedError, Station
from tests.rota.three_nodes import ThreeNodes
from tests.rota.two_nodes import Said
from tests.rota.world import Worker, a_shift

CLAIMS = (
    select(Claim.id)
    .join(Seat, Seat.id == Claim.seat_id)
    .join(Shift, Shift.id == Seat.shift_id)
    .order_by(Shift.starts, Shift.ends, Seat.role, Claim.made_at, Claim.id)
)
EVENINGS = (0, 1, 5, 25, 49)
"""Hours after the first one; some overlap."""


@dataclass
class Walk:
    """One random story about a few evenings, some of which overlap."""

    nodes: ThreeNodes
    random: Random
    server_url: str
    history: list[str] = field(default_factory=list)
    heard: list[tuple[Station, Station, Said]] = field(default_factory=list)
    backups: dict[str, Backup] = field(default_factory=dict)
    exchanged: set[str] = field(default_factory=set)
    """Between whom seats were swapped, which a host that is restored may forget."""

    @property
    def now(self) -> datetime:
        return self.nodes.clock.now

    async def begin(self) -> None:
        evening = self.now.replace(hour=18, minute=0) + timedelta(days=7)
        async with door(self.nodes.host.engine) as session:
            for hours in EVENINGS:
                starts = evening + timedelta(hours=hours)
                await a_shift(session, self.nodes.pool, starts, hours=3)
        await self.nodes.calm_down()

    async def step(self, steps: "dict[Step, int]") -> None:
        [chosen] = self.random.choices(list(steps), list(steps.values()))
        self.history.append(f"{chosen.__name__}: {await chosen(self)}")

    async def attempt(
        self, station: Station, act: Callable[[AsyncSession], Awaitable[object]]
    ) -> str:
        """Do something as people would; gives why not, where it is refused."""
        try:
            await station.do(act, crash=self.crashes())
        except Refusal as refusal:
            return ",".join(reason.code for reason in refusal.reasons) or refusal.code
        except CrashedError:
            return "crashed"
        return f"done at {station.name}"

    # choosing

    def crashes(self) -> bool:
        return self.random.random() < 0.08

    def somebody(self) -> tuple[Station, Worker]:
        """Choose a person; of the host's a little more often, where everything is decided."""
        [station] = self.random.choices(self.nodes.all, [3, 2, 2])
        return station, self.random.choice(self.nodes.people[station.name])

    async def any_of(self, station: Station, query: Any) -> Any:
        """Choose one row of a query; an id that is nobody's where there is none.

        Rows come in an order that does not hang on ids, which are new in every run.
        """
        async with door(station.engine) as session:
            found = list(await session.scalars(query))
        return self.random.choice(found) if found else UUID(int=0)

    async def holder(self, states: Collection[str]) -> tuple[Station, Worker, UUID]:
        """Choose one of the claims in these states that stand, and whose it is."""
        station, somebody = self.somebody()
        by_handle = {worker.handle: worker for worker in self.nodes.people[station.name]}
        mine = Claim.handle_id.in_(by_handle) & Claim.state.in_(states)
        claim = await self.any_of(station, CLAIMS.where(mine))
        async with door(station.engine) as session:
            handle = await session.scalar(select(Claim.handle_id).where(Claim.id == claim))
        return station, by_handle[handle] if handle else somebody, claim


Step = Callable[[Walk], Awaitable[str]]
