"""Moments for which a rule is there and to which chance alone seldom comes, each as one step."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from rota.sign_up.actions import claim_seat, release_claim
from tests.federation.chaos.node import BACKUP, ShakenNode
from tests.federation.chaos.shaken import Shaken
from tests.federation.chaos.texts import regret
from tests.rota.walk.seats import FREE_SEATS, offer_to
from tests.rota.walk.steps import Step, Walk


async def die_reading(walk: Walk) -> str:
    """Let a worker die beside one of the steps that it makes through what was just said to it."""
    assert isinstance(walk, Shaken)
    one, other = walk.a_pair()
    await walk.say(one, other, times=2)
    await walk.in_turn(one)
    steps, dies = walk.random.randrange(3), walk.random.choice(["before", "after"])
    walk.trio.speaks(other)
    died = await other.work_off(commits=steps, dies=dies, reading=True)
    lived = f"died {dies} the next" if died else "lived"
    return f"{other.name}, told by {one.name}, {steps} steps: {lived}"


async def forget_a_grant(walk: Walk) -> str:
    """Let a home agree to a seat, and its host come back from just before it was offered.

    Home may have the receipt by then, which is all that still tells of the seat.
    """
    assert isinstance(walk, Shaken)
    host, home = walk.trio.named(walk.trio.host.name), _a_home(walk)
    worker = walk.random.choice(walk.nodes.people[home.name])
    await host.keep(BACKUP)
    host.backed_up = True
    said = await offer_to(walk, worker)
    told = walk.random.choice([True, False])
    await walk.in_turn(host, home, host, *([home] if told else []))
    await host.come_back(walk.now)
    return f"to somebody of {home.name}, {'told of it' if told else 'who waits'}: {said}"


async def want_no_more(walk: Walk) -> str:
    """Ask a host for a seat and want it no more, while it waits for another home's answer."""
    assert isinstance(walk, Shaken)
    host, home = walk.trio.named(walk.trio.host.name), _a_home(walk)
    [other] = {node.name for node in walk.trio.shaken} - {host.name, home.name}
    host.line.cut_off.add(other)
    walk.trio.named(other).line.cut_off.add(host.name)
    await host.come_back(walk.now)
    await walk.in_turn(host, home, host)
    said = await _ask_and_withdraw(walk, home)
    await walk.in_turn(home, host)
    return f"{home.name}, while {other} is cut off: {said}"


async def _ask_and_withdraw(walk: Shaken, home: ShakenNode) -> str:
    worker = walk.random.choice(walk.nodes.people[home.name])
    seat = await walk.any_of(home, FREE_SEATS)
    asked: list[UUID] = []

    async def ask(session: AsyncSession) -> None:
        asked.append((await claim_seat(session, worker.asker, seat, walk.now)).id)

    async def withdraw(session: AsyncSession) -> None:
        await release_claim(session, worker.asker, asked[0], walk.now)

    said = await walk.attempt(home, ask)
    return f"{said}, then {await walk.attempt(home, withdraw)}" if asked else said


def _a_home(walk: Shaken) -> ShakenNode:
    return walk.trio.named(walk.random.choice(walk.trio.homes).name)


MOMENTS: dict[Step, int] = {die_reading: 9, forget_a_grant: 9, want_no_more: 9, regret: 6}
