"""Every page of the application, in both widths and both colour schemes, with scripts.

The pages are read off the application: a new one that no link leads to fails here by its name.
"""

import gzip
from http import HTTPStatus
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize

from api.app import create_app
from api.notices.keys import NoticeKeys
from api.settings import Settings
from tests.all_done import all_to_do
from tests.browser.keyboard import lost
from tests.browser.mirroring import unlike
from tests.browser.site import Site
from tests.browser.visitor import DESKTOP, PHONE
from tests.walk import pages, walk

MOVED = """() => new Promise(resolve => {
    let moved = 0;
    const add = list => list.forEach(e => { if (!e.hadRecentInput) moved += e.value; });
    const seen = new PerformanceObserver(list => add(list.getEntries()));
    seen.observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
        add(seen.takeRecords());
        seen.disconnect();
        resolve(moved);
    })));
})"""
SMALL = """() => [...document.querySelectorAll(
    'button, select, textarea, summary, input:not([type=hidden]), a[href]'
)].filter(e => e.checkVisibility({visibilityProperty: true})).filter(e => {
    const inText = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
    return !inText && !e.matches('.skip');
}).map(e => [e, (e.type === 'checkbox' || e.type === 'radio') && e.labels.length
    ? e.labels[0] : e]).filter(([, hit]) => {
    const box = hit.getBoundingClientRect();
    return box.width > 0 && (box.height < 43.9 || box.width < 43.9);
}).map(([e, hit]) => {
    const box = hit.getBoundingClientRect();
    return `${e.outerHTML.slice(0, 90)} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`;
})"""
MOVING = """document.getAnimations().length > 0
    || getComputedStyle(document.documentElement).scrollBehavior !== 'auto'"""
COLOURS = {"runOnly": ["color-contrast"]}
"""What else is looked at is the same in other colours."""
NARROWEST = 320
LARGEST = 60_000
WIDTH = "document.documentElement.scrollWidth"


async def violations(page: Page, **narrowed: object) -> list[str]:
    found = await Axe().run(page, options={"resultTypes": ["violations"], **narrowed})
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


async def faults(page: Page) -> list[str]:
    """Look at one page in every way in which it may be met."""
    told = []
    for name, (width, height) in {"phone": PHONE, "desktop": DESKTOP}.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme="light")
        told += [f"{name} {one}" for one in await violations(page)]
        told += [f"{name} {one}" for one in await unlike(page)]
        await page.emulate_media(color_scheme="dark")
        told += [f"{name} dark {one}" for one in await violations(page, **COLOURS)]
    await page.set_viewport_size({"width": NARROWEST, "height": 640})
    if await page.evaluate(WIDTH) > NARROWEST:
        told.append("wider than 320 px")
    told += [f"small: {one}" for one in await page.evaluate(SMALL)]
    told += [f"narrow {one}" for one in await unlike(page)]
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if await page.evaluate(MOVING):
        told.append("something moves")
    told += await lost(page)
    await page.emulate_media(reduced_motion="no-preference", forced_colors="active")
    told += [f"forced {one}" for one in await violations(page, **COLOURS)]
    await page.emulate_media(forced_colors="none")
    return told


async def test_every_page_is_open_to_everybody(
    site: Site, browser: Browser, site_keys: Path
) -> None:
    known = pages(create_app(Settings(database_url="postgresql+asyncpg://nowhere/none")))
    start = await all_to_do(site, NoticeKeys.open(site_keys))
    told: dict[str, list[str]] = {}
    phone: ViewportSize = {"width": PHONE[0], "height": PHONE[1]}
    context = await browser.new_context(viewport=phone)
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(f"{site.url}{await site.link('colleague')}")
    await page.get_by_role("button", name="Sign in").click()

    async def opened(path: str) -> str:
        await page.set_viewport_size(phone)
        answer = await page.goto(f"{site.url}{path}")
        assert answer is not None
        assert answer.status == HTTPStatus.OK, path
        told[path] = said.copy()
        said.clear()
        if moved := await page.evaluate(MOVED):
            told[path].append(f"moved by {moved}")
        if len(gzip.compress(await answer.body())) > LARGEST:
            told[path].append("larger than 60 kB")
        told[path] += await faults(page)
        return await page.content()

    seen = await walk(known, start, opened)
    await context.close()
    assert {path: found for path, found in told.items() if found} == {}
    assert known - seen == set()
