"""People of real nodes who look who plans their pools, in a browser or at a terminal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from httpx2 import AsyncClient, Response

from api.parts import current_time
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from tests.api.conftest import form_token
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import PoolOfTwo
from tests.api.server.by_hand_node import at_node, environment_of

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


async def administrator_of(node: RunningNode, project: UUID) -> dict[str, str]:
    """Take in a partner administrator; gives the surroundings in which commands run there."""
    await somebody(node, project, ADMINISTRATOR)
    settings = node.settings
    return environment_of(settings.database_url, settings.keys, settings.base_url)


async def typed(name: str, environment: dict[str, str], *words: str) -> None:
    """Run a command that asks for the pool's name."""
    answer = await at_node(environment, *words, typed=name)
    assert (answer.exit_code, answer.stderr) == (0, f"Type {name} to go on: {name}\n")
