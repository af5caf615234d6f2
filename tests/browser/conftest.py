from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import make_engine
from federation.partners.keys import NodeKeys
from tests.browser.chromium import Chromium
from tests.browser.site import Site, furnished
from tests.browser.visitor import DESKTOP, PHONE, Visitor, visiting
from tests.conftest import BROWSER, own_name
from tests.netreach_client.conftest import served
from tests.postgres import copy_of

SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(scope="session")
async def browser(pytestconfig: pytest.Config) -> AsyncIterator[Browser]:
    chromium: Chromium = pytestconfig.stash[BROWSER]
    if chromium.path is None:
        (pytest.fail if chromium.required else pytest.skip)(chromium.says)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.path)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def site_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of the served node's keys."""
    folder = tmp_path_factory.mktemp("site") / "keys"
    NodeKeys.create(folder)
    return folder


@pytest.fixture(scope="session")
async def served_site(
    browser: Browser, server_url: str, template: str, site_keys: Path
) -> AsyncIterator[tuple[AsyncEngine, str]]:
    """Serve a node in a process of its own, on a loopback socket; only with a browser for it."""
    del browser
    async with copy_of(server_url, template, own_name(template)) as database_url:
        engine = make_engine(database_url, connections=2)
        with served(database_url, site_keys.parent) as url:
            yield engine, url
        await engine.dispose()


@pytest.fixture
async def site(served_site: tuple[AsyncEngine, str]) -> Site:
    return await furnished(*served_site)


@pytest.fixture(params=list(SIZES))
async def visitor(
    request: pytest.FixtureRequest, browser: Browser, site: Site
) -> AsyncIterator[Visitor]:
    """Come to the site, once with a phone and once with a computer."""
    async with visiting(browser, site.url, SIZES[request.param]) as visitor:
        yield visitor
