"""Passkeys in a real browser with a device of its own (WebAuthn), and in one without a script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx2 import AsyncClient
from playwright.async_api import Browser, CDPSession, Page, Route
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import make_engine
from federation.partners.keys import NodeKeys
from tests.browser.site import Site, furnished
from tests.browser.visitor import DESKTOP, PHONE, visiting
from tests.conftest import own_name
from tests.netreach_client.conftest import served
from tests.postgres import copy_of

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
async def named_site(
    browser: Browser, server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """Serve a node under a name: browsers bind no passkey to a number."""
    del browser
    async with copy_of(server_url, template, own_name(template)) as database_url:
        engine: AsyncEngine = make_engine(database_url, connections=2)
        folder = tmp_path_factory.mktemp("named")
        NodeKeys.create(folder / "keys")
        with served(database_url, folder, host="localhost") as url:
            async with AsyncClient(timeout=120) as web:
                # a page would not wait as long for a node that has to start on a busy machine
                await web.get(f"{url}/health/live")
            yield await furnished(engine, url)
        await engine.dispose()


class Holder:
    """Somebody at a browser whose device makes passkeys."""

    def __init__(self, page: Page, tools: CDPSession, device: str, home: str) -> None:
        self.page, self.tools, self.device, self.home = page, tools, device, home

    async def press(self, name: str) -> str:
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name).first.click()
        return await self.page.locator("body").inner_text()

    async def see(self, path: str) -> str:
        await self.page.goto(f"{self.home}{path}")
        return await self.page.locator("body").inner_text()

    async def refused(self, name: str) -> str:
        """Press what leads nowhere; gives what the script says instead."""
        await self.page.get_by_role("button", name=name).first.click()
        said = self.page.locator("#passkey-said:not(:empty)")
        await said.wait_for()
        return await said.inner_text()

    async def keys(self) -> list[dict[str, Any]]:
        told = {"authenticatorId": self.device}
        found = await self.tools.send("WebAuthn.getCredentials", told)
        keys: list[dict[str, Any]] = found["credentials"]
        return keys


@asynccontextmanager
async def holding(browser: Browser, site: Site, size: tuple[int, int]) -> AsyncIterator[Holder]:
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    tools = await context.new_cdp_session(page)
    await tools.send("WebAuthn.enable")
    made = await tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield Holder(page, tools, made["authenticatorId"], site.url)
    await context.close()
    assert complaints == []


async def test_a_passkey_is_added_and_opens_in_place_of_a_link(
    named_site: Site, browser: Browser
) -> None:
    async with holding(browser, named_site, PHONE) as ann:
        await ann.see(await named_site.link("worker"))
        await ann.press("Sign in")
        await ann.see("/account")
        await ann.page.get_by_label("It will be kept").select_option("on a phone")
        assert "A passkey on a phone" in await ann.press("Add a passkey")
        [key] = await ann.keys()
        assert (key["isResidentCredential"], key["rpId"]) == (True, "localhost")
        assert await ann.refused("Add a passkey") == (
            "This device has a passkey for this node already."
        )
        await ann.press("Sign out")
        async with ann.page.expect_request("**/sign-in/passkey") as sent:
            assert "Sign out" in await ann.press("Sign in with a passkey")
        form = dict((await sent.value).post_data_json or {})
        answer = await ann.page.request.post(f"{ann.home}/sign-in/passkey", form=form)
        assert (answer.status, "passkey-late" in await answer.text()) == (409, True)
        # a copy that has signed less often
        await ann.press("Sign out")
        told = {"authenticatorId": ann.device}
        await ann.tools.send("WebAuthn.clearCredentials", told)
        await ann.tools.send(
            "WebAuthn.addCredential", told | {"credential": key | {"signCount": 0}}
        )
        assert "passkey-went-back" in await ann.press("Sign in with a passkey")
        newer = {"credential": key | {"signCount": 99}}
        await ann.tools.send("WebAuthn.clearCredentials", told)
        await ann.tools.send("WebAuthn.addCredential", told | newer)
        await ann.see("/sign-in")
        await ann.press("Sign in with a passkey")
        await ann.see("/account")
        assert "A passkey on a phone" not in await ann.press("Remove A passkey on a phone")
        await ann.press("Sign out")
        assert "passkey-unknown" in await ann.press("Sign in with a passkey")


async def test_another_origin_gets_nothing_by_a_passkey_of_ours(
    named_site: Site, browser: Browser
) -> None:
    """Another port is another origin, though a browser gives it passkeys of the same name."""
    async with holding(browser, named_site, DESKTOP) as ann:
        await ann.see(await named_site.link("colleague"))
        await ann.press("Sign in")
        await ann.see("/account")
        await ann.press("Add a passkey")
        await ann.press("Sign out")
        token = await ann.page.locator("#passkey [name=_csrf_token]").input_value()
        asked = await ann.page.request.post(
            f"{ann.home}/sign-in/passkey/options", form={"_csrf_token": token}
        )
        script = await ann.page.request.get(f"{ann.home}/static/passkey.js")
        copied = {
            "/sign-in": (await ann.page.content(), "text/html"),
            "/static/passkey.js": (await script.text(), "text/javascript"),
            "/sign-in/passkey/options": (await asked.text(), "application/json"),
        }
        elsewhere = "http://localhost:1"

        async def show(route: Route) -> None:
            body, kind = copied.get(urlsplit(route.request.url).path, ("", "text/html"))
            await route.fulfill(body=body, content_type=kind)

        await ann.page.route(f"{elsewhere}/**", show)
        await ann.page.goto(f"{elsewhere}/sign-in")
        async with ann.page.expect_request(f"{elsewhere}/sign-in/passkey") as sent:
            await ann.page.get_by_role("button", name="Sign in with a passkey").click()
        stolen = dict((await sent.value).post_data_json or {}) | {"_csrf_token": token}
        answer = await ann.page.request.post(f"{ann.home}/sign-in/passkey", form=stolen)
        assert (answer.status, "passkey-wrong" in await answer.text()) == (422, True)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_without_a_script_the_link_stays_and_the_page_says_so(
    named_site: Site, browser: Browser, size: tuple[int, int]
) -> None:
    async with visiting(browser, named_site.url, size) as visitor:
        shown = await visitor.see("/sign-in")
        assert "A passkey needs JavaScript" in shown
        assert "Sign in with a passkey" not in shown
        # the twin in which axe looks runs the script, and so sees the form
        await visitor.no_barriers()
        await visitor.see(await named_site.link("reviewer"))
        await visitor.press("Sign in")
        shown = await visitor.follow_starting("Your account")
        assert "Add a passkey" not in shown
        await visitor.no_barriers()
