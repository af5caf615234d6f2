"""A host that lies about who hosts its pool: its word alone keeps no deputy out."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from database.session import door
from federation.audit.models import AuditEntry
from federation.handing.actions import accept_pool, take_back_offer
from federation.handing.losses import agree, name_deputy
from federation.handing.models import PoolTerm
from federation.handing.queries import current_term, hostings
from federation.handing.rules import PURPOSE, PoolDocument, written
from federation.people.models import Role
from federation.pools.models import Pool
from rota.handing.after_loss import take_over
from rota.handing.steps import StepName, Wanted, step
from tests.api.peers.conftest import joined_before, running_nodes, strangers, two_nodes, west
from tests.api.peers.handing import (
    administrator,
    claim_at,
    everybody,
    offer,
    silent,
    with_west,
)
from tests.api.peers.host_desks import administrator_of, desk, somebody, typed
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, standing
from tests.api.peers.test_partners_json import Program, token_of
from tests.api.server.by_hand_node import said

__all__ = ["joined_before", "running_nodes", "strangers", "two_nodes", "west"]
Pair = tuple[RunningNode, RunningNode]


async def deputise(shared: PoolOfTwo, node_id: str | None) -> None:
    async with door(shared.north.engine) as session:
        asker = administrator(shared.pool.coordinator)
        await name_deputy(session, asker, shared.pool.id, node_id, shared.north.node.keys, clock())


async def show(shared: PoolOfTwo, **changes: Any) -> None:
    """Let North show partners something else that it has signed alone."""
    north, pool_id = shared.north, shared.pool.id
    async with door(north.engine) as session:
        term = await current_term(session, pool_id)
        assert term is not None
        believed: dict[str, Any] = {
            "term": term.term,
            "version": term.version,
            "deputy": term.deputy,
            "members": term.members,
        }
        document = PoolDocument(pool=pool_id, host=north.id, at=clock(), **believed | changes)
        said = north.node.keys.sign("head", written(document).encode(), purpose=PURPOSE)
        await session.execute(delete(PoolTerm).where(PoolTerm.pool_id == pool_id))
        session.add(
            PoolTerm(
                pool_id=pool_id,
                term=document.term,
                version=document.version,
                host=north.id,
                deputy=document.deputy,
                members=document.members,
                statements={north.id: said},
                said_at=document.at,
            )
        )


async def a_day_passes(*nodes: RunningNode) -> None:
    for node in nodes:
        async with door(node.engine) as session:
            await session.execute(update(PoolTerm).values(heard_at=clock() - timedelta(hours=25)))


async def host_at(node: RunningNode, shared: PoolOfTwo) -> str | None:
    async with door(node.engine) as session:
        return (await session.get_one(Pool, shared.pool.id)).host


async def believed_at(node: RunningNode, shared: PoolOfTwo) -> tuple[int, int, str | None]:
    async with door(node.engine) as session:
        term = await current_term(session, shared.pool.id)
        assert term is not None
        return term.term, term.version, term.deputy


@pytest.mark.parametrize("last_word", ["no deputy", "strangers", "another term"])
async def test_a_host_that_comes_back_takes_nothing_back(
    two_nodes: Pair, west: RunningNode, last_word: str
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, _finch = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    await a_day_passes(south, west)
    await silent(north, south, west)
    async with door(south.engine) as session:
        asker = administrator(shared.coordinator)
        await take_over(session, asker, shared.pool.id, south.node.keys, clock())
    await pull_now(west, south)
    async with door(west.engine) as session:
        await agree(session, administrator(western), shared.pool.id, west.node.keys, clock())
    await pull_now(south, west)
    # the lost host is back before West has heard how many agreed
    term, version, _ = await believed_at(west, shared)
    lies: dict[str, dict[str, Any]] = {
        "no deputy": {"version": version + 1, "deputy": None},
        "strangers": {
            "version": version + 1,
            "members": {letter * 43: [] for letter in "ABCDEFG"} | {south.id: [], north.id: []},
        },
        "another term": {"term": term + 1},
    }
    await show(shared, **lies[last_word])
    await pull_now(west, north)
    told = (term, version, south.id) if last_word == "another term" else None
    if told:
        assert await believed_at(west, shared) == told
    assert await host_at(west, shared) == north.id
    await pull_now(west, south)
    assert await host_at(west, shared) == south.id
    assert (await believed_at(west, shared))[:2] == (term + 1, 1)


@pytest.fixture
async def told_twice(two_nodes: Pair) -> PoolOfTwo:
    """Give a pool whose host has shown South one document, and then another of the same number."""
    shared = await pool_of_two(two_nodes)
    await deputise(shared, shared.south.id)
    await pull_now(shared.south, shared.north)
    await show(shared, deputy=None)
    for _ in range(2):
        await pull_now(shared.south, shared.north)
    return shared


async def settle(shared: PoolOfTwo, how: StepName) -> None:
    async with door(shared.south.engine) as session:
        asker = administrator(shared.coordinator)
        wanted = Wanted(shared.pool.id, typed="Evening chat")
        await step(session, asker, how, wanted, shared.south.node.keys, clock())


async def alarms(node: RunningNode) -> list[dict[str, Any]]:
    async with door(node.engine) as session:
        found = await session.scalars(
            select(AuditEntry.facts).where(AuditEntry.verb == "pool-term-differs")
        )
        return list(found)


async def test_two_documents_of_one_term_are_an_alarm_and_the_first_one_holds(
    told_twice: PoolOfTwo,
) -> None:
    shared, south = told_twice, told_twice.south
    project = shared.coordinator.project_id
    assert await believed_at(south, shared) == (1, 1, south.id)
    assert await alarms(south) == [{"term": 1, "version": 1, "host": shared.north.id}]
    await somebody(south, project, Role.PARTNER_ADMINISTRATOR)
    async with desk(south, shared, project, Role.PARTNER_ADMINISTRATOR) as here:
        assert "Two signed documents" in await here.see()
        wrong = await here.press("settle-known", typed="Evening")
        assert wrong.status_code == 422
        assert (await here.press("settle-known", typed="Evening chat")).status_code == 303
        assert "Two signed documents" not in await here.see()
    await pull_now(south, shared.north)
    assert await believed_at(south, shared) == (1, 1, south.id)
    assert len(await alarms(south)) == 1


async def on_the_page(shared: PoolOfTwo) -> None:
    project = shared.coordinator.project_id
    async with desk(shared.south, shared, project, Role.PARTNER_ADMINISTRATOR) as here:
        assert (await here.press("settle-other", typed="Evening chat")).status_code == 303


async def by_hand(shared: PoolOfTwo) -> None:
    there = await administrator_of(shared.south, shared.coordinator.project_id)
    slug = shared.pool.slug
    shown = await said(there, "pools", "hosts")
    assert f"  disputed: by another signed document its host is {shared.north.id}" in shown
    await typed(slug, there, "pools", "settle", slug, "other")


async def by_a_program(shared: PoolOfTwo) -> None:
    south, slug = shared.south, shared.pool.slug
    person = await somebody(south, shared.coordinator.project_id, Role.PARTNER_ADMINISTRATOR)
    program = Program(south, await token_of(south, person), "/api/v1/hosts")
    answer = await program.ask("POST", f"/{slug}/settle-other", {"typed": "Evening chat"})
    assert (answer.status_code, answer.json()["disputed"]) == (200, None)


@pytest.mark.parametrize("choose", [on_the_page, by_hand, by_a_program])
async def test_people_choose_the_other_document(
    told_twice: PoolOfTwo, choose: Callable[[PoolOfTwo], Awaitable[None]]
) -> None:
    shared, south = told_twice, told_twice.south
    await choose(shared)
    assert await believed_at(south, shared) == (1, 1, None)
    await pull_now(south, shared.north)
    assert (await believed_at(south, shared), len(await alarms(south))) == ((1, 1, None), 1)


async def test_what_the_host_signs_next_ends_the_alarm(told_twice: PoolOfTwo) -> None:
    shared, south = told_twice, told_twice.south
    await show(shared, version=2, deputy=None)
    await pull_now(south, shared.north)
    assert await believed_at(south, shared) == (1, 2, None)
    async with desk(
        south, shared, shared.coordinator.project_id, Role.PARTNER_ADMINISTRATOR
    ) as here:
        assert "Two signed documents" not in await here.see()


async def test_of_two_hosts_of_one_term_people_choose_one(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    await deputise(shared, south.id)
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    held = await claim_at(west, finch, evening.lead)
    await everybody(north, south, west)
    await silent(north, south, west)
    async with door(south.engine) as session:
        asker = administrator(shared.coordinator)
        await take_over(session, asker, shared.pool.id, south.node.keys, clock())
    await pull_now(west, south)
    async with door(west.engine) as session:
        await agree(session, administrator(western), shared.pool.id, west.node.keys, clock())
    await pull_now(south, west)
    # West has thought again, North is back, and West takes the pool from its hand as well
    async with door(west.engine) as session:
        await take_back_offer(session, administrator(western), shared.pool.id, clock())
    await offer(shared, to=west.id)
    await pull_now(west, north)
    async with door(west.engine) as session:
        asker = administrator(western)
        await accept_pool(session, asker, shared.pool.id, west.node.keys, clock())
    await pull_now(north, west)
    await pull_now(west, north)
    await pull_now(south, west)
    assert [await host_at(node, shared) for node in (north, south, west)] == [west.id, None, None]
    await pull_now(south, west)
    assert await alarms(south) == [{"term": 2, "version": 1, "host": west.id}]
    async with door(south.engine) as session:
        [one] = await hostings(session, shared.coordinator)
        assert one.disputed == west.id
    await settle(shared, "settle-other")
    await everybody(south, west)
    assert [await host_at(node, shared) for node in (north, south, west)] == [
        west.id,
        west.id,
        None,
    ]
    assert await standing(west, held) == ("held", [])
    assert len(await alarms(south)) == 1
