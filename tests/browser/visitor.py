"""Somebody at a phone or a computer, under whose eyes nothing may go wrong; scripts are off.

Where a journey is told twice, they are on in the second one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, ViewportSize

PHONE, DESKTOP = (360, 740), (1280, 900)


@dataclass(frozen=True)
class Visitor:
    """A page, all that it asked for and complained about, and the words that were tapped on."""

    home: str
    page: Page
    twin: Page
    width: int
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    taps: list[str] = field(default_factory=list)

    async def see(self, path: str, status: int = 200) -> str:
        """Open a page and look it over; gives its text."""
        response = await self.page.goto(f"{self.home}{path}")
        assert response is not None
        assert response.status == status
        text = await self.look()
        self.expect(status)
        return text

    async def press(self, name: str, status: int = 200) -> str:
        """Press a button by the words on it; gives the text of the page that answers."""
        return await self.click(self.page.get_by_role("button", name=name).first, status)

    async def follow(self, name: str) -> str:
        """Follow a link by the words on it; gives the text of the page that it leads to."""
        return await self.click(self.page.get_by_role("link", name=name, exact=True).first)

    async def follow_starting(self, words: str) -> str:
        """Follow the first link with these words, whatever follows them for screen readers."""
        return await self.click(self.page.get_by_role("link", name=words).first)

    async def click(self, what: Locator, status: int = 200) -> str:
        """Click on what leads to another page; gives the text of that page.

        A click returns before the next page is there, so that is awaited first.
        """
        self.taps.append(await what.inner_text())
        async with self.page.expect_navigation() as answered:
            await what.click()
        response = await answered.value
        assert response.status == status
        text = await self.look()
        self.expect(status)
        return text

    def expect(self, status: int) -> None:
        """Forget what the browser says of a refusal that was wanted."""
        if status >= HTTPStatus.BAD_REQUEST:
            [said] = self.complaints
            assert f"status of {status:d} " in said
            self.complaints.clear()

    async def unfold(self, summary: str) -> None:
        """Open a part of the page that is folded away."""
        await self.page.locator("summary", has_text=summary).first.click()

    async def look(self) -> str:
        """Hold the page as it stands against what holds for all pages."""
        facts = await self.page.evaluate(FACTS)
        assert facts["width"] <= self.width, "the page is wider than the screen"
        assert facts["headings"] == 1
        assert facts["title"]
        return await self.page.locator("body").inner_text()

    async def no_barriers(self) -> None:
        """Let axe look at the same page in a twin of this browser: it needs JavaScript itself.

        What a form has answered cannot be asked for again, so the twin is given what is shown.
        """
        html, address = await self.page.content(), self.page.url
        await self.twin.route(address, lambda route: route.fulfill(body=html, content_type=HTML))
        await self.twin.goto(address)
        await self.twin.unroute(address)
        found = await Axe().run(self.twin)
        assert [rule["id"] for rule in found.response["violations"]] == [], found.generate_report()

    def foreign(self) -> list[str]:
        """Give what was asked of any other host."""
        own = urlsplit(self.home).netloc
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme != "data" and urlsplit(url).netloc != own
        ]


HTML = "text/html; charset=utf-8"
FACTS = """({
    width: document.documentElement.scrollWidth,
    headings: document.querySelectorAll('h1').length,
    title: document.title,
})"""


@asynccontextmanager
async def visiting(
    browser: Browser, home: str, size: tuple[int, int], *, scripts: bool = False
) -> AsyncIterator[Visitor]:
    """Come with an empty browser; at the end nothing may have gone wrong or elsewhere."""
    width, height = size
    viewport: ViewportSize = {"width": width, "height": height}
    context = await browser.new_context(viewport=viewport, java_script_enabled=scripts)
    page = await context.new_page()
    twins = await browser.new_context(viewport=viewport)
    visitor = Visitor(home, page, await twins.new_page(), width)
    page.on("request", lambda asked: visitor.asked.append(asked.url))
    page.on("console", lambda said: visitor.complaints.append(said.text))
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    try:
        yield visitor
    finally:
        await context.close()
        await twins.close()
    assert visitor.foreign() == []
    assert visitor.complaints == []
