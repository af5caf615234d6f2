"""Offering a seat and taking one up, in a real browser without JavaScript."""

from datetime import timedelta

from playwright.async_api import Browser

from database.session import door
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from tests.browser.site import Site
from tests.browser.visitor import DESKTOP, Visitor, visiting
from tests.rota.example_rota import ExampleRota


async def signed_in(visitor: Visitor, site: Site, name: str) -> None:
    await visitor.see(await site.link(name))
    await visitor.press("Sign in")


async def with_a_seat(site: Site, name: str) -> None:
    """Let somebody hold a seat on the evening after the gap."""
    async with door(site.engine) as session:
        pool = await session.get_one(Pool, site.pool)
        project = await session.get_one(Project, site.people[name].asker.project_id)
        chat = await session.get_one(Channel, site.gap.channel_id)
        rota = ExampleRota(session, pool, project, chat, chat, chat)
        evening = await rota.shift(site.gap.starts + timedelta(days=1), is_open=False)
        await rota.hold(evening, await session.merge(site.people[name].handle), "second")


async def test_a_seat_is_given_away_and_taken(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    async with visiting(browser, site.url, DESKTOP) as colleague:
        await signed_in(colleague, site, "colleague")
        await colleague.see(f"/week?week={site.week}")
        form = await colleague.follow_starting("Swap or hand over")
        assert "The seat stays yours until somebody takes it up." in form
        await colleague.no_barriers()
        await colleague.page.get_by_label("Nothing: give this seat to somebody").check()
        offered = await colleague.press("Offer this seat")
        assert "Given away. To everybody in the pool." in offered
        await colleague.no_barriers()
        await signed_in(visitor, site, "worker")
        swaps = await visitor.see("/swaps")
        assert "Nothing is wanted in return." in swaps
        assert site.people["colleague"].handle.display not in swaps
        await visitor.no_barriers()
        taken = await visitor.press("Take this seat")
        assert "Nobody offers a seat that you could take up." in taken
        assert "Offer it to others" in taken
        told = await colleague.see("/")
        assert "There is a change in your plan" in told


async def test_a_seat_is_swapped_for_a_chosen_one(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    await with_a_seat(site, "worker")
    async with visiting(browser, site.url, DESKTOP) as colleague:
        await signed_in(colleague, site, "colleague")
        await colleague.see("/swaps")
        await colleague.follow_starting("Offer it to others")
        await colleague.page.get_by_label("Which seat in return?").select_option(index=1)
        name = colleague.page.get_by_label("To whom?")
        await name.fill(site.people["worker"].handle.display)
        assert "To one person." in await colleague.press("Offer this seat")
        await signed_in(visitor, site, "worker")
        swaps = await visitor.see("/swaps")
        assert f"offered to you by {site.people['colleague'].handle.display}" in swaps
        await visitor.no_barriers()
        after = await visitor.press("Swap")
        assert "You offer no seat at the moment." in after
        assert "you gave" in after
        await visitor.no_barriers()
        week = await colleague.see(f"/week?week={site.week}")
        assert "second" in week


async def test_an_offer_is_taken_back_and_its_taker_told_kindly(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    async with visiting(browser, site.url, DESKTOP) as colleague:
        await signed_in(colleague, site, "colleague")
        await colleague.see("/swaps")
        await colleague.follow_starting("Offer it to others")
        await colleague.page.get_by_label("Nothing: give this seat to somebody").check()
        await colleague.press("Offer this seat")
        await signed_in(visitor, site, "worker")
        await visitor.see("/swaps")
        assert "You offer no seat" in await colleague.press("Take the offer back")
        late = await visitor.press("Take this seat", status=409)
        assert "This offer has ended already." in late
        await visitor.no_barriers()
