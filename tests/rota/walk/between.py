"""What happens between people's steps: words come late or twice, processes end, nodes are lost."""

from datetime import timedelta

from sqlalchemy import text

from tests.postgres import administration
from tests.rota.station import Place, Station
from tests.rota.two_nodes import PRIVATE
from tests.rota.walk.steps import Step, Walk
from tests.rota.walk.swaps import note_exchanges

WAITS = (1, 20, 60, 180)
"""Minutes."""


async def deliver(walk: Walk) -> str:
    """Let somebody read a few events of one feed, and sometimes end before the commit."""
    reader, sender = walk.random.choice(walk.nodes.pairs())
    news = await sender.news_for(reader)
    if not news:
        return "nothing new"
    place = walk.random.choice(sorted(news))
    told = news[place][: walk.random.randrange(1, 6)]
    for said in told:
        if not await reader.hear(sender, said, crash=walk.crashes()):
            return f"{reader.name} crashed over {said.kind} of {sender.name}"
        walk.heard.append((reader, sender, said))
    await reader.try_parked()
    return f"{sender.name} to {reader.name}: {[said.kind for said in told]}"


async def catch_up(walk: Walk) -> str:
    """Let everybody hear everything, so that there is something to answer."""
    await walk.nodes.calm_down()
    return "all is calm"


async def repeat(walk: Walk) -> str:
    """Say again what was said before."""
    if not walk.heard:
        return "nothing was said"
    reader, sender, said = walk.random.choice(walk.heard)
    place = Place(sender.id, said.feed_kind, said.subject, said.epoch)
    gone = said.epoch != await sender.epoch_of(said)
    if said.feed_kind != PRIVATE or gone or said.seq > reader.read.get(place, 0):
        return "only private words are repeated, and once they were heard"
    await reader.hear(sender, said)
    return f"{sender.name} to {reader.name}: {said.kind}"


async def work(walk: Walk) -> str:
    station = walk.random.choice(walk.nodes.all)
    return f"{station.name}: {await station.work(walk.random.choice([1, 3, None]))} pieces"


async def time_passes(walk: Walk) -> str:
    minutes = walk.random.choice(WAITS)
    walk.nodes.clock.now += timedelta(minutes=minutes)
    return f"{minutes} minutes"


async def back_up(walk: Walk) -> str:
    station = walk.random.choice(walk.nodes.all)
    await _forget(walk, station)
    name = f"{station.database}_backup"
    walk.backups[station.name] = await station.back_up(walk.server_url, name)
    return station.name


async def restore(walk: Walk) -> str:
    """Lose a node's database, and come back with an older one."""
    station = walk.random.choice(walk.nodes.all)
    if station.name not in walk.backups:
        return "there is no backup"
    await note_exchanges(walk)
    await station.restore(walk.server_url, walk.backups[station.name])
    return station.name


async def _forget(walk: Walk, station: Station) -> None:
    if backup := walk.backups.pop(station.name, None):
        async with administration(walk.server_url) as connection:
            await connection.execute(text(f"DROP DATABASE {backup.database} WITH (FORCE)"))


async def forget_backups(walk: Walk) -> None:
    for station in walk.nodes.all:
        await _forget(walk, station)


BETWEEN: dict[Step, int] = {
    deliver: 18,
    catch_up: 4,
    repeat: 4,
    work: 12,
    time_passes: 3,
    back_up: 3,
    restore: 2,
}
