"""A month painted on a phone and on a computer: by ticks, by drawing, by keys."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from api.parts import current_time
from tests.browser.effort import Thumb
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import AMSTERDAM, signed_in
from tests.browser.visitor import PHONE, Visitor

MONTH = (current_time().date().replace(day=1) + timedelta(days=63)).replace(day=1)
MONDAY = next(
    day for day in (MONTH + timedelta(days=each) for each in range(7)) if day.weekday() == 0
)
TUESDAY = MONDAY + timedelta(days=1)
ADDRESS = f"/availability/{{}}/month?month={MONTH:%Y-%m}"
A_MINUTE = 60


SIZES = """({
    wide: document.documentElement.scrollWidth,
    sizes: [...document.querySelectorAll("input[name=on]")].map((each) => {
        const place = each.getBoundingClientRect();
        return Math.min(place.width, place.height);
    }),
    heads: [...document.querySelectorAll(".paint th")].every(
        (each) => each.scrollWidth <= each.clientWidth),
})"""

REST = """() => {
    window.atRest = new Promise(
        (rest) => document.addEventListener("scrollend", () => rest(true), { once: true }))
}"""


def address(site: Site) -> str:
    return ADDRESS.format(site.people["worker"].asker.person_id)


def box(day: date, part: str) -> str:
    return f'input[value="{day}-{part}"]'


async def ticked(page: Page) -> list[str]:
    found = await page.eval_on_selector_all(
        "input[name=on]:checked", "boxes => boxes.map((each) => each.value)"
    )
    return [str(each) for each in found]


async def test_a_month_is_ticked_without_a_script(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/availability")
    await visitor.follow("Paint a month: tick the parts of days")
    await visitor.see(address(site))
    await visitor.no_barriers()
    await visitor.page.locator(box(MONDAY, "evening")).check()
    await visitor.press("Save, and the same in the weeks after until")
    mondays = [MONDAY + timedelta(weeks=each) for each in range(6)]
    assert await ticked(visitor.page) == [
        f"{day}-evening" for day in mondays if day.month == MONTH.month
    ]
    await visitor.no_barriers()
    await visitor.press("Copy the month before")
    assert visitor.page.url == f"{site.url}{address(site)}"


@pytest.mark.parametrize("language", ["English", "Nederlands", "Română"])
async def test_fingers_find_each_part_on_the_narrowest_phone(
    site: Site, visitor: Visitor, language: str
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/account")
    if language != "English":
        await visitor.press(language)
    await visitor.page.set_viewport_size({"width": 320, "height": 600})
    await visitor.see(address(site))
    facts = await visitor.page.evaluate(SIZES)
    assert facts["wide"] <= 320
    assert min(facts["sizes"]) >= 44
    assert facts["heads"]


@pytest.fixture
async def painter(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """Give the page of a month in a browser that runs scripts."""
    context = await browser.new_context(viewport={"width": 800, "height": 900})
    page = await context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text))
    await page.goto(f"{site.url}{await site.link('worker')}")
    async with page.expect_navigation():
        await page.locator("main button").first.click()
    await page.goto(f"{site.url}{address(site)}")
    yield page
    await context.close()
    assert broken == []


async def draw(page: Page, *boxes: str) -> None:
    await page.locator(boxes[0]).scroll_into_view_if_needed()
    for number, each in enumerate(boxes):
        await page.locator(each).hover()
        if number == 0:
            await page.mouse.down()
    await page.mouse.up()


async def test_drawing_paints_and_clears(painter: Page) -> None:
    places = [box(MONDAY, part) for part in ("morning", "afternoon", "evening")]
    below = box(TUESDAY, "evening")
    await draw(painter, *places, below)
    painted = [f"{MONDAY}-{part}" for part in ("morning", "afternoon", "evening")]
    assert await ticked(painter) == [*painted, f"{TUESDAY}-evening"]
    # back to where it began: the click that ends it ticks nothing once more
    await draw(painter, places[0], places[1], places[0])
    assert await ticked(painter) == [painted[2], f"{TUESDAY}-evening"]
    await painter.locator(places[0]).click()
    assert await ticked(painter) == [painted[0], painted[2], f"{TUESDAY}-evening"]
    async with painter.expect_navigation():
        await painter.get_by_role("button", name="Save the month").first.click()
    assert await ticked(painter) == [painted[0], painted[2], f"{TUESDAY}-evening"]


async def test_rows_columns_and_keys_paint(painter: Page) -> None:
    row = painter.get_by_role("row").filter(has=painter.locator(box(MONDAY, "morning")))
    await row.get_by_role("button").click()
    parts = ("morning", "afternoon", "evening", "night")
    assert await ticked(painter) == [f"{MONDAY}-{part}" for part in parts]
    await row.get_by_role("button").click()
    assert await ticked(painter) == []
    table = painter.get_by_role("table").filter(has=painter.locator(box(MONDAY, "night")))
    await table.get_by_role("button", name="Night").click()
    assert await ticked(painter) == [f"{MONDAY + timedelta(days=each)}-night" for each in range(7)]
    await table.get_by_role("button", name="Night").click()
    await painter.locator(box(MONDAY, "morning")).focus()
    for key in ("Space", "Shift+ArrowRight", "ArrowDown", "Space", "ArrowLeft", "ArrowLeft"):
        await painter.keyboard.press(key)
    assert await ticked(painter) == [
        f"{MONDAY}-morning",
        f"{MONDAY}-afternoon",
        f"{TUESDAY}-afternoon",
    ]
    focused = await painter.evaluate("document.activeElement.value")
    assert focused == f"{TUESDAY}-morning"


async def test_a_finger_drawn_sideways_paints_and_upwards_scrolls(
    browser: Browser, site: Site
) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = await context.new_page()
    await page.goto(f"{site.url}{await site.link('worker')}")
    async with page.expect_navigation():
        await page.locator("main button").first.click()
    await page.goto(f"{site.url}{address(site)}")
    fingers = await context.new_cdp_session(page)

    async def draw_by_finger(begin: str, across: float, down: float) -> None:
        place = page.locator(begin)
        await place.evaluate("box => box.scrollIntoView({block: 'center', behavior: 'instant'})")
        area = await place.bounding_box()
        assert area
        left, top = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
        for kind, part in [
            ("touchStart", 0.0),
            *(("touchMove", step / 10) for step in range(1, 11)),
        ]:
            point = {"x": left + across * part, "y": top + down * part}
            told = {"type": kind, "touchPoints": [point]}
            await fingers.send("Input.dispatchTouchEvent", told)
        await fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    await draw_by_finger(box(MONDAY, "morning"), 130, 0)
    painted = [f"{MONDAY}-{part}" for part in ("morning", "afternoon", "evening")]
    assert await ticked(page) == painted
    await page.evaluate(REST)
    before = await page.evaluate("scrollY")
    await draw_by_finger(box(TUESDAY, "night"), 0, -200)
    # a finger on a page that still moves stops it and ticks nothing, in every browser
    await page.evaluate("window.atRest")
    assert await page.evaluate("scrollY") > before
    assert await ticked(page) == painted
    await page.locator(box(TUESDAY, "night")).tap()
    assert await ticked(page) == [*painted, f"{TUESDAY}-night"]
    await context.close()


async def test_a_month_is_painted_within_a_minute(site: Site, browser: Browser) -> None:
    """From the start page on, by taps alone: what one week has, the same in those after it.

    Of the second week an evening and the Saturday are gone, and a Sunday is there if needed.
    """
    width, height = PHONE
    size: ViewportSize = {"width": width, "height": height}
    context = await browser.new_context(viewport=size, has_touch=True, is_mobile=True)
    page = await context.new_page()
    await page.goto(f"{site.url}{await site.link('worker')}")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Sign in").click()
    this = current_time().astimezone(AMSTERDAM).date().replace(day=1)
    month = (this + timedelta(days=31)).replace(day=1)
    monday = month + timedelta(days=-month.weekday() % 7)
    days = [monday + timedelta(days=each) for each in range(14)]
    thumb = Thumb(page)
    await thumb.follow("Availability")
    await thumb.follow("Paint a month: tick the parts of days")
    await thumb.follow("Month after")
    for day, part in ((1, "evening"), (3, "evening"), (5, "morning"), (5, "afternoon")):
        await thumb.tick("on", f"{days[day]}-{part}")
    week = page.locator(f"button[value='{monday}']")
    await thumb.end(await week.inner_text())
    for day, part in ((8, "evening"), (12, "morning"), (12, "afternoon")):
        await thumb.tick("on", f"{days[day]}-{part}")
    await thumb.choose("preference", "0")
    await thumb.tick("on", f"{days[13]}-afternoon")
    await thumb.end("Save the month")
    weeks = [monday + timedelta(weeks=each) for each in range(6)]
    told = {
        f"{first + timedelta(days=day)}-{part}"
        for first in weeks
        for day, part in ((1, "evening"), (3, "evening"), (5, "morning"), (5, "afternoon"))
        if (first + timedelta(days=day)).month == month.month
    }
    gone = {f"{days[8]}-evening", f"{days[12]}-morning", f"{days[12]}-afternoon"}
    assert set(await ticked(page)) == told - gone | {f"{days[13]}-afternoon"}
    await context.close()
    assert thumb.seconds < A_MINUTE
    # how far a swipe goes in weeks depends on the month
    del thumb.did["swipe"]
    assert thumb.did == {"tap": 15, "think": 12, "answer": 5}
