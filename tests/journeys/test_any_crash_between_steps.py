"""Two nodes agree in the end, whoever dies at whichever step and whatever is lost or said twice.

A seeded walk: workers ask, give back and exchange seats, the host proposes, worker processes die
at any commit, messages between the nodes get lost, lose their answers or come twice, time passes.
After every step what the two nodes hold must fit together; when all is calm they must say the same.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.worker.loop import current_time
from benchmarks.repeatable import Repeatable
from database.ids import new_id
from database.outbox import OutboxRow
from database.session import door
from federation.errors import Refusal
from federation.partners.actions import grant
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from rota.swaps.exchange import accept_offer
from rota.swaps.models import Exchange
from rota.swaps.offering import offer_seat
from rota.swaps.queries import offers_seen
from tests.conftest import own_name
from tests.journeys.agreement import disagreements, unheard
from tests.journeys.mortal_nodes import Fate, Life, MortalNode, join, mortal
from tests.postgres import copy_of
from tests.rota.world import (
    NOW,
    SHARE,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

SEEDS = range(6)
STEPS = 25
DAYS_AHEAD = 8
ASKS_FOR_ITSELF = ("pull", "sweep")
FATES: tuple[Fate, ...] = ("lost", "answer-lost", "twice")
WAITS = (1, 5, 25, 25, 70, 70, 7_200, 90_000)
LONG_WAIT = 61


@dataclass
class World:
    host: MortalNode
    home: MortalNode
    pool: ExamplePool
    here: list[Worker]
    elsewhere: list[Worker]
    time: time_machine.Traveller

    async def wrong(self, *, quiet: bool = False) -> list[str]:
        return await disagreements(
            self.host.people,
            self.home.people,
            self.host.node.node_id,
            self.home.node.node_id,
            quiet=quiet,
        )

    async def calm_down(self) -> None:
        """Let both work, undisturbed, until nothing is left to do."""
        self.host.weather.coming.clear()
        self.home.weather.coming.clear()
        left: list[tuple[str, str | None]] = []
        for _ in range(12):
            self.time.shift(LONG_WAIT)
            for node in (self.host, self.home):
                await node.work(Life())
            left = await _work_left(self.host) + await _work_left(self.home)
            if not left and not await self._unheard():
                return
        pytest.fail(f"left: {left}, unheard: {await self._unheard()}")

    async def _unheard(self) -> set[tuple[str, str]]:
        host, home = self.host, self.home
        to_home = await unheard(host.people, home.people, home.node.node_id)
        return to_home | await unheard(home.people, host.people, host.node.node_id)


async def _work_left(node: MortalNode) -> list[tuple[str, str | None]]:
    """List what is due, under way or has failed; what is meant for later is no work left."""
    begun = or_(
        OutboxRow.due <= current_time(),
        OutboxRow.leased_until.is_not(None),
        OutboxRow.last_error.is_not(None),
    )
    async with door(node.people) as session:
        rows = await session.execute(
            select(OutboxRow.kind, OutboxRow.last_error).where(
                OutboxRow.kind.not_in(ASKS_FOR_ITSELF), begun
            )
        )
        return [(kind, error) for kind, error in rows]


@pytest.fixture(scope="module")
async def world(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("mortal")
    with time_machine.travel(NOW, tick=True) as traveller:
        async with (
            copy_of(server_url, template, own_name(template)) as host_url,
            copy_of(server_url, template, own_name(template)) as home_url,
            mortal(host_url, folder / "host", "Host") as host,
            mortal(home_url, folder / "home", "Home") as home,
        ):
            yield await _settle_in(host, home, traveller)


async def _settle_in(
    host: MortalNode, home: MortalNode, traveller: time_machine.Traveller
) -> World:
    async with door(host.people) as session:
        northern = await a_project(session, "northern")
        pool = await a_pool(session, northern, at_once=2)
        here = [await a_worker(session, pool.id, northern) for _ in range(2)]
    administrator = Asker(
        northern.person_id, northern.project_id, frozenset({"partner-administrator"})
    )
    await join(host, home, administrator)
    async with door(host.people) as session:
        await grant(
            session,
            asker=administrator,
            node_id=home.node.node_id,
            capability=f"shifts:{pool.id}",
            now=current_time(),
        )
    await host.work(Life())
    await home.work(Life())
    async with door(home.people) as session:
        assert await session.get(Pool, pool.id) is not None
        southern = await a_project(session, "southern")
        await join_pool(session, southern, pool.id, SHARE, current_time())
        elsewhere = [await a_worker(session, pool.id, southern) for _ in range(3)]
    world = World(host, home, pool, here, elsewhere, traveller)
    await world.calm_down()
    return world


@dataclass
class Walk:
    """One random story about one new shift."""

    world: World
    random: Random
    shift: Planned
    history: list[str] = field(default_factory=list)
    keys: dict[str, UUID] = field(default_factory=dict)

    async def step(self) -> None:
        step: Callable[[], Awaitable[str]] = self.random.choice(
            [
                self.ask,
                self.ask,
                self.ask_here,
                self.give_back,
                self.give_back,
                self.host_proposes,
                self.offer,
                self.offer,
                self.take_up,
                self.take_up,
                self.work,
                self.work,
                self.work,
                self.work,
                self.work,
                self.bad_weather,
                self.bad_weather,
                self.time_passes,
            ]
        )
        self.history.append(await step())

    async def ask(self) -> str:
        """Ask for a seat from afar, now and then with a key that was used before."""
        worker, seat = self._of_afar(), self._seat()
        key = f"{self.shift.id} {worker.display} {seat} {self.random.randrange(2)}"
        try:
            async with door(self.world.home.people) as session:
                claim = await claim_seat(session, worker.asker, seat, current_time(), key=key)
        except Refusal as refusal:
            return f"{worker.display} asks: {refusal.code}"
        assert self.keys.setdefault(key, claim.id) == claim.id
        return f"{worker.display} asks: {claim.id} {claim.state}"

    async def ask_here(self) -> str:
        worker = self.random.choice(self.world.here)
        return await self._try(
            "asks at the host",
            self.world.host,
            lambda session: claim_seat(session, worker.asker, self._seat(), current_time()),
        )

    async def give_back(self) -> str:
        """Release or withdraw something that is alive, at either node."""
        node, workers = self.random.choice(
            [(self.world.home, self.world.elsewhere), (self.world.host, self.world.here)]
        )
        by_handle = {worker.handle: worker for worker in workers}
        async with door(node.people) as session:
            rows = await session.scalars(
                select(Claim)
                .where(Claim.handle_id.in_(by_handle), Claim.state.in_(LIVE))
                .order_by(Claim.id)
            )
            alive = [claim for claim in rows if claim.seat_id in self.shift.seats.values()]
        if not alive:
            return "nothing to give back"
        claim = self.random.choice(alive)
        asker = by_handle[claim.handle_id].asker
        return await self._try(
            f"gives {claim.id} back",
            node,
            lambda session: release_claim(session, asker, claim.id, current_time()),
        )

    async def offer(self) -> str:
        """Offer a seat that somebody holds, at either node, for nothing or for another one."""
        node, worker = self._somebody()
        async with door(node.people) as session:
            mine = (Claim.handle_id == worker.handle, Claim.state == "held")
            claims = await session.scalars(select(Claim.id).where(*mine).order_by(Claim.id))
            held = claims.all()
        if not held:
            return f"{worker.display} has nothing to offer"
        claim, one_way = held[-1], self.random.random() < 0.5
        return await self._try(
            f"{worker.display} offers {claim}",
            node,
            lambda session: offer_seat(
                session, worker.asker, claim, current_time(), one_way=one_way
            ),
        )

    async def take_up(self) -> str:
        """Take up what somebody sees at their own node."""
        node, worker = self._somebody()
        async with door(node.people) as session:
            seen = await offers_seen(session, worker.asker, current_time())
        theirs = [one for one in seen if not one.mine]
        if not theirs:
            return f"{worker.display} sees no offer"
        one = self.random.choice(theirs)
        gives = one.in_return[0].claim_id if one.in_return else None
        return await self._try(
            f"{worker.display} takes up {one.offer.id}",
            node,
            lambda session: accept_offer(
                session, worker.asker, one.offer.id, current_time(), gives=gives
            ),
        )

    async def host_proposes(self) -> str:
        worker = self.random.choice([*self.world.here, *self.world.elsewhere])
        return await self._try(
            f"the host proposes to {worker.display}",
            self.world.host,
            lambda session: propose(
                session, new_id(), self._seat(), worker.handle, current_time(), origin="plan"
            ),
        )

    async def work(self) -> str:
        """Let one node's worker do what is due; in two of three cases it dies on the way."""
        node = self.random.choice([self.world.home, self.world.host])
        life = Life(
            self.random.choice([None, *range(8), *range(8)]),
            self.random.choice(["before", "after"]),
        )
        told = f"{node.node.name} works {life}"
        await node.work(life, restarted=self.random.random() < 0.5)
        return f"{told}: {'died' if life.over else 'lived'}"

    async def bad_weather(self) -> str:
        node = self.random.choice([self.world.home, self.world.host])
        coming = self.random.choices(FATES, k=self.random.randrange(1, 4))
        node.weather.coming.extend(coming)
        return f"asked of {node.node.name}: {coming}"

    async def time_passes(self) -> str:
        seconds = self.random.choice(WAITS)
        self.world.time.shift(seconds)
        return f"{seconds} s pass"

    async def _try(
        self, what: str, node: MortalNode, act: Callable[[AsyncSession], Awaitable[object]]
    ) -> str:
        try:
            async with door(node.people) as session:
                await act(session)
        except Refusal as refusal:
            return f"{what}: {refusal.code}"
        return what

    def _somebody(self) -> tuple[MortalNode, Worker]:
        world = self.world
        everybody = [(world.host, one) for one in world.here]
        return self.random.choice([*everybody, *((world.home, one) for one in world.elsewhere)])

    def _of_afar(self) -> Worker:
        return self.random.choice(self.world.elsewhere)

    def _seat(self) -> UUID:
        return self.random.choice([self.shift.lead, self.shift.seats["second"]])


@pytest.mark.parametrize("seed", SEEDS)
async def test_both_nodes_agree_in_the_end(world: World, seed: int) -> None:
    starts = current_time() + timedelta(days=DAYS_AHEAD)
    async with door(world.host.people) as session:
        shift = await a_shift(session, world.pool, starts)
    await world.calm_down()
    walk = Walk(world, Repeatable(seed), shift)
    for _ in range(STEPS):
        await walk.step()
        assert await world.wrong() == [], "\n".join(walk.history)
    await world.calm_down()
    assert await world.wrong(quiet=True) == [], "\n".join(walk.history)


async def test_the_walks_exchanged_seats_too(world: World) -> None:
    """A walk in which nobody took an offer up would prove nothing of swaps; run after them."""
    async with door(world.home.people) as session:
        assert await session.scalar(select(func.count()).select_from(Exchange))
