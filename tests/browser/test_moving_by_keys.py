"""Arrow keys on a board: from card to card and from day to day, and nowhere else."""

from datetime import timedelta

from playwright.async_api import Page

from database.session import door
from rota.shifts.models import Shift
from tests.browser.site import Site
from tests.browser.test_pages_that_stay_open import come_in, page

__all__ = ["page"]

FOCUSED = "document.activeElement.closest('.card')?.querySelector('strong').textContent ?? null"


async def add_sessions(site: Site, *later: timedelta) -> None:
    """Repeat the session with the gap, so much later."""
    async with door(site.engine) as session:
        for by in later:
            session.add(repeated(site.gap, by))


def repeated(shift: Shift, by: timedelta) -> Shift:
    return Shift(
        pool_id=shift.pool_id,
        channel_id=shift.channel_id,
        starts=shift.starts + by,
        ends=shift.ends + by,
        zone=shift.zone,
        briefing_minutes=shift.briefing_minutes,
        debrief_minutes=shift.debrief_minutes,
        languages=shift.languages,
        wanted_languages=shift.wanted_languages,
        theme=shift.theme,
        demand=shift.demand,
        minimum_workers=shift.minimum_workers,
        minimum_supervisors=shift.minimum_supervisors,
        trainings=shift.trainings,
        open=shift.open,
    )


async def focused_after(page: Page, key: str) -> str | None:
    await page.keyboard.press(key)
    found: str | None = await page.evaluate(FOCUSED)
    return found


async def test_arrows_lead_from_card_to_card_and_from_day_to_day(site: Site, page: Page) -> None:
    await add_sessions(site, timedelta(hours=3), timedelta(days=1))
    await come_in(site, page, "coordinator")
    await page.goto(f"{site.url}/board/{site.slug}?week={site.week}")
    assert await focused_after(page, "ArrowDown") is None
    first, second, third = await page.locator(".cards > .card strong").all_text_contents()
    await page.get_by_role("link", name="Look closer").first.focus()

    assert await focused_after(page, "ArrowUp") == first
    assert await focused_after(page, "ArrowDown") == second
    assert await focused_after(page, "ArrowRight") == third
    assert await focused_after(page, "ArrowRight") == third
    assert await focused_after(page, "ArrowLeft") == first
    await page.get_by_label("How many weeks to plan").focus()
    assert await focused_after(page, "ArrowDown") is None


async def test_from_right_to_left_the_next_day_stands_at_the_left(site: Site, page: Page) -> None:
    await add_sessions(site, timedelta(days=1, hours=1))
    await come_in(site, page, "coordinator")
    # the page is turned around before any script of it runs
    turned = "new MutationObserver((_, seen) => document.documentElement"
    turned += " && (document.documentElement.dir = 'rtl', seen.disconnect()))"
    await page.add_init_script(f"{turned}.observe(document, {{childList: true}});")
    await page.goto(f"{site.url}/board/{site.slug}?week={site.week}")
    first, second = await page.locator(".cards > .card strong").all_text_contents()
    await page.get_by_role("link", name="Look closer").first.focus()

    assert await focused_after(page, "ArrowLeft") == second
    assert await focused_after(page, "ArrowRight") == first
