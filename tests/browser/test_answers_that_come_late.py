"""Pages that are told of a change while a server is slow or fails: none stays as it was."""

from asyncio import Event

import pytest
from playwright.async_api import Browser, Route

from tests.browser.site import Site
from tests.browser.test_pages_that_stay_open import begin

# listens beside the page, from its own first word on, for the next one
LISTEN = """new Promise((listening) => {
    const stream = new EventSource(document.querySelector("main").dataset.changes);
    window.told = new Promise((told) => {
        stream.addEventListener("changed", () => {
            listening();
            stream.addEventListener("changed", () => told(stream.close()));
        }, {once: true});
    });
}).then(() => true)"""


async def say_once(route: Route) -> None:
    """Say that a page has changed, and never again."""
    await route.fulfill(
        body="retry: 600000\nevent: changed\ndata: 1\n\n", content_type="text/event-stream"
    )


async def test_an_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(
    site: Site, browser: Browser
) -> None:
    page = await browser.new_page()
    address = f"{site.url}/open/{site.slug}"
    held, released = Event(), Event()

    async def hold_the_first(route: Route) -> None:
        if route.request.resource_type != "fetch" or held.is_set():
            await route.continue_()
            return
        answer = await route.fetch()
        held.set()
        await released.wait()
        await route.fulfill(response=answer)

    await page.route(address, hold_the_first)
    await page.goto(address)
    await held.wait()
    await page.evaluate(LISTEN)
    await begin(site)
    await page.evaluate("window.told")
    # long enough for a newer answer, if the page asks for one meanwhile
    for _ in range(3):
        await page.evaluate("fetch(`${location.href}?`).then((answer) => answer.text())")

    async with page.expect_event("requestfinished", lambda one: one.url == address):
        released.set()
    await page.get_by_text("Open now").wait_for()
    assert await page.get_by_text("Nobody is there at the moment").count() == 0
    await page.close()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_page_looks_again_where_a_server_could_not_answer(
    site: Site, browser: Browser, status: int
) -> None:
    """Its connection for changes stays, so that nobody tells it once more."""
    page = await browser.new_page()
    address = f"{site.url}/open/{site.slug}"
    answered: list[int] = []

    async def fail_once(route: Route) -> None:
        if route.request.resource_type != "fetch" or answered:
            await route.continue_()
            return
        await begin(site)
        answered.append(status)
        await route.fulfill(status=status)

    # what is shown is older than the first word of the stream, and that word is its last
    await page.route(f"{address}/changes*", say_once)
    await page.route(address, fail_once)
    await page.goto(address)
    await page.get_by_text("Open now").wait_for()
    assert answered == [status]
    await page.close()


async def test_an_answer_that_never_comes_is_not_waited_for(site: Site, browser: Browser) -> None:
    page = await browser.new_page()
    address = f"{site.url}/open/{site.slug}"
    asked: list[Route] = []

    async def keep_the_first(route: Route) -> None:
        if route.request.resource_type != "fetch" or asked:
            await route.continue_()
            return
        asked.append(route)
        await begin(site)

    await page.route(address, keep_the_first)
    await page.goto(address)
    await page.get_by_text("Open now").wait_for()
    assert len(asked) == 1
    await page.close()
