"""The button of another service where people have accounts: there, and back signed in."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser

from database.session import make_engine
from federation.partners.keys import NodeKeys
from tests.api.provided import let_have, provider_running
from tests.api.provider_process import CLIENT, SECRET
from tests.browser.site import Site, furnished
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.conftest import own_name
from tests.netreach_client.conftest import served
from tests.postgres import copy_of

MAIL = "ann.elsewhere@mailbox.example"


@dataclass(frozen=True)
class Asking:
    """A site that lets people in by the accounts of `provider`."""

    site: Site
    provider: str


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Run the provider under another name than the node: another site, for a browser."""
    with provider_running("localhost") as address:
        yield address


@pytest.fixture(scope="module")
async def asking(
    browser: Browser,
    provider: str,
    server_url: str,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Asking]:
    del browser
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "secret").write_text(f"{SECRET}\n")
    NodeKeys.create(folder / "keys")
    told = {
        "NETREACH_OIDC_ISSUER": provider,
        "NETREACH_OIDC_CLIENT": CLIENT,
        "NETREACH_OIDC_SECRET_FILE": str(folder / "secret"),
        "NETREACH_OIDC_NAME": "Quayside",
    }
    async with copy_of(server_url, template, own_name(template)) as database_url:
        engine = make_engine(database_url, connections=2)
        with served(database_url, folder, more=told) as url:
            site = await furnished(engine, url)
            await let_have(engine, site.people["worker"].asker.person_id, MAIL)
            yield Asking(site, provider)
        await engine.dispose()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
async def visitor(
    request: pytest.FixtureRequest, browser: Browser, asking: Asking
) -> AsyncIterator[Visitor]:
    async with visiting(browser, asking.site.url, PHONE, scripts=request.param) as visitor:
        yield visitor


async def through(visitor: Visitor, asking: Asking, mail: str, status: int = 200) -> str:
    """Follow the button, say there who one is, and come back; gives the page that answers."""
    await visitor.see("/sign-in")
    await visitor.no_barriers()
    assert "Quayside accounts" in await visitor.follow("Sign in with Quayside")
    await visitor.page.get_by_label("Your address").fill(mail)
    back = await visitor.press("Continue", status)
    [elsewhere] = {urlsplit(url).netloc for url in visitor.foreign()}
    assert elsewhere == urlsplit(asking.provider).netloc
    visitor.asked.clear()
    return back


async def test_the_button_leads_there_and_back_signed_in(asking: Asking, visitor: Visitor) -> None:
    back = await through(visitor, asking, MAIL)
    assert "Press the button to sign in on this device. The link works once." in back
    assert "Sign out" in await visitor.press("Sign in")
    assert "my seats" in await visitor.follow("My week")


async def test_an_address_of_nobody_is_told_what_to_do(asking: Asking, visitor: Visitor) -> None:
    refused = await through(visitor, asking, "nobody@mailbox.example", status=422)
    assert "Back to where you were" in refused
    await visitor.no_barriers()
    back = await visitor.follow("Back to where you were")
    assert "Sign in with Quayside" in back
