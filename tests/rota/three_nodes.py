"""A host and two homes, each with a database that really commits; messages are carried by hand.

Nothing happens at the same time and the clock is told, so the same seed tells the same story.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from api.worker.workshop import open_workshop
from database.session import door, make_engine
from federation.partners.keys import Node, NodeKeys
from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from tests.conftest import own_name
from tests.postgres import copy_of
from tests.rota.station import Clock, Station
from tests.rota.world import NOW, SHARE, ExamplePool, Worker, a_pool, a_project, a_worker

CATCHING_UP = 40


@dataclass
class ThreeNodes:
    """A pool at `host`, in which projects of both `homes` take part with their own people."""

    host: Station
    homes: tuple[Station, Station]
    clock: Clock
    pool: ExamplePool
    people: dict[str, list[Worker]]
    """By the name of the node where they are at home."""

    @property
    def all(self) -> tuple[Station, ...]:
        return (self.host, *self.homes)

    def pairs(self) -> list[tuple[Station, Station]]:
        """Give who can hear whom: homes know nothing of one another."""
        return [pair for home in self.homes for pair in ((self.host, home), (home, self.host))]

    async def calm_down(self) -> None:
        """Deliver everything and do all that is due, until nothing is left."""
        for _ in range(CATCHING_UP):
            moved = 0
            for reader, sender in self.pairs():
                for news in (await sender.news_for(reader)).values():
                    for said in news:
                        await reader.hear(sender, said)
                        moved += 1
            for station in self.all:
                await station.try_parked()
                moved += await station.work()
            if not moved:
                return
        raise AssertionError("the nodes never come to rest")


@asynccontextmanager
async def _station(url: str, folder: Path, name: str, clock: Clock) -> AsyncIterator[Station]:
    settings = Settings(database_url=url, node_name=name, keys=folder, development=True)
    NodeKeys.create(folder)
    node = Node.open(folder, name=name, base_url=settings.base_url)
    engine = make_engine(url, connections=3)
    workshop = open_workshop(settings, engine, node, lambda: clock.now)
    try:
        yield Station(name, engine, workshop, clock)
    finally:
        await workshop.close()
        await engine.dispose()


@asynccontextmanager
async def three_nodes(server_url: str, template: str, folder: Path) -> AsyncIterator[ThreeNodes]:
    clock = Clock(NOW)
    async with AsyncExitStack() as stack:
        stations = []
        for name in ("host", "east", "west"):
            url = await stack.enter_async_context(copy_of(server_url, template, own_name(template)))
            stations.append(
                await stack.enter_async_context(_station(url, folder / name, name, clock))
            )
        host, east, west = stations
        yield await _settled(host, (east, west), clock)


async def _settled(host: Station, homes: tuple[Station, Station], clock: Clock) -> ThreeNodes:
    for home in homes:
        await host.meet(home)
        await home.meet(host)
    async with door(host.engine) as session:
        northern = await a_project(session, "northern")
        pool = await a_pool(session, northern, at_once=2)
        for home in homes:
            partner = await session.get_one(Partner, home.id)
            partner.we_grant = [f"shifts:{pool.id}"]
    nodes = ThreeNodes(host, homes, clock, pool, {})
    await nodes.calm_down()
    coordinators: dict[str, Asker] = {host.name: northern}
    for home in homes:
        async with door(home.engine) as session:
            coordinators[home.name] = await a_project(session, f"{home.name}ern")
            await join_pool(session, coordinators[home.name], pool.id, SHARE, NOW)
    await nodes.calm_down()
    for station in nodes.all:
        async with door(station.engine) as session:
            nodes.people[station.name] = [
                await a_worker(
                    session,
                    pool.id,
                    coordinators[station.name],
                    "worker",
                    "supervisor",
                    hours_per_week=12,
                    shifts_per_week=5,
                    rest_hours=4,
                )
                for _ in range(3)
            ]
    await nodes.calm_down()
    return nodes
