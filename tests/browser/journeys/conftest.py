from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from api.demo.stage import Stage, StuckError, wait_until
from federation.permissions.rules import Asker
from tests.browser.journeys.places import Places, places
from tests.browser.visitor import Visitor, visiting
from tests.conftest import own_name
from tests.postgres import copy_of

LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
"""What a browser does when somebody turns back to a page."""


@dataclass(frozen=True)
class World:
    """The two nodes, and people who come to them, all with scripts on or all with scripts off."""

    places: Places
    browser: Browser
    scripts: bool
    doors: AsyncExitStack

    async def come(self, stage: Stage, size: tuple[int, int]) -> Visitor:
        """Come to a node with a browser of one's own."""
        home = stage.settings.base_url
        return await self.doors.enter_async_context(
            visiting(self.browser, home, size, scripts=self.scripts)
        )

    async def sign_in(self, stage: Stage, asker: Asker, size: tuple[int, int]) -> Visitor:
        visitor = await self.come(stage, size)
        await visitor.see(await self.places.sign_in_link(stage, asker))
        await visitor.press("Sign in")
        return visitor

    async def finds(self, visitor: Visitor, path: str, *words: str) -> str:
        """Come back to a page until it says this: what another node has to tell takes a moment."""
        said = ""

        async def found() -> bool:
            nonlocal said
            said = await visitor.see(path)
            return all(each in said for each in words)

        try:
            await wait_until(found, f"{path} says {words}")
        except StuckError as error:
            error.add_note(said)
            raise
        return said

    async def shows(
        self, visitor: Visitor, *words: str, gone: str = "", looked_at: bool = False
    ) -> str:
        """Wait until a page says this: by itself with scripts, else when it is loaded again."""
        said = ""

        async def shown() -> bool:
            nonlocal said
            if not self.scripts:
                await visitor.page.reload()
            elif looked_at:
                await visitor.page.evaluate(LOOKED_AT)
            said = await visitor.page.locator("main").inner_text()
            return all(each in said for each in words) and (not gone or gone not in said)

        try:
            await wait_until(shown, f"the page says {words}, and not {gone!r}")
        except StuckError as error:
            error.add_note(f"{said}\nLoaded again:\n{await again(visitor)}")
            raise
        return said


async def again(visitor: Visitor) -> str:
    """Load a page that does not say what it should: perhaps its node knows it, and did not tell."""
    await visitor.page.reload()
    return await visitor.page.locator("body").inner_text()


@pytest.fixture(scope="session")
async def two_places(
    browser: Browser, server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Places]:
    """Run both nodes for all journeys, only with a browser for them."""
    del browser
    folder = tmp_path_factory.mktemp("journeys")
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        places(north_url, south_url, folder) as made,
    ):
        yield made


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
async def world(
    request: pytest.FixtureRequest, browser: Browser, two_places: Places
) -> AsyncIterator[World]:
    """Let people come to both nodes, once with scripts and once without."""
    async with AsyncExitStack() as doors:
        yield World(two_places, browser, request.param, doors)
