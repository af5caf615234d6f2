"""The line of open hours on a web site of somebody else: the only place with JavaScript."""

from playwright.async_api import Browser

from database.session import door
from rota.attendance.actions import check_in
from rota.shifts.models import Shift
from tests.browser.site import Site
from tests.netreach_client.loopback import Answer, peer

PAGE = """<!doctype html><html lang="en">
<head><meta charset="utf-8"><title>Our project</title></head>
<body><main><h1>Our project</h1>
<script src="{node}/widget.js" data-pool="{pool}" async></script>
</main></body></html>"""
STORED = "document.cookie.length + localStorage.length + sessionStorage.length"


async def test_the_widget_says_when_somebody_is_there_and_asks_nobody_else(
    site: Site, browser: Browser
) -> None:
    html = PAGE.format(node=site.url, pool=site.slug).encode()
    asked: list[str] = []
    complaints: list[str] = []
    with peer(Answer(200, html, {"Content-Type": "text/html"})) as other:
        context = await browser.new_context()
        page = await context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{other.url}/")
        box = page.locator(".netreach-open-hours")
        await box.get_by_text("Nobody is there at the moment.").wait_for()
        closed = await box.inner_text()
        async with door(site.engine) as session:
            shift = await session.get_one(Shift, site.running)
            await check_in(session, site.people["worker"].asker, shift.id, shift.starts)
        await page.reload()
        await box.get_by_text("Open now, until").wait_for()
        stored = await page.evaluate(STORED)
        address = await box.get_by_role("link", name="All times").get_attribute("href")
        await context.close()

    assert "Helpline, Day and night" in closed
    assert address == f"{site.url}/open/{site.slug}?lang=en"
    assert stored == 0
    ours = {f"{site.url}/widget.js", f"{site.url}/open/{site.slug}.json"}
    assert {url for url in asked if not url.startswith(other.url)} == ours
    assert complaints == []


async def test_the_widget_speaks_as_the_site_says_and_else_as_its_page_does(
    site: Site, browser: Browser
) -> None:
    romanian = PAGE.format(node=site.url, pool=site.slug).replace('lang="en"', 'lang="ro-RO"')
    told = romanian.replace("async", 'data-language="nl" async')
    for html, language, nobody, every in (
        (romanian, "ro", "Acum nu este nimeni.", "Toate orele"),
        (told, "nl", "Er is nu niemand.", "Alle tijden"),
    ):
        with peer(Answer(200, html.encode(), {"Content-Type": "text/html"})) as other:
            page = await browser.new_page()
            await page.goto(f"{other.url}/")
            box = page.locator(".netreach-open-hours")
            await box.get_by_text(nobody).wait_for()
            address = await box.get_by_role("link", name=every).get_attribute("href")
            assert await box.get_attribute("lang") == language
            await page.close()
        assert address == f"{site.url}/open/{site.slug}?lang={language}"
