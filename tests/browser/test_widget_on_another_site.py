"""What the guide gives to copy, on a web site of somebody else, be it strict, or oddly styled."""

import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from api.parts import current_time
from database.session import door
from rota.attendance.actions import check_in
from tests.browser.site import Site
from tests.docs.written import text_of
from tests.netreach_client.loopback import Answer, peer

PAGE = """<!doctype html><html lang="en">
<head><meta charset="utf-8"><title>Our project</title></head>
<body><main><h1>Our project</h1>
{copied}
</main></body></html>"""
ODD_STYLES = """<style>
* { color: red; font-size: 2px; line-height: 0; text-transform: uppercase; visibility: hidden; }
p, a { display: none !important; }
</style></head>"""
STRICT = "default-src 'none'; script-src {node}; connect-src {node}"
FRAMES = "default-src 'none'; frame-src {node}"
STORED = "document.cookie.length + localStorage.length + sessionStorage.length"
COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"
IN_FOCUS = "box => box.shadowRoot.activeElement?.textContent"
BORDER = "box => getComputedStyle(box).borderStyle"
LOOKS = """link => {
    const {fontSize, textTransform, visibility} = getComputedStyle(link);
    return [fontSize, textTransform, visibility];
}"""


def page_with(element: str, site: Site) -> str:
    """Put on a page what the guide for coordinators shows."""
    guide = text_of("docs/guides/coordinators.md")
    [copied] = re.findall(rf"^    (<{element} .*?</{element}>)$", guide, re.MULTILINE | re.DOTALL)
    told = copied.replace("https://rota.example.org", site.url)
    return PAGE.format(copied=told.replace("night-and-day-chat", site.slug))


async def test_the_widget_says_when_somebody_is_there_and_asks_nobody_else(
    site: Site, browser: Browser
) -> None:
    html = page_with("script", site).encode()
    policy = {"Content-Security-Policy": STRICT.format(node=site.url)}
    asked: list[str] = []
    complaints: list[str] = []
    with peer(Answer(200, html, {"Content-Type": "text/html", **policy})) as other:
        context = await browser.new_context()
        page = await context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{other.url}/")
        box = page.locator(".netreach-open-hours")
        told = box.get_by_role("status")
        await told.get_by_text("Nobody is there at the moment.").wait_for()
        closed = await told.inner_text()
        every = box.get_by_role("link", name="All times")
        await every.focus()
        async with door(site.engine) as session:
            worker = site.people["worker"].asker
            await check_in(session, worker, site.running, current_time())
        await page.evaluate(COME_BACK)
        await told.get_by_text("Open now, until").wait_for()
        in_focus = await box.evaluate(IN_FOCUS)
        stored = await page.evaluate(STORED)
        address = await every.get_attribute("href")
        border = await box.locator("[part=box]").evaluate(BORDER)
        found = await Axe().run(page)
        await context.close()

    assert "Elsewhere now: Helpline, Day and night, tel:+441130000000" in closed
    assert in_focus == "All times"
    assert address == f"{site.url}/open/{site.slug}?lang=en"
    assert stored == 0
    assert border == "solid"
    ours = {f"{site.url}/widget.js", f"{site.url}/open/{site.slug}.json"}
    assert {url for url in asked if not url.startswith(other.url)} == ours
    assert complaints == []
    assert [rule["id"] for rule in found.response["violations"]] == [], found.generate_report()


async def test_the_widget_speaks_as_the_site_says_and_else_as_its_page_does(
    site: Site, browser: Browser
) -> None:
    """Also in the visitor's own time, and whatever the site's styles do."""
    odd = page_with("script", site).replace("</head>", ODD_STYLES)
    romanian = odd.replace('lang="en"', 'lang="ro-RO"')
    told = romanian.replace("async", 'data-language="nl" async')
    for html, language, nobody, every, own in (
        (romanian, "ro", "Acum nu este nimeni.", "Toate orele", "Ora standard a Japoniei, ora ta"),
        (told, "nl", "Er is nu niemand.", "Alle tijden", "Japanse standaardtijd, je eigen tijd"),
    ):
        with peer(Answer(200, html.encode(), {"Content-Type": "text/html"})) as other:
            page = await browser.new_page(timezone_id="Asia/Tokyo")
            await page.goto(f"{other.url}/")
            box = page.locator(".netreach-open-hours")
            await box.get_by_text(nobody).wait_for()
            link = box.get_by_role("link", name=every)
            address, looks = await link.get_attribute("href"), await link.evaluate(LOOKS)
            assert own in await box.get_by_role("status").inner_text()
            assert await box.get_attribute("lang") == language
            await page.close()
        assert address == f"{site.url}/open/{site.slug}?lang={language}"
        assert looks == ["16px", "none", "visible"]


async def test_a_frame_says_the_same_without_a_script_and_its_links_lead_out_of_it(
    site: Site, browser: Browser
) -> None:
    policy = {"Content-Security-Policy": FRAMES.format(node=site.url)}
    html = page_with("iframe", site).encode()
    complaints: list[str] = []
    with peer(Answer(200, html, {"Content-Type": "text/html", **policy})) as other:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        await page.goto(f"{other.url}/")
        frame = page.frame_locator("iframe[title]")
        await frame.get_by_text("Nobody is there at the moment").wait_for()
        await frame.get_by_role("link", name="All times").click()
        await page.wait_for_url(f"{site.url}/open/{site.slug}?lang=en")
        await context.close()
    assert complaints == []
