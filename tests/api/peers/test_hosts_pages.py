"""Who plans a pool, on pages and by commands: two administrators, each at a node of their own."""

import pytest

from tests.api.peers.handing import silent
from tests.api.peers.host_desks import ADMINISTRATOR, HOSTS, administrator_of, desk, typed
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two
from tests.api.server.by_hand_node import at_node, said

Pair = tuple[RunningNode, RunningNode]


@pytest.fixture
async def shared(two_nodes: Pair) -> PoolOfTwo:
    return await pool_of_two(two_nodes)


async def test_a_pool_is_offered_and_accepted_on_pages(shared: PoolOfTwo) -> None:
    north, south = shared.north, shared.south
    northern, southern = shared.pool.coordinator.project_id, shared.coordinator.project_id
    async with (
        desk(north, shared, northern, ADMINISTRATOR) as here,
        desk(south, shared, southern, ADMINISTRATOR) as there,
    ):
        assert "Planned by this node, term 1." in await here.see()
        assert "Planned by North, term 1." in await there.see()
        wrong = await here.press("hand-over", node=south.id, typed="Evening")
        assert (wrong.status_code, "other-name-typed" in wrong.text) == (422, True)
        right = await here.press("hand-over", node=south.id, typed=" Evening chat ")
        assert (right.status_code, right.headers["location"]) == (303, HOSTS)
        assert "they act next" in await here.see()
        await shared.exchange()
        asked = await there.see()
        assert ("you act next" in asked, "North asks your node" in asked) == (True, True)
        assert (await there.press("accept", typed="Evening")).status_code == 422
        assert (await there.press("accept", typed="Evening chat")).status_code == 303
        assert "as soon as North hears of it" in await there.see()
        await shared.exchange()
        assert "Planned by South, term 2." in await here.see()
        assert "Planned by this node, term 2." in await there.see()


async def test_coordinators_read_and_others_see_nothing(shared: PoolOfTwo) -> None:
    north, project = shared.north, shared.pool.coordinator.project_id
    async with (
        desk(north, shared, project, "coordinator") as reads,
        desk(north, shared, project, "worker") as nobody,
    ):
        page = await reads.see()
        assert "Planned by this node" in page
        assert "<form" not in page.partition("<main")[2].partition("</main")[0]
        refused = await reads.press("hand-over", node=shared.south.id, typed="Evening chat")
        assert refused.status_code == 403
        hidden = await nobody.browser.get(HOSTS)
        assert (hidden.status_code, "Evening chat" in hidden.text) == (403, False)
    async with desk(north, shared, project, ADMINISTRATOR) as here:
        assert "Planned by this node, term 1." in await here.see()
        assert (await here.press("keep")).status_code == 409


async def test_a_pool_is_offered_and_accepted_by_commands(shared: PoolOfTwo) -> None:
    north = await administrator_of(shared.north, shared.pool.coordinator.project_id)
    south = await administrator_of(shared.south, shared.coordinator.project_id)
    slug, listed = shared.pool.slug, ("pools", "hosts")
    assert await said(north, *listed) == f"{slug}  planned by this node, term 1"
    offer = ("pools", "hand-over", slug, shared.south.id)
    other = await at_node(north, *offer, typed="another")
    assert other.exit_code == 1
    said_of_it = "That is not the pool's name. Nothing was changed. Type it as it is shown.\n"
    assert other.stderr.endswith(said_of_it)
    await typed(slug, north, *offer)
    await shared.exchange()
    assert (await said(south, *listed)).splitlines() == [
        f"{slug}  planned by North ({shared.north.id}), term 1",
        "  offered to this node, somebody here acts next: North",
    ]
    await said(south, "pools", "keep", slug)
    await shared.exchange()
    await typed(slug, north, *offer)
    await shared.exchange()
    await typed(slug, south, "pools", "accept", slug)
    await shared.exchange()
    assert await said(north, *listed) == f"{slug}  planned by South ({shared.south.id}), term 2"
    assert await said(south, *listed) == f"{slug}  planned by this node, term 2"


async def test_a_deputy_is_named_and_takes_over_on_pages(shared: PoolOfTwo) -> None:
    north, south = shared.north, shared.south
    northern, southern = shared.pool.coordinator.project_id, shared.coordinator.project_id
    async with (
        desk(north, shared, northern, ADMINISTRATOR) as here,
        desk(south, shared, southern, ADMINISTRATOR) as there,
    ):
        assert "Take it over" not in await there.see()
        named = await here.press("deputy", node=south.id)
        assert (named.status_code, named.headers["location"]) == (303, HOSTS)
        assert f'<option value="{south.id}" selected>' in await here.see()
        await shared.exchange()
        assert "Your node is its deputy." in await there.see()
        early = await there.press("take-over", typed="Evening chat")
        assert (early.status_code, "host-was-heard" in early.text) == (409, True)
        await silent(north, south)
        assert (await there.press("take-over", typed="Evening")).status_code == 422
        assert (await there.press("take-over", typed="Evening chat")).status_code == 303
        assert "Planned by this node, term 2." in await there.see()


async def test_a_deputy_is_named_and_takes_over_by_commands(shared: PoolOfTwo) -> None:
    north = await administrator_of(shared.north, shared.pool.coordinator.project_id)
    south = await administrator_of(shared.south, shared.coordinator.project_id)
    slug = shared.pool.slug
    assert await said(north, "pools", "deputy", slug, shared.south.id) == f"{slug} has a deputy."
    await shared.exchange()
    for at, planned in ((north, "this node"), (south, f"North ({shared.north.id})")):
        assert (await said(at, "pools", "hosts")).splitlines() == [
            f"{slug}  planned by {planned}, term 1",
            f"  deputy: {shared.south.id}",
        ]
    await silent(shared.north, shared.south)
    await typed(slug, south, "pools", "take-over", slug)
    assert await said(south, "pools", "hosts") == f"{slug}  planned by this node, term 2"
    assert await said(north, "pools", "deputy", slug) == f"{slug} has no deputy."
