"""Takes the screenshots of the documentation from the pages of a running demo."""

import asyncio
import json
import re
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

IMAGES = Path(__file__).parent / "images"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1100, "height": 900}
LOW: ViewportSize = {"width": 1100, "height": 400}
"""For pictures of whole pages: no empty space below a short one."""
LARGEST_BYTES = 150_000
LONGEST_START_SECONDS = 300
LONGEST_END_SECONDS = 30
NEXT_WEEK = "Go to the next week with shifts"

Told = dict[str, Any]


class NoPictureError(Exception):
    """The pictures cannot be taken; why is in its message."""


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


@asynccontextmanager
async def _demo() -> AsyncIterator[Told]:
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


def _told(folder: Path) -> Told:
    told: Told = json.loads((folder / ".netreach" / "demo.json").read_text(encoding="utf-8"))
    return told


@asynccontextmanager
async def _page(browser: Browser, size: ViewportSize) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport=size, java_script_enabled=False, color_scheme="light", reduced_motion="reduce"
    )
    yield await context.new_page()
    await context.close()


async def _keep(page: Page, name: str, *, whole: bool = False) -> None:
    picture = await page.screenshot(full_page=whole)
    if len(picture) > LARGEST_BYTES:
        raise NoPictureError(f"{name} would be larger than {LARGEST_BYTES} bytes.")
    await asyncio.to_thread((IMAGES / name).write_bytes, picture)
    click.echo(f"docs/images/{name}: {len(picture):,} bytes")


async def _sign_in(page: Page, told: Told, role: str, node: str) -> None:
    link = next(
        person["sign_in_url"]
        for person in told["people"]
        if role in person["roles"] and person["node"] == node
    )
    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()


async def _show_shifts(page: Page, address: str) -> None:
    """Open a week with shifts: this one, or the next that has any."""
    await page.goto(address)
    later = page.get_by_role("link", name=re.compile(NEXT_WEEK))
    if await later.count():
        await later.click()


async def _take(browser: Browser, told: Told) -> None:
    host = told["pool"]["host"]
    afar = next(node["base_url"] for node in told["nodes"] if node["base_url"] != host)
    async with _page(browser, LOW) as page:
        await _sign_in(page, told, "coordinator", host)
        await _keep(page, "start.png", whole=True)
        await page.set_viewport_size(DESKTOP)
        await _show_shifts(page, f"{host}/board/{told['pool']['slug']}")
        await _keep(page, "board.png")
    async with _page(browser, PHONE) as page:
        await page.goto(told["public"]["page"])
        await _keep(page, "public-phone.png")
        await _sign_in(page, told, "worker", afar)
        await _show_shifts(page, f"{afar}/week")
        await _keep(page, "week-phone.png")


async def _screens(at: Path | None) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise NoPictureError("This needs a browser: apt-get install chromium")
    await asyncio.to_thread(IMAGES.mkdir, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium)
        if at is not None:
            await _take(browser, _told(at))
        else:
            async with _demo() as told:
                await _take(browser, told)
        await browser.close()


@click.command()
@click.option(
    "--at",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder in which a demo runs already; two of its sign-in links are used up.",
)
def screens(at: Path | None) -> None:
    """Take the screenshots of the documentation anew."""
    try:
        asyncio.run(_screens(at))
    except NoPictureError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    screens()
