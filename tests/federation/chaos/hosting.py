"""What partner administrators do about who hosts the pool, and a host that is lost for a day."""

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.handing.actions import accept_pool, offer_pool, take_back_offer
from federation.handing.losses import agree, name_deputy
from federation.handing.models import PoolHanding
from federation.handing.queries import current_term
from federation.permissions.rules import Asker
from rota.handing.after_loss import take_over
from rota.sign_up.actions import claim_seat
from tests.api.peers.handing import administrator
from tests.federation.chaos.node import ShakenNode
from tests.federation.chaos.shaken import Shaken
from tests.rota.walk.seats import FREE_SEATS
from tests.rota.walk.steps import Step, Walk

A_DAY = timedelta(hours=25)


def _speaking_for(walk: Shaken, node: ShakenNode) -> Asker:
    return administrator(walk.trio.authors[node.name].coordinator)


async def hand_over(walk: Walk) -> str:
    """Offer the pool to a home, which agrees if it hears of it; the host has yet to hear that."""
    assert isinstance(walk, Shaken)
    return await _hand_over(walk, walk.trio.named(walk.random.choice(walk.trio.homes).name))


async def _hand_over(walk: Shaken, to: ShakenNode) -> str:
    host = walk.trio.named(walk.trio.host.name)
    by, pool = _speaking_for(walk, host), walk.trio.pool.id
    said = await walk.attempt(
        host, lambda session: offer_pool(session, by, pool, to.id, host.id, walk.now)
    )
    for each in (host, to):
        walk.trio.speaks(each)
        await each.work_off()
    return f"{host.name} to {to.name}: {said}, {await _accept(walk, to)}"


async def ask_the_old_host(walk: Walk) -> str:
    """Hand the pool over, and let the old host read what a home asked that had not heard of it."""
    assert isinstance(walk, Shaken)
    host = walk.trio.named(walk.trio.host.name)
    to, late = [
        walk.trio.named(home.name)
        for home in walk.random.sample(walk.trio.homes, len(walk.trio.homes))
    ]
    said = [await _hand_over(walk, to)]
    await walk.in_turn(to, host)
    worker = walk.random.choice(walk.nodes.people[late.name])
    seat = await walk.any_of(late, FREE_SEATS)
    said.append(
        await walk.attempt(late, lambda session: claim_seat(session, worker.asker, seat, walk.now))
    )
    await walk.in_turn(host)
    return f"{said}"


async def agree_late(walk: Walk) -> str:
    """Agree to what was offered some time ago, and perhaps taken back since."""
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    return f"{node.name}: {await _accept(walk, node)}"


async def _accept(walk: Shaken, node: ShakenNode) -> str:
    by, pool = _speaking_for(walk, node), walk.trio.pool.id
    return await walk.attempt(
        node, lambda session: accept_pool(session, by, pool, node.keys, walk.now)
    )


async def think_again(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    by, pool = _speaking_for(walk, node), walk.trio.pool.id
    return await walk.attempt(node, lambda session: take_back_offer(session, by, pool, walk.now))


async def name_a_deputy(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    host, deputy = walk.trio.named(walk.trio.host.name), walk.random.choice(walk.trio.homes)
    by, pool = _speaking_for(walk, host), walk.trio.pool.id
    said = await walk.attempt(
        host, lambda session: name_deputy(session, by, pool, deputy.id, host.keys, walk.now)
    )
    return f"{deputy.name}: {said}"


async def lose_the_host(walk: Walk) -> str:
    """Cut the host off for more than a day; its deputy takes the pool over, and the other agrees.

    The host goes on by itself, and comes back when its lines are mended.
    """
    assert isinstance(walk, Shaken)
    host = walk.trio.named(walk.trio.host.name)
    hosts, _ = await walk.trio.hosted(host)
    if hosts != host.id or await _under_way(walk):
        # two next hosts of one term are left to people: decision 0045
        return "it is being handed over"
    others = [walk.trio.named(home.name) for home in walk.trio.homes]
    for other in others:
        host.line.cut_off.add(other.name)
        other.line.cut_off.add(host.name)
    walk.nodes.clock.now += A_DAY
    said = []
    async with door(others[0].engine) as session:
        term = await current_term(session, walk.trio.pool.id)
    named = term and term.deputy
    deputy, other = sorted(others, key=lambda node: node.id != named)
    pool = walk.trio.pool.id

    async def take(session: AsyncSession) -> None:
        by = _speaking_for(walk, deputy)
        await take_over(session, by, pool, deputy.keys, walk.now)

    async def confirm(session: AsyncSession) -> None:
        await agree(session, _speaking_for(walk, other), pool, other.keys, walk.now)

    for node, act in ((deputy, take), (other, confirm)):
        said.append(await walk.attempt(node, act))
        for each in (deputy, other):
            walk.trio.speaks(each)
            await each.work_off()
    return f"{deputy.name} for {host.name}: {said}"


async def _under_way(walk: Shaken) -> bool:
    found = False
    for node in walk.trio.shaken:
        async with door(node.engine) as session:
            found |= bool(await session.scalar(select(exists().select_from(PoolHanding))))
    return found


HOSTING: dict[Step, int] = {
    hand_over: 14,
    agree_late: 3,
    think_again: 2,
    name_a_deputy: 3,
    lose_the_host: 8,
}
MOMENTS_OF_HOSTS: dict[Step, int] = {ask_the_old_host: 12, lose_the_host: 16}
