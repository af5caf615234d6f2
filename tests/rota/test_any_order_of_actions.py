"""Whatever people do on two homes and a host, in whatever order, what must hold holds.

A seeded walk over everything that moves a seat: sign-up, drop-out, cover, swap, hand-over, leave,
proposals of a plan, sessions moved, divided and called off, people who leave. In between messages
arrive late or twice, work is left lying, processes end before their commit, and a node is restored
from an older copy of its database. After every step no one is booked twice, a seat has one holder,
nobody gives a seat without getting the other, bookings and live claims are the same, what is shown
as open has its minimum, and a restored node has granted nothing. When everything is delivered,
homes and host say the same.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from benchmarks.repeatable import Repeatable
from database.session import door
from federation.feeds.models import FeedEvent
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.swaps.models import Exchange
from tests.rota.standing import resting_wrong, standing_wrong
from tests.rota.three_nodes import ThreeNodes, three_nodes
from tests.rota.walk.between import BETWEEN, forget_backups
from tests.rota.walk.seats import SEATS, some_are_seated
from tests.rota.walk.sessions import SESSIONS
from tests.rota.walk.steps import Step, Walk
from tests.rota.walk.swaps import SWAPS, note_exchanges

SEEDS = range(20, 23)
STEPS = 60
EVERYTHING: dict[Step, int] = SEATS | SWAPS | SESSIONS | BETWEEN
SAID = {
    "claim.answered",
    "claim.proposed",
    "claim.split",
    "cover.stated",
    "swap.stated",
    "exchange.proposed",
    "exchange.answered",
}


@pytest.fixture(scope="module")
async def nodes(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ThreeNodes]:
    async with three_nodes(server_url, template, tmp_path_factory.mktemp("three")) as made:
        yield made


@pytest.fixture(scope="module")
def exchanged() -> set[str]:
    """Collect between whom all walks of this file have swapped seats."""
    return set()


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_must_hold_holds_after_every_step(
    nodes: ThreeNodes, server_url: str, exchanged: set[str], seed: int
) -> None:
    chance = Repeatable(seed)
    walk = Walk(nodes, chance, server_url, exchanged=exchanged)
    await walk.begin()
    await some_are_seated(walk)
    for _ in range(STEPS):
        await walk.step(EVERYTHING)
        assert await standing_wrong(nodes) == [], "\n".join(walk.history)
    await forget_backups(walk)
    await nodes.calm_down()
    # what was put off while a node was restoring
    nodes.clock.now += timedelta(minutes=1)
    await nodes.calm_down()
    assert await resting_wrong(nodes) == [], "\n".join(walk.history)
    await note_exchanges(walk)


async def test_the_walks_really_did_what_they_are_about(
    nodes: ThreeNodes, exchanged: set[str]
) -> None:
    """A walk that only met refusals would prove nothing; run after the walks of this file."""
    async with door(nodes.host.engine) as session:
        counted = {
            "held": await session.scalar(select(func.count()).where(Claim.state == "held")),
            "swaps": await session.scalar(select(func.count()).select_from(Exchange)),
            "covers": await session.scalar(
                select(func.count()).where(CoverRequest.state == "covered")
            ),
        }
        said = set(await session.scalars(select(FeedEvent.kind).distinct()))
    assert [name for name, count in counted.items() if not count] == []
    assert said >= SAID
    # which of the three pairings these few walks come to is chance; each has stories of its own
    assert exchanged - {"both at the host"} != set()
