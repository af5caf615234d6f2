"""When somebody comes into the room, the public page is gone at once, and from behind "Back"."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, Route

from tests.browser.site import Site

ELSEWHERE = "https://www.wikipedia.org/"
LEAVE = "Leave this page quickly"
Leaving = Callable[[Page], Awaitable[None]]


async def by_the_link(page: Page) -> None:
    await page.get_by_role("link", name=LEAVE).click()


async def by_escape(page: Page) -> None:
    # one of two does nothing, and what is typed between begins anew
    for key in ("Escape", "Escape", "a", "Escape", "Escape", "Escape"):
        await page.keyboard.press(key)


@pytest.mark.parametrize(
    ("scripts", "leave", "behind"),
    [
        (True, by_the_link, "/sign-in"),
        (True, by_escape, "/sign-in"),
        (False, by_the_link, "/open/"),
    ],
)
async def test_the_public_page_is_left_quickly(
    site: Site, browser: Browser, leave: Leaving, behind: str, *, scripts: bool
) -> None:
    context = await browser.new_context(java_script_enabled=scripts)
    referrers: list[str | None] = []

    async def another_site(route: Route) -> None:
        referrers.append(route.request.headers.get("referer"))
        await route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    await context.route(f"{ELSEWHERE}**", another_site)
    page = await context.new_page()
    await page.goto(f"{site.url}/sign-in")
    await page.goto(f"{site.url}/open/{site.slug}")
    await leave(page)
    await page.wait_for_url(ELSEWHERE)
    await page.go_back()
    found = page.url
    await context.close()
    assert found.startswith(f"{site.url}{behind}")
    assert referrers == [None]
