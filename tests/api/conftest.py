"""The real application over a real database, called in the test's own event loop.

`node` (shared) or `fresh_node` (empty, its own) has a client (`node.web`), an engine for looking
behind it, and makes projects, people and tokens through the actions that people use.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from httpx2 import ASGITransport, AsyncClient
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.parts import current_time
from api.settings import Settings
from database.session import door
from federation.access.actions import make_api_token, make_sign_in_link
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.actions import add_project
from tests.conftest import own_name
from tests.postgres import copy_of

ADDRESS = "https://north.test"


def reached(app: Litestar) -> ASGITransport:
    """Call the application without a socket; the two libraries name ASGI's types differently."""
    return ASGITransport(app=cast("Any", app))


@dataclass(frozen=True)
class Somebody:
    """A person of a test, and a token that speaks for them."""

    id: UUID
    project_id: UUID
    token: str
    asker: Asker

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Node:
    """One running application, and ways to furnish it."""

    app: Litestar
    engine: AsyncEngine
    web: AsyncClient
    settings: Settings

    async def project(self, slug: str = "", zone: str = "Europe/London") -> UUID:
        async with door(self.engine) as session:
            return await add_project(
                session,
                OPERATOR,
                slug=slug or f"project-{uuid4().hex[:8]}",
                name="Quayside Outreach",
                region="North East",
                jurisdiction="england-and-wales",
                zone=zone,
                languages=["en"],
                now=current_time(),
            )

    async def somebody(
        self,
        *roles: str,
        project_id: UUID | None = None,
        name: str = "Ann Example",
        languages: Collection[str] = ("en",),
        scopes: Collection[str] = ("read", "write"),
    ) -> Somebody:
        """Make a person with these roles (in a new project if none is given) and a token."""
        project_id = project_id or await self.project()
        now = current_time()
        async with door(self.engine) as session:
            person_id = await add_person(
                session,
                OPERATOR,
                project_id=project_id,
                name=name,
                languages=list(languages),
                roles=roles,
                now=now,
            )
            token = await make_api_token(
                session,
                OPERATOR,
                person_id=person_id,
                label="test",
                scopes=scopes,
                days=1,
                now=now,
            )
        asker = Asker(person_id, project_id, frozenset(roles), frozenset(scopes))
        return Somebody(person_id, project_id, token.secret, asker)

    async def sign_in_link(self, person_id: UUID, hours: float = 1) -> str:
        """Make a one-time link; gives its secret."""
        async with door(self.engine) as session:
            return await make_sign_in_link(
                session, OPERATOR, person_id=person_id, hours=hours, now=current_time()
            )

    def browser(self) -> AsyncClient:
        """Give a second client with cookies of its own, which says that it wants pages."""
        return AsyncClient(
            transport=reached(self.app),
            base_url=ADDRESS,
            headers={"Accept": "text/html"},
        )

    @asynccontextmanager
    async def signed_in(self, person_id: UUID, device: str = "") -> AsyncIterator[AsyncClient]:
        """Give a browser in which somebody has used a sign-in link."""
        async with self.browser() as browser:
            link = f"/sign-in/{await self.sign_in_link(person_id)}"
            token = await form_token(browser, link)
            answer = await browser.post(link, data={"_csrf_token": token, "device": device})
            assert answer.status_code == 303
            yield browser


async def form_token(browser: AsyncClient, path: str) -> str:
    """Read the hidden field of the form on a page, as a browser would send it back."""
    page = await browser.get(path)
    field = 'name="_csrf_token" value="'
    assert field in page.text
    return page.text.split(field, 1)[1].split('"', 1)[0]


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """Start and end an application within one task, as Litestar needs and fixtures do not."""
    started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ended = asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set_result(None)
            await ended.wait()

    task = asyncio.create_task(live())
    await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        ended.set()
        await task


@asynccontextmanager
async def node_on(settings: Settings) -> AsyncIterator[Node]:
    app = create_app(settings)
    async with (
        running(app),
        AsyncClient(transport=reached(app), base_url=ADDRESS) as web,
    ):
        yield Node(app, app.state.engine, web, settings)


@pytest.fixture(scope="session")
async def node(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Node]:
    """Give the node that tests share: each makes projects and people of its own."""
    keys = tmp_path_factory.mktemp("node") / "keys"
    async with copy_of(server_url, template, own_name(template)) as url:
        settings = Settings(
            database_url=url, base_url=ADDRESS, keys=keys, requests_per_minute=1_000_000
        )
        async with node_on(settings) as node:
            yield node


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, base_url=ADDRESS, keys=tmp_path / "keys")


@pytest.fixture
async def fresh_node(settings: Settings) -> AsyncIterator[Node]:
    """Give a node with an empty database of its own, 0.6 s dearer than the shared one."""
    async with node_on(settings) as node:
        yield node
