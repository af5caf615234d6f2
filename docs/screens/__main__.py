"""Takes the screenshots of the documentation from the pages of a running demo."""

import asyncio
import base64
import json
import re
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click
from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
)
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

HERE = Path(__file__).parent
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "laptop": {"width": 1100, "height": 800},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
QUALITY = 55
LARGEST_BYTES = 60_000
LONGEST_START_SECONDS = 300
LONGEST_END_SECONDS = 30
TRIES = 5
NEXT_WEEK = "Go to the next week with shifts"

Told = dict[str, Any]
State = Any


class NoPictureError(Exception):
    """The pictures cannot be taken; why is in its message."""


@dataclass(frozen=True)
class Demo:
    """What a running demo says of itself."""

    told: Told

    @property
    def host(self) -> str:
        """The node that plans the pool."""
        address: str = self.told["pool"]["host"]
        return address

    @property
    def partner(self) -> str:
        """The other node."""
        [address] = {str(node["base_url"]) for node in self.told["nodes"]} - {self.host}
        return address

    @property
    def pool(self) -> str:
        """How the pool stands in addresses."""
        slug: str = self.told["pool"]["slug"]
        return slug

    def link_of(self, role: str, node: str, project: str) -> str:
        """Give the sign-in link of the first with this role; each works once."""
        link: str = next(
            person["sign_in_url"]
            for person in self.told["people"]
            if role in person["roles"] and (person["node"], person["project"]) == (node, project)
        )
        return link


async def _follow(page: Page, link: Locator) -> None:
    """Follow a link, and wait until the page is there to which it leads."""
    async with page.expect_navigation():
        await link.click()


async def _shifts(page: Page, address: str) -> None:
    """Open a week with shifts: this one, or the next that has any."""
    await page.goto(address)
    later = page.get_by_role("link", name=re.compile(NEXT_WEEK))
    if await later.count():
        await _follow(page, later)


async def _first(page: Page, address: str, leads: str) -> None:
    """Open the first page to which a list leads."""
    await page.goto(address)
    await _follow(page, page.locator(f"main a[href^='{leads}']").first)


async def _public(page: Page, demo: Demo) -> None:
    await page.goto(demo.told["public"]["page"])


async def _start(page: Page, demo: Demo) -> None:
    await page.goto(demo.host)


async def _board(page: Page, demo: Demo) -> None:
    await _shifts(page, f"{demo.host}/board/{demo.pool}")


async def _coverage(page: Page, demo: Demo) -> None:
    await _shifts(page, f"{demo.host}/board/{demo.pool}")
    week = page.url.partition("?")[2]
    await page.goto(f"{demo.host}/coverage/{demo.pool}?{week}")
    await page.get_by_role("link", name="Take the table along").scroll_into_view_if_needed()


async def _text(page: Page, demo: Demo) -> None:
    await _first(page, f"{demo.host}/texts", "/texts/0")


async def _week(page: Page, demo: Demo) -> None:
    await _shifts(page, f"{demo.partner}/week")


async def _availability(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.partner}/availability")


async def _answer(page: Page, demo: Demo) -> None:
    await _first(page, f"{demo.partner}/answers", "/answers/0")


async def _due(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.host}/due")


async def _partners(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.host}/partners")


async def _partner(page: Page, demo: Demo) -> None:
    await _first(page, f"{demo.host}/partners", "/partners/")
    crossed = page.get_by_role("heading", name="What it has received")
    await crossed.evaluate("heading => heading.scrollIntoView()")


async def _account(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.host}/account")


async def _update(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.partner}/protocols")
    await _follow(page, page.get_by_role("link", name=re.compile("^Live chat")))
    await _follow(page, page.get_by_role("link", name="Compare it with what we have"))
    await page.locator("section.card").first.scroll_into_view_if_needed()


@dataclass(frozen=True)
class Shown:
    """Pages as one person sees them; nobody signs in for the public one."""

    who: tuple[str, str] | None
    pages: dict[str, Callable[[Page, Demo], Awaitable[None]]]
    sizes: tuple[str, ...] = tuple(SIZES)


PICTURES = (
    Shown(None, {"public": _public}),
    Shown(
        ("coordinator", "harbour-lights"),
        {"start": _start, "board": _board, "coverage": _coverage, "text": _text},
    ),
    Shown(
        ("coordinator", "harbour-lights"),
        {"due": _due, "partners": _partners, "partner": _partner, "account": _account},
        ("laptop",),
    ),
    Shown(
        ("worker", "gracht-team"),
        {"week": _week, "availability": _availability, "answer": _answer},
    ),
    Shown(("coordinator", "gracht-team"), {"update": _update}),
)


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


@asynccontextmanager
async def _demo() -> AsyncIterator[Demo]:
    """Run the demo in a folder and on ports of its own, for as long as the pictures take."""
    with tempfile.TemporaryDirectory(prefix="netreach-screens-") as folder:
        ports = ["--north-port", _free_port(), "--south-port", _free_port()]
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "api.server.main", "demo", *ports, cwd=folder, stdout=PIPE
        )
        try:
            async with asyncio.timeout(LONGEST_START_SECONDS):
                await _started(running)
            yield _told(Path(folder))
        finally:
            await _end(running)


async def _started(running: Process) -> None:
    said = running.stdout or asyncio.StreamReader()
    async for line in said:
        if line.startswith(b"Running"):
            return
        # links and addresses are for nobody but the pictures
        if line.strip() and not line.startswith(b" "):
            click.echo(line.decode().rstrip())
    raise NoPictureError("The demo has ended; its last words are above.")


async def _end(running: Process) -> None:
    if running.returncode is None:
        running.send_signal(signal.SIGINT)
    await asyncio.wait_for(running.communicate(), LONGEST_END_SECONDS)


def _told(folder: Path) -> Demo:
    kept = (folder / ".netreach" / "demo.json").read_text(encoding="utf-8")
    return Demo(json.loads(kept))


@asynccontextmanager
async def _context(browser: Browser, **how: Any) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        java_script_enabled=False, reduced_motion="reduce", locale="en-GB", **how
    )
    yield context
    await context.close()


async def _sign_in(browser: Browser, demo: Demo, role: str, project: str) -> State:
    """Use somebody's link once; gives what signs them in again in every other size."""
    north, *_ = demo.told["nodes"]
    node = demo.host if project in north["projects"] else demo.partner
    async with _context(browser) as context:
        page = await context.new_page()
        await page.goto(demo.link_of(role, node, project))
        await page.get_by_role("button", name="Sign in").click()
        return await context.storage_state()


async def _keep(page: Page, name: str) -> int:
    """Keep what is on the screen, in a format that is a third of the usual one."""
    picture = await _captured(page)
    if len(picture) > LARGEST_BYTES:
        raise NoPictureError(f"{name} would be larger than {LARGEST_BYTES} bytes.")
    await asyncio.to_thread((HERE / name).write_bytes, picture)
    click.echo(f"docs/screens/{name}: {len(picture):,} bytes")
    return len(picture)


@retry(stop=stop_after_attempt(TRIES), wait=wait_fixed(1), retry=retry_if_exception_type(Error))
async def _captured(page: Page) -> bytes:
    """Take a picture; on a busy machine the browser has at times painted nothing yet."""
    session = await page.context.new_cdp_session(page)
    shot = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(shot["data"])


async def _take(browser: Browser, demo: Demo) -> None:
    total = 0
    people = {shown.who for shown in PICTURES if shown.who}
    states = {who: await _sign_in(browser, demo, *who) for who in sorted(people)}
    for shown in PICTURES:
        state = states[shown.who] if shown.who else None
        for size in shown.sizes:
            for scheme in SCHEMES:
                how = {"viewport": SIZES[size], "color_scheme": scheme, "storage_state": state}
                async with _context(browser, **how) as context:
                    page = await context.new_page()
                    for name, go in shown.pages.items():
                        await go(page, demo)
                        total += await _keep(page, f"{name}-{size}-{scheme}.webp")
    click.echo(f"{total:,} bytes in all")


async def _screens(at: Path | None) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise NoPictureError("This needs a browser: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium)
        if at is not None:
            await _take(browser, _told(at))
        else:
            async with _demo() as demo:
                await _take(browser, demo)
        await browser.close()


@click.command()
@click.option(
    "--at",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder in which a demo runs already; three of its sign-in links are used up.",
)
def screens(at: Path | None) -> None:
    """Take the screenshots of the documentation anew."""
    try:
        asyncio.run(_screens(at))
    except NoPictureError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    screens()
