"""The page of a running session, on a node that has never met the one that withdraws."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from httpx2 import AsyncClient
from sqlalchemy import select

from database.session import door
from federation.access.actions import make_sign_in_link
from federation.notices.models import Notice
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import give_handle
from protocols.pool_texts.actions import name_pool_text
from rota.readings.running import WITHDRAWN_NOW
from rota.sign_up.actions import claim_seat
from tests.api.conftest import form_token
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_recalls_between_nodes import (
    Chain,
    chain,
    everybody_has_it,
    withdraw,
    work_off,
)
from tests.protocols.example_texts import read
from tests.rota.world import a_person, a_pool, a_shift

__all__ = ["chain"]


class Sitting(NamedTuple):
    """Somebody in a session that began five minutes ago."""

    worker: Asker
    shift: UUID


async def sitting(chain: Chain, urn: str) -> Sitting:
    """Seat somebody of East, who has read the text that East's pool has in force."""
    coordinator, now = chain.user.coordinator, clock()
    async with door(chain.east.engine) as session:
        pool = await a_pool(session, coordinator)
        await name_pool_text(session, coordinator, pool_id=pool.id, urn=urn, now=now)
        shift = await a_shift(session, pool, now - timedelta(minutes=5), trainings=[])
        worker = await a_person(session, chain.user.project, "worker")
        await give_handle(session, coordinator, pool.id, worker.person_id, now)
        await read(session, worker, urn)
        await claim_seat(session, worker, shift.lead, now - timedelta(hours=5))
    await work_off(chain.east)
    return Sitting(worker, shift.id)


@asynccontextmanager
async def browsing(node: RunningNode, worker: Asker) -> AsyncIterator[AsyncClient]:
    async with door(node.engine) as session:
        secret = await make_sign_in_link(
            session, OPERATOR, person_id=worker.person_id, hours=1, now=clock()
        )
    async with AsyncClient(
        base_url=node.settings.base_url, headers={"Accept": "text/html"}
    ) as browser:
        token = await form_token(browser, f"/sign-in/{secret}")
        await browser.post(f"/sign-in/{secret}", data={"_csrf_token": token})
        yield browser


async def test_a_session_in_progress_shows_at_once_what_was_withdrawn_two_nodes_away(
    chain: Chain,
) -> None:
    published, made = await everybody_has_it(chain)
    seated = await sitting(chain, made)
    async with browsing(chain.east, seated.worker) as browser:
        before = await browser.get(f"/shifts/{seated.shift}/now")
        await withdraw(chain.north, chain.author, published)
        await work_off(chain.north, chain.south, chain.east)
        after = await browser.get(f"/shifts/{seated.shift}/now")

    assert (before.status_code, after.status_code) == (200, 200)
    assert "Withdrawn:" not in before.text
    assert "Withdrawn: Live chat conduct." in after.text
    assert "Close the chat." in after.text
    async with door(chain.east.engine) as session:
        told = await session.scalars(
            select(Notice.code).where(Notice.person_id == seated.worker.person_id)
        )
        assert list(told) == [WITHDRAWN_NOW]
