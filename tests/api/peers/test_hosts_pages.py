"""Who plans a pool, on pages and by commands: two administrators, each at a node of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Response

from api.parts import current_time
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from tests.api.conftest import form_token
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two
from tests.api.server.by_hand_node import at_node, environment_of, said

Pair = tuple[RunningNode, RunningNode]
ADMINISTRATOR = "partner-administrator"
HOSTS = "/hosts"


@dataclass(frozen=True)
class Desk:
    """The browser of somebody of a project that takes part in the pool."""

    browser: AsyncClient
    pool: UUID

    async def see(self) -> str:
        answer = await self.browser.get(HOSTS)
        assert answer.status_code == 200
        return answer.text

    async def press(self, what: str, **fields: str) -> Response:
        form = {"_csrf_token": await form_token(self.browser, "/"), **fields}
        return await self.browser.post(f"{HOSTS}/{self.pool}/{what}", data=form)


async def somebody(node: RunningNode, project: UUID, *roles: str) -> UUID:
    async with door(node.engine) as session:
        return await add_person(
            session,
            OPERATOR,
            project_id=project,
            name="Ann Example",
            languages=["en"],
            roles=roles,
            now=current_time(),
        )


@asynccontextmanager
async def desk(
    node: RunningNode, shared: PoolOfTwo, project: UUID, *roles: str
) -> AsyncIterator[Desk]:
    person = await somebody(node, project, *roles)
    async with door(node.engine) as session:
        link = await make_sign_in_link(
            session, OPERATOR, person_id=person, hours=1, now=current_time()
        )
    async with AsyncClient(
        base_url=node.settings.base_url, headers={"Accept": "text/html"}
    ) as browser:
        path = f"/sign-in/{link}"
        form = {"_csrf_token": await form_token(browser, path)}
        assert (await browser.post(path, data=form)).status_code == 303
        yield Desk(browser, shared.pool.id)


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
        wrong = await here.press("offer", node=south.id, typed="Evening")
        assert wrong.status_code == 400
        right = await here.press("offer", node=south.id, typed=" Evening chat ")
        assert (right.status_code, right.headers["location"]) == (303, HOSTS)
        assert "they act next" in await here.see()
        await shared.exchange()
        asked = await there.see()
        assert ("you act next" in asked, "North asks your node" in asked) == (True, True)
        assert (await there.press("accept", typed="Evening")).status_code == 400
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
        refused = await reads.press("offer", node=shared.south.id, typed="Evening chat")
        assert refused.status_code == 403
        hidden = await nobody.browser.get(HOSTS)
        assert (hidden.status_code, "Evening chat" in hidden.text) == (403, False)
    async with desk(north, shared, project, ADMINISTRATOR) as here:
        assert "Planned by this node, term 1." in await here.see()
        assert (await here.press("keep")).status_code == 409


async def typed(name: str, environment: dict[str, str], *words: str) -> None:
    """Run a command that asks for the pool's name."""
    answer = await at_node(environment, *words, typed=name)
    assert (answer.exit_code, answer.stderr) == (0, f"Type {name} to go on: {name}\n")


async def test_a_pool_is_offered_and_accepted_by_commands(shared: PoolOfTwo) -> None:
    environments = []
    for node, project in (
        (shared.north, shared.pool.coordinator.project_id),
        (shared.south, shared.coordinator.project_id),
    ):
        await somebody(node, project, ADMINISTRATOR)
        settings = node.settings
        environments.append(environment_of(settings.database_url, settings.keys, settings.base_url))
    north, south = environments
    slug, listed = shared.pool.slug, ("pools", "hosts")
    assert await said(north, *listed) == f"{slug}  planned by this node, term 1"
    offer = ("pools", "hand-over", slug, shared.south.id)
    other = await at_node(north, *offer, typed="another")
    assert other.exit_code == 1
    assert other.stderr.endswith("That is another name. Nothing was changed.\n")
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
