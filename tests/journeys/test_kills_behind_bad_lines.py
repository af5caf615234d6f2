"""Real processes that are killed over what bad lines carry agree once both are mended.

What happens is drawn from a seed; in which order processes come to it is the system's.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.demo import rota, story
from api.demo.stage import Stage, clock, wait_until_agreed
from benchmarks.repeatable import Repeatable
from database.ids import new_id
from database.session import door
from federation.errors import Refusal
from federation.people.models import Handle
from federation.permissions.rules import Asker
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from tests.conftest import own_name
from tests.federation.chaos.line import QUICK, Line, Moment, a_line
from tests.journeys.agreement import disagreements
from tests.journeys.theatre import Theatre, theatre
from tests.postgres import copy_of
from tests.rota.standing import wrong_on_one
from tests.rota.walk.seats import FREE_SEATS

SEEDS = range(3)
ROUNDS = 2
ACTS = 4
WEEKS = 1
MOMENTS: tuple[Moment, ...] = ("coming", "asked", "answered")
SPEAKING = {"north": ("north-serve", "south-work"), "south": ("south-serve", "north-work")}
"""By whose line it is: who answers on it, and who asks."""
EVERYBODY = ""
"""Who asks on a line on which nobody says so."""
HANGS = 100
"""Seconds in which at least somebody has asked for something."""


@dataclass
class Doom:
    """Kills processes at a moment of one of the next requests on a line."""

    nodes: Theatre
    names: tuple[str, ...]
    moment: Moment
    requests: int
    met: asyncio.Event = field(default_factory=asyncio.Event)

    def watch(self, moment: Moment) -> None:
        if moment != self.moment or self.met.is_set():
            return
        if self.requests == 0:
            self.nodes.kill(*self.names)
            self.met.set()
        self.requests -= 1


@dataclass
class Played:
    nodes: Theatre
    lines: dict[str, Line]
    pool: UUID

    @property
    def stages(self) -> tuple[Stage, Stage]:
        return self.nodes.north, self.nodes.south

    async def wrong(self) -> list[str]:
        north, south = self.stages
        ids = north.node.node_id, south.node.node_id
        found = await disagreements(north.engine, south.engine, *ids, quiet=True)
        for stage in self.stages:
            async with door(stage.engine) as session:
                found += await wrong_on_one(session)
        return found


@pytest.fixture(scope="module")
async def played(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Played]:
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        a_line() as to_north,
        a_line() as to_south,
        theatre(
            north_url, south_url, tmp_path_factory.mktemp("lines"), (to_north, to_south)
        ) as nodes,
    ):
        pool = await story.bring_together(nodes.north, nodes.south, print)
        await rota.plan_sessions(nodes.north, pool, weeks=WEEKS)
        await wait_until_agreed(nodes.north, nodes.south)
        yield Played(nodes, {"north": to_north, "south": to_south}, pool)


@dataclass
class Tale:
    """What people do at both nodes, and what is done to their machines, from one seed."""

    played: Played
    random: Repeatable
    history: list[str] = field(default_factory=list)

    async def people_act(self) -> None:
        for _ in range(ACTS):
            await self.random.choice([self.sign_up, self.sign_up, self.offer, self.give_back])()

    async def sign_up(self) -> None:
        stage = self.random.choice(self.played.stages)
        worker, seat = await self.one_of(stage, OWN_HANDLES), await self.one_of(stage, FREE_SEATS)
        if worker is None or seat is None:
            return

        async def act(session: AsyncSession) -> None:
            handle = await session.get_one(Handle, worker)
            await claim_seat(session, _asker(handle), seat, clock())

        await self.attempt(stage, act)

    async def offer(self) -> None:
        north = self.played.nodes.north
        handle, seat = await self.one_of(north, ALL_HANDLES), await self.one_of(north, FREE_SEATS)
        if handle is None or seat is None:
            return
        await self.attempt(
            north,
            lambda session: propose(session, new_id(), seat, handle, clock(), origin="plan"),
        )

    async def give_back(self) -> None:
        stage = self.random.choice(self.played.stages)
        claim = await self.one_of(stage, OWN_CLAIMS)
        if claim is None:
            return

        async def act(session: AsyncSession) -> None:
            found = await session.get_one(Claim, claim)
            handle = await session.get_one(Handle, found.handle_id)
            await release_claim(session, _asker(handle), claim, clock())

        await self.attempt(stage, act)

    async def one_of(self, stage: Stage, query: Select[UUID]) -> UUID | None:
        async with door(stage.engine) as session:
            found = list(await session.scalars(query))
        return self.random.choice(found) if found else None

    async def attempt(self, stage: Stage, act: Callable[[AsyncSession], Awaitable[object]]) -> None:
        with suppress(Refusal):
            async with door(stage.engine) as session:
                await act(session)

    async def go_wrong(self) -> None:
        """Spoil or cut both lines, and kill who speaks on one of them over a request."""
        slug, other = self.random.sample(sorted(SPEAKING), 2)
        for line in self.played.lines.values():
            line.coming.extend(self.random.choices([*QUICK, None], k=4))
            line.cut_off.clear()
        if self.random.random() < 0.5:
            self.played.lines[other].cut_off.add(EVERYBODY)
        both = SPEAKING[slug]
        names = self.random.choice([both, both[:1], both[1:]])
        doom = Doom(self.played.nodes, names, self.random.choice(MOMENTS), self.random.randrange(3))
        cut = [name for name, line in self.played.lines.items() if line.cut_off]
        self.history.append(f"{names} {doom.moment} after {doom.requests}, cut: {cut}")
        self.played.lines[slug].watch = doom.watch
        await self.people_act()
        async with asyncio.timeout(HANGS):
            await doom.met.wait()


OWN_HANDLES = select(Handle.id).where(Handle.person_id.is_not(None)).order_by(Handle.id)
ALL_HANDLES = select(Handle.id).order_by(Handle.id)
OWN_CLAIMS = (
    select(Claim.id)
    .join(Handle, Handle.id == Claim.handle_id)
    .where(Handle.person_id.is_not(None), Claim.state.in_(LIVE))
    .order_by(Claim.id)
)


def _asker(handle: Handle) -> Asker:
    assert handle.person_id is not None
    return Asker(handle.person_id, handle.project_id, frozenset({"worker"}))


@pytest.mark.parametrize("seed", SEEDS)
async def test_nodes_killed_over_spoilt_requests_agree_in_the_end(
    played: Played, seed: int
) -> None:
    tale = Tale(played, Repeatable(seed))
    await tale.people_act()
    for _ in range(ROUNDS):
        await tale.go_wrong()
        await tale.people_act()
        await played.nodes.start()
    for line in played.lines.values():
        line.clear()
    await wait_until_agreed(*played.stages)
    assert await played.wrong() == [], "\n".join(tale.history)
    assert await played.nodes.deadlocks() == {"north": 0, "south": 0}


async def test_the_lines_did_spoil_requests(played: Played) -> None:
    """Good lines would prove nothing; run after the tales."""
    happened = sum((line.happened for line in played.lines.values()), Counter[str]())
    assert len(set(happened) & set(QUICK)) > len(QUICK) / 2
