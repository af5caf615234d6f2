"""Accounts on a channel's tool, granted and withdrawn by the project that owns it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound, Refusal
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from rota.claims.errors import ClaimRefused
from rota.passport.errors import NoAccountNeeded, NotTheOwner
from rota.passport.models import ToolAccount
from rota.passport.tools import (
    accounts_on,
    grant_account,
    need_account,
    owned_tools,
    withdraw_account,
)
from rota.sign_up.actions import claim_seat
from rota.sign_up.unfit import claims_to_check, vacate_if_unfit
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    everything,
    seat_states,
)

NEEDED = "operator account under the display handle"


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> None:
    before = await everything(session)
    with pytest.raises(kind):
        async with session.begin_nested():
            await action
    assert await everything(session) == before


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


@pytest.fixture
async def partner(session: AsyncSession, pool: ExamplePool) -> Asker:
    """Give the coordinator of another member of the pool, on the same node."""
    coordinator = await a_project(session)
    await join_pool(session, coordinator, pool.id, SHARE, NOW)
    return coordinator


async def test_a_seat_is_for_who_has_an_account_and_falls_free_without_it(
    session: AsyncSession, pool: ExamplePool, partner: Asker
) -> None:
    worker = await a_worker(session, pool.id, partner)
    shift = await a_shift(session, pool)
    await need_account(session, pool.coordinator, pool.channel, NEEDED, NOW)
    with pytest.raises(ClaimRefused) as caught:
        await claim_seat(session, worker.asker, shift.lead, NOW)
    assert [reason.code for reason in caught.value.reasons] == ["account-missing"]
    for _ in range(2):
        await grant_account(session, pool.coordinator, pool.channel, worker.handle, NOW)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    [claim] = await claims_to_check(session, NOW, channel_id=pool.channel)
    assert not await vacate_if_unfit(session, claim, NOW)
    await withdraw_account(session, pool.coordinator, pool.channel, worker.handle, NOW)
    assert await vacate_if_unfit(session, claim, NOW)
    assert (await seat_states(session, shift))["lead"] == "open"
    # what ran already is not undone
    assert await claims_to_check(session, TUESDAY_19, channel_id=pool.channel) == []


async def test_only_the_tools_owner_sees_to_its_accounts(
    session: AsyncSession, pool: ExamplePool, partner: Asker
) -> None:
    worker = await a_worker(session, pool.id, partner)
    await need_account(session, pool.coordinator, pool.channel, NEEDED, NOW)
    await grant_account(session, pool.coordinator, pool.channel, worker.handle, NOW)
    stranger = await a_project(session)
    for kind, asker in ((NotTheOwner, partner), (NotFound, stranger), (NotAllowed, worker.asker)):
        for action in (grant_account, withdraw_account):
            tried = action(session, asker, pool.channel, worker.handle, NOW)
            await refused(session, kind, tried)
    for kind, asker in ((NotTheOwner, partner), (NotFound, stranger), (NotAllowed, worker.asker)):
        tried = need_account(session, asker, pool.channel, "", NOW)
        await refused(session, kind, tried)
    for asker in (partner, stranger):
        await refused(session, NotFound, accounts_on(session, asker, pool.channel))
    await refused(session, NotAllowed, accounts_on(session, worker.asker, pool.channel))
    assert await owned_tools(session, partner) == []


async def test_the_owner_sees_each_handle_with_its_account(
    session: AsyncSession, pool: ExamplePool, partner: Asker
) -> None:
    ours = await a_worker(session, pool.id, pool.coordinator)
    theirs = await a_worker(session, pool.id, partner)
    await need_account(session, pool.coordinator, pool.channel, NEEDED, NOW)
    later = NOW + timedelta(hours=1)
    await grant_account(session, pool.coordinator, pool.channel, theirs.handle, later)
    accounts = await accounts_on(session, pool.coordinator, pool.channel)
    seen = {one.handle_id: (one.display, one.granted_at) for one in accounts}
    assert seen == {ours.handle: (ours.display, None), theirs.handle: (theirs.display, later)}
    [tool] = await owned_tools(session, pool.coordinator)
    assert (tool.channel.tool_account, tool.pool.id) == (NEEDED, pool.id)
    assert tool.accounts == accounts


async def test_where_no_account_is_needed_none_is_granted(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    grant = grant_account(session, pool.coordinator, pool.channel, worker.handle, NOW)
    await refused(session, NoAccountNeeded, grant)
    await need_account(session, pool.coordinator, pool.channel, NEEDED, NOW)
    other = await a_pool(session, pool.coordinator)
    elsewhere = await a_worker(session, other.id, pool.coordinator)
    for handle in (elsewhere.handle, worker.id):
        grant = grant_account(session, pool.coordinator, pool.channel, handle, NOW)
        await refused(session, NotFound, grant)
    await need_account(session, pool.coordinator, pool.channel, "", NOW)
    shift = await a_shift(session, pool)
    assert (await claim_seat(session, worker.asker, shift.lead, NOW)).state == "held"


async def test_the_database_keeps_one_account_a_handle_and_channel(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    row = insert(ToolAccount).values(
        channel_id=pool.channel, handle_id=worker.handle, granted_at=NOW
    )
    await session.execute(row.values(id=pool.id))
    with pytest.raises(IntegrityError) as caught:
        async with session.begin_nested():
            await session.execute(row.values(id=worker.handle))
    assert broken_constraint(caught.value) == "uq_tool_account_current"


async def test_a_home_elsewhere_hears_it_as_the_hosts_refusal(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool))
    await nodes.host.do(
        lambda db: need_account(db, nodes.pool.coordinator, nodes.pool.channel, NEEDED, NOW)
    )
    await nodes.exchange()
    claim = await nodes.home.do(lambda db: claim_seat(db, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    async with nodes.home.door() as session:
        kept = await session.get_one(type(claim), claim.id)
        assert (kept.state, [reason["code"] for reason in kept.reasons]) == (
            "refused",
            ["account-missing"],
        )
