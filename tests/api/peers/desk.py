"""People of real nodes who open the pages about partners, each in a browser of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from httpx2 import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.pools.models import Pool
from federation.projects.actions import add_project
from tests.api.conftest import form_token
from tests.api.peers.nodes import RunningNode

HERE = "/partners"


@dataclass(frozen=True)
class Desk:
    """Somebody's browser, signed in at one node."""

    node: RunningNode
    browser: AsyncClient

    async def see(self, path: str = HERE) -> str:
        answer = await self.browser.get(path)
        assert answer.status_code == 200
        return answer.text

    async def press(self, path: str, **fields: str) -> Response:
        form = {"_csrf_token": await form_token(self.browser, "/"), **fields}
        return await self.browser.post(f"{HERE}{path}", data=form)


async def add_somebody(session: AsyncSession, *roles: str) -> UUID:
    """Make a person with these roles, in a project of their own."""
    now = current_time()
    project = await add_project(
        session,
        OPERATOR,
        slug=f"own-{new_id()}",
        name="Quayside Outreach",
        region="North East",
        jurisdiction="england-and-wales",
        zone="Europe/London",
        languages=["en"],
        now=now,
    )
    return await add_person(
        session,
        OPERATOR,
        project_id=project,
        name="Ann Example",
        languages=["en"],
        roles=roles,
        now=now,
    )


@asynccontextmanager
async def desk(node: RunningNode, *roles: str) -> AsyncIterator[Desk]:
    """Give the desk of somebody new with these roles."""
    async with door(node.engine) as session:
        person = await add_somebody(session, *roles)
    async with desk_of(node, person) as browser:
        yield browser


@asynccontextmanager
async def desk_of(node: RunningNode, person: UUID) -> AsyncIterator[Desk]:
    """Give the desk of somebody who is known at a node."""
    async with door(node.engine) as session:
        link = await make_sign_in_link(
            session, OPERATOR, person_id=person, hours=1, now=current_time()
        )
    # how soon a busy machine answers says nothing of us
    async with AsyncClient(
        timeout=60, base_url=node.settings.base_url, headers={"Accept": "text/html"}
    ) as browser:
        path = f"/sign-in/{link}"
        form = {"_csrf_token": await form_token(browser, path)}
        assert (await browser.post(path, data=form)).status_code == 303
        yield Desk(node, browser)


async def own_pool(node: RunningNode, name: str) -> Pool:
    """Make a pool that a node hosts."""
    async with door(node.engine) as session:
        pool = Pool(slug=f"pool-{new_id()}", name=name, zone="Europe/London")
        session.add(pool)
    return pool
