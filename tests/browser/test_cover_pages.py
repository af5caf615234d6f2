"""Cover, in a real browser without JavaScript: asked for, seen on the board, taken over."""

from datetime import date, timedelta

from playwright.async_api import Browser

from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import DESKTOP, Visitor, visiting


async def test_a_worker_asks_others_and_a_colleague_takes_over(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    week = f"/week?week={site.week}"
    await signed_in(visitor, site, "colleague")
    await visitor.see(week)
    await visitor.unfold("Ask others to take it")
    assert "The seat stays yours until somebody else has it" in await visitor.look()
    await visitor.no_barriers()
    asked = await visitor.press("Ask others")
    assert "Your own project is asked until" in asked
    assert "Until somebody takes it, it is yours." in asked
    await visitor.no_barriers()
    async with visiting(browser, site.url, DESKTOP) as coordinator:
        await signed_in(coordinator, site, "coordinator")
        board = await coordinator.see(f"/board/{site.slug}?week={site.week}")
        assert "Its holder asks others to take it." in board
        assert "Your own project is asked" not in await coordinator.see(site.closer)
        await coordinator.no_barriers()
    async with visiting(browser, site.url, DESKTOP) as other:
        await signed_in(other, site, "worker")
        assert "who can take over?" in await other.see(week)
        await other.no_barriers()
        words = await other.follow_starting("Words for your group")
        assert "Wie kan invallen?" in await other.page.get_by_label("Nederlands").input_value()
        assert site.slug not in words
        await other.no_barriers()
        await other.see(week)
        assert "who can take over?" not in await other.press("Take over: lead")
    assert "You have no seat this week." in await visitor.see(week)


async def test_a_worker_thinks_better_of_it(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "colleague")
    await visitor.see(f"/week?week={site.week}")
    await visitor.unfold("Ask others to take it")
    await visitor.press("Ask others")
    assert "Ask others to take it" in await visitor.press("Ask no more")


async def test_who_is_away_for_some_days_asks_for_all_seats_on_them(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "colleague")
    await visitor.see(f"/week?week={site.week}")
    await visitor.follow("Away for some days? Ask others for all your seats on them")
    await visitor.no_barriers()
    await visitor.page.get_by_label("First day away").fill(site.week)
    last = date.fromisoformat(site.week) + timedelta(days=6)
    await visitor.page.get_by_label("Last day away").fill(last.isoformat())
    shown = await visitor.press("Show my seats on these days")
    assert "Your own project is asked first, until" in shown
    await visitor.no_barriers()
    assert "Others are being asked" in await visitor.press("Ask others to take this seat")
    await visitor.no_barriers()
