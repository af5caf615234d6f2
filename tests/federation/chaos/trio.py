"""A host and two homes behind bad lines, who share a pool, texts and people; and how they rest."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import time_machine
from sqlalchemy import or_, select

from api.worker.loop import current_time
from database.outbox import OutboxRow
from database.session import door
from federation.handing.losses import name_deputy
from federation.handing.queries import standing
from federation.partners.actions import grant
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.restoring.queries import is_restoring
from tests.api.peers.handing import administrator
from tests.api.peers.nodes import ADMINISTRATOR, accept, make_link, type_words
from tests.conftest import own_name
from tests.federation.chaos.node import BACKUP, BEGINNING, WORK, ShakenNode, shaken, shelves
from tests.postgres import copy_of
from tests.protocols.example_texts import NOW, Members
from tests.rota.station import Clock, Station
from tests.rota.three_nodes import ThreeNodes
from tests.rota.world import SHARE, Worker, a_person, a_pool, a_project, a_worker

LONG_WAIT = timedelta(seconds=61)
"""Longer than any pause between two attempts."""
ROUNDS = 25


class Hands(Clock):
    """The one clock of all three, which stands still unless it is moved."""

    def __init__(self, machine: time_machine.Traveller) -> None:
        self.machine = machine

    @property
    def now(self) -> datetime:
        return current_time()

    @now.setter
    def now(self, moment: datetime) -> None:
        self.machine.move_to(moment)


@dataclass
class Trio(ThreeNodes):
    """Three nodes that only ever speak over their lines."""

    authors: dict[str, Members] = field(default_factory=dict)
    """Who writes and approves texts, by the name of their node."""
    hired: dict[str, list[Worker]] = field(default_factory=dict)
    began: datetime = NOW
    first_host: str = ""

    @property
    def shaken(self) -> tuple[ShakenNode, ...]:
        return tuple(node for node in self.all if isinstance(node, ShakenNode))

    def speaks(self, node: ShakenNode) -> None:
        """Say who asks from now on: cut lines are cut for somebody."""
        for each in self.shaken:
            each.line.asker = node.name

    async def begin_anew(self, seed: int) -> None:
        self.clock.now = self.began
        for node in self.shaken:
            await node.begin_anew(seed)
        self.people = {name: list(workers) for name, workers in self.hired.items()}
        self._host(self.named(self.first_host))

    def named(self, name: str) -> ShakenNode:
        return next(node for node in self.shaken if node.name == name)

    def pairs(self) -> list[tuple[Station, Station]]:
        """Give who can hear whom: a pool's next host has to know all who take part."""
        return [(one, other) for one in self.all for other in self.all if one is not other]

    async def look_who_hosts(self) -> None:
        """Know who hosts the pool; while nobody does, that is who did."""
        believed = [(node, *await self.hosted(node)) for node in self.shaken]
        hosts = [(term, node.name) for node, host, term in believed if host == node.id]
        if hosts:
            self._host(self.named(max(hosts)[1]))

    async def hosted(self, node: ShakenNode) -> tuple[str, int]:
        """Say who hosts the pool in which term, as a node believes."""
        async with door(node.engine) as session:
            stands = await standing(session, await session.get_one(Pool, self.pool.id), node.id)
        return stands.host, stands.term

    def _host(self, host: ShakenNode) -> None:
        one, other = sorted(
            (node for node in self.shaken if node is not host), key=lambda n: n.name
        )
        self.host, self.homes = host, (one, other)
        self.pool = replace(self.pool, coordinator=self.authors[host.name].coordinator)

    async def calm_down(self) -> None:
        """Mend all lines, and let all work until nothing is left to do and nothing unheard."""
        for node in self.shaken:
            node.line.clear()
        left: list[str] = []
        for _ in range(ROUNDS):
            self.clock.now += LONG_WAIT
            # who restores puts off what is due
            put_off = [node.name for node in self.shaken if await restores(node)]
            for node in self.shaken:
                self.speaks(node)
                await node.work_off()
            left = [each for node in self.shaken for each in await work_left(node)]
            if not left and not put_off:
                return
        raise AssertionError(f"the nodes never come to rest: {left}")

    async def keep_beginning(self) -> None:
        self.began, self.first_host = self.clock.now, self.host.name
        self.hired = {name: list(workers) for name, workers in self.people.items()}
        for node in self.shaken:
            await shelves(node, BEGINNING, BACKUP)
            await node.keep(BEGINNING)


async def restores(node: ShakenNode) -> bool:
    async with door(node.engine) as session:
        return await is_restoring(session)


async def work_left(node: ShakenNode) -> list[str]:
    """List what is due, under way or has failed; what is meant for later is no work left."""
    begun = or_(
        OutboxRow.due <= current_time(),
        OutboxRow.leased_until.is_not(None),
        OutboxRow.last_error.is_not(None),
    )
    async with door(node.engine) as session:
        rows = await session.execute(
            select(OutboxRow.kind, OutboxRow.last_error).where(OutboxRow.kind.in_(WORK), begun)
        )
        return [f"{node.name}: {kind} {error}" for kind, error in rows]


@asynccontextmanager
async def a_trio(server_url: str, template: str, folder: Path) -> AsyncIterator[Trio]:
    """Run three nodes that have met and share a pool, and keep how they are then."""
    with time_machine.travel(NOW, tick=False) as machine:
        clock = Hands(machine)
        async with AsyncExitStack() as stack:
            nodes = []
            for name in ("host", "east", "west"):
                url = await stack.enter_async_context(
                    copy_of(server_url, template, own_name(template))
                )
                nodes.append(
                    await stack.enter_async_context(shaken(url, folder / name, name, clock))
                )
            yield await _settled(nodes[0], (nodes[1], nodes[2]), clock)


async def _settled(host: ShakenNode, homes: tuple[ShakenNode, ShakenNode], clock: Clock) -> Trio:
    async with door(host.engine) as session:
        northern = await a_project(session, "northern")
        pool = await a_pool(session, northern, at_once=2)
    trio = Trio(host=host, homes=homes, clock=clock, pool=pool, people={})
    coordinators = {host.name: northern}
    for home in homes:
        await _join(host, home)
        await _grant(host, home, pool.id)
    await _join(*homes)
    await _all_begin(trio)
    for home in homes:
        async with door(home.engine) as session:
            coordinators[home.name] = await a_project(session, f"{home.name}ern")
            await join_pool(session, coordinators[home.name], pool.id, SHARE, current_time())
    for node in trio.shaken:
        await _people_of(trio, node, coordinators[node.name])
    await trio.calm_down()
    async with door(host.engine) as session:
        keys = host.keys
        by = administrator(northern)
        await name_deputy(session, by, pool.id, homes[0].id, keys, current_time())
    await trio.calm_down()
    return trio


async def _all_begin(trio: Trio) -> None:
    for node in trio.shaken:
        await node.begin_to_work()
    await trio.calm_down()


async def _join(inviter: ShakenNode, newcomer: ShakenNode) -> None:
    """Let two administrators bring their nodes together."""
    partner = await accept(newcomer.running, await make_link(inviter.running))
    words = " ".join(partner.words)
    await type_words(inviter.running, newcomer.running, words)
    await type_words(newcomer.running, inviter.running, words)


async def _grant(host: ShakenNode, home: ShakenNode, pool: UUID) -> None:
    async with door(host.engine) as session:
        await grant(
            session,
            asker=ADMINISTRATOR,
            node_id=home.id,
            capability=f"shifts:{pool}",
            now=current_time(),
        )


async def _people_of(trio: Trio, node: ShakenNode, coordinator: Asker) -> None:
    async with door(node.engine) as session:
        trio.people[node.name] = [
            await a_worker(
                session,
                trio.pool.id,
                coordinator,
                "worker",
                "supervisor",
                hours_per_week=12,
                shifts_per_week=5,
                rest_hours=4,
            )
            for _ in range(3)
        ]
        reviewer = await a_person(session, coordinator.project_id, "reviewer")
        project = await session.get_one(Project, coordinator.project_id)
        trio.authors[node.name] = Members(
            project=project.id,
            coordinator=coordinator,
            reviewer=reviewer,
            worker=reviewer,
            name=project.slug,
        )
