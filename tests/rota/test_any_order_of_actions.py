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
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.feeds.models import FeedEvent
from federation.people.models import Handle
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.swaps.models import Exchange, ExchangeLeg
from tests.rota.standing import resting_wrong, standing_wrong
from tests.rota.three_nodes import ThreeNodes, three_nodes
from tests.rota.walk.between import BETWEEN, forget_backups
from tests.rota.walk.seats import SEATS, some_are_seated
from tests.rota.walk.sessions import SESSIONS
from tests.rota.walk.steps import Step, Walk
from tests.rota.walk.swaps import SWAPS

SEEDS = range(3)
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


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_must_hold_holds_after_every_step(
    nodes: ThreeNodes, server_url: str, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 -- a repeatable story, no secret
    walk = Walk(nodes, chance, server_url)
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


async def test_the_walks_really_did_what_they_are_about(nodes: ThreeNodes) -> None:
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
        pairs = await _pairs(session)
    assert [name for name, count in counted.items() if not count] == []
    assert said >= SAID
    assert pairs >= {"of one home", "of two homes", "one at the host"}


async def _pairs(session: AsyncSession) -> set[str]:
    """Say between whom seats were swapped, each giving one."""
    rows = await session.execute(
        select(ExchangeLeg.exchange_id, Project.node)
        .join(Handle, Handle.id == ExchangeLeg.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(ExchangeLeg.gave_claim_id.is_not(None), ExchangeLeg.got_claim_id.is_not(None))
    )
    nodes: dict[UUID, list[str | None]] = {}
    for exchange, node in rows:
        nodes.setdefault(exchange, []).append(node)
    return {_pair(both) for both in nodes.values() if len(both) == 2}


def _pair(nodes: list[str | None]) -> str:
    if None in nodes:
        return "both at the host" if nodes[0] == nodes[1] else "one at the host"
    return "of one home" if nodes[0] == nodes[1] else "of two homes"
