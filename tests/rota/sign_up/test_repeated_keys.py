"""A request that is sent again with its idempotency key makes no second claim."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.claims.errors import ClaimRefused, KeyReused
from rota.claims.models import KeptAnswer
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.kept_keys import KEY_KEPT, forget_keys
from tests.rota.sign_up.test_claiming_on_one_node import LATER, refused
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    everything,
)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def shift(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool)


@pytest.fixture
async def worker(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)


async def test_a_repeated_key_makes_no_second_claim(
    session: AsyncSession, shift: Planned, worker: Worker
) -> None:
    first = await claim_seat(session, worker.asker, shift.lead, NOW, key="k1")
    before = await everything(session)
    again = await claim_seat(session, worker.asker, shift.lead, LATER, key="k1")
    assert (again.id, again.state) == (first.id, "held")
    assert await everything(session) == before
    await release_claim(session, worker.asker, first.id, LATER)
    after = await claim_seat(session, worker.asker, shift.lead, LATER, key="k1")
    assert (after.id, after.state) == (first.id, "released")


async def test_a_key_is_for_one_request_of_one_person(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    await claim_seat(session, worker.asker, shift.lead, NOW, key="k1")
    await refused(
        session,
        KeyReused,
        claim_seat(session, worker.asker, shift.seats["second"], NOW, key="k1"),
    )
    await refused(
        session,
        KeyReused,
        claim_seat(session, worker.asker, shift.lead, NOW, key="k1", worker=worker.display),
    )
    other = await a_worker(session, pool.id, pool.coordinator)
    claim = await claim_seat(session, other.asker, shift.seats["second"], NOW, key="k1")
    assert (claim.handle_id, claim.state) == (other.handle, "held")


async def test_a_refused_request_leaves_its_key_free(
    session: AsyncSession, shift: Planned, worker: Worker
) -> None:
    early = TUESDAY_19 + timedelta(hours=1)
    await refused(
        session, ClaimRefused, claim_seat(session, worker.asker, shift.lead, early, key="k1")
    )
    assert (await claim_seat(session, worker.asker, shift.lead, NOW, key="k1")).state == "held"


async def test_a_key_is_forgotten_after_a_month(
    session: AsyncSession, worker: Worker, shift: Planned
) -> None:
    await claim_seat(session, worker.asker, shift.lead, NOW, key="k1")
    kept = []
    for later in (KEY_KEPT - timedelta(seconds=1), KEY_KEPT):
        await forget_keys(session, NOW + later)
        kept.append(list(await session.scalars(select(KeptAnswer.key))))
    assert kept == [["k1"], []]
