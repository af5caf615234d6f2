"""A channel that the host of a pool names no more is shown nowhere else any more, too."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from api.peers.events import APPLY
from api.peers.rota_events import rota_events
from database.ids import new_id
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import SetAsideEvent
from federation.feeds.queries import POOL_SHIFTS, last_said
from federation.pools.announce import announce_pool
from federation.pools.models import Channel, Pool
from federation.pools.queries import channel_of, channels_by_pool, session_channels
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_hours_of_a_silent_host import a_running_pool, published
from tests.api.peers.test_pulling_feeds import pull_now

Pair = tuple[RunningNode, RunningNode]
Stated = list[dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """A pool of North with its sessions, which South has read."""

    north: RunningNode
    south: RunningNode
    slug: str
    later: Callable[[], None]

    async def state(self, change: Callable[[Stated], Stated]) -> None:
        """Let North state its pool with other channels, and South read it."""
        async with door(self.north.engine) as session:
            pool = (await session.scalars(select(Pool).where(Pool.slug == self.slug))).one()
            await announce_pool(session, pool.id, clock())
            said = await last_said(session, POOL_SHIFTS, str(pool.id))
            stated = json.loads(said or b"")
            stated["channels"] = change(stated["channels"])
            await append(session, POOL_SHIFTS, str(pool.id), "pool.stated", stated, now=clock())
        await pull_now(self.south, self.north)
        self.later()

    async def at_south(self) -> list[tuple[str, bool]]:
        async with door(self.south.engine) as session:
            rows = await session.scalars(
                select(Channel).order_by(Channel.left_out_at, Channel.slug)
            )
            return [(one.slug, one.left_out_at is None) for one in rows]

    async def offered_at_south(self) -> list[list[str]]:
        """Name the channels that South offers anywhere, and those that it finds by their names."""
        async with door(self.south.engine) as session:
            pool = (await session.scalars(select(Pool).where(Pool.slug == self.slug))).one()
            listed = (await channels_by_pool(session, [pool]))[pool.id]
            known = await session.scalars(select(Channel.slug).order_by(Channel.slug))
            found = [each for each in known if await channel_of(session, pool.id, each)]
            return [
                [each.slug for each in listed],
                await session_channels(session, pool.id),
                found,
            ]


@pytest.fixture
async def told(two_nodes: Pair) -> AsyncIterator[Told]:
    north, south = two_nodes
    south.apply.update({**APPLY, **rota_events(south.node.keys)})
    with time_machine.travel(clock() + timedelta(hours=1), tick=True) as time:
        slug = await a_running_pool(north, south)
        await pull_now(south, north)
        # what is published is built once a minute
        yield Told(north, south, slug, lambda: time.shift(timedelta(minutes=1)))


def nothing(_: Stated) -> Stated:
    return []


def everything(channels: Stated) -> Stated:
    return channels


async def hours(told: Told) -> tuple[int, int, Sequence[str]]:
    """Count what anybody can read at South, and name the channels."""
    seen = await published(told.south, told.slug)
    channels = sorted({one["channel"] for one in seen.json["hours"]})
    return len(seen.json["hours"]), seen.calendar.count("BEGIN:VEVENT"), channels


async def test_a_channel_that_its_host_leaves_out_is_published_nowhere(told: Told) -> None:
    [(slug, _)] = await told.at_south()
    before = await hours(told)
    assert before[0] == 2
    assert before[2] == [slug]
    assert await told.offered_at_south() == [[slug]] * 3

    await told.state(nothing)
    assert await hours(told) == (0, 0, [])
    assert await told.at_south() == [(slug, False)]
    assert await told.offered_at_south() == [[]] * 3

    await told.state(everything)
    assert await hours(told) == before
    assert await told.at_south() == [(slug, True)]


async def test_another_channel_may_have_the_short_name_of_one_that_is_left_out(
    told: Told,
) -> None:
    [(slug, _)] = await told.at_south()
    another = str(new_id())
    await told.state(lambda channels: [channels[0] | {"id": another, "name": "Night chat"}])
    assert await told.at_south() == [(f"{slug}-2", False), (slug, True)]
    assert await hours(told) == (0, 0, [])
    assert await told.offered_at_south() == [[slug]] * 3
    # and the first comes back, under its name
    await told.state(lambda channels: [*channels, channels[0] | {"id": another, "slug": "night"}])
    assert sorted(await told.at_south()) == sorted([(slug, True), ("night", True)])
    async with door(told.south.engine) as session:
        assert (await session.scalars(select(SetAsideEvent.kind))).all() == []


async def test_two_channels_may_change_their_short_names(told: Told) -> None:
    [(slug, _)] = await told.at_south()
    second = str(new_id())
    await told.state(lambda channels: [*channels, channels[0] | {"id": second, "slug": "night"}])
    await told.state(
        lambda channels: [channels[0] | {"slug": "night"}, channels[0] | {"id": second}]
    )
    async with door(told.south.engine) as session:
        rows = await session.execute(select(Channel.slug, Channel.id))
        assert {row.slug: str(row.id) == second for row in rows} == {slug: True, "night": False}
        assert (await session.scalars(select(SetAsideEvent.kind))).all() == []


async def test_who_takes_a_pool_over_does_not_bring_a_left_out_channel_back(told: Told) -> None:
    await told.state(nothing)
    async with door(told.south.engine) as session:
        pool = (await session.scalars(select(Pool).where(Pool.slug == told.slug))).one()
        await session.execute(update(Pool).where(Pool.id == pool.id).values(host=None))
        await announce_pool(session, pool.id, clock())
        said = json.loads(await last_said(session, POOL_SHIFTS, str(pool.id)) or b"")
    assert said["channels"] == []
