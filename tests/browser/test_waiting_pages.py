"""Waiting for a seat and a coordinator's yes, in a real browser without JavaScript."""

from uuid import UUID

from playwright.async_api import Browser
from sqlalchemy import select, update

from api.parts import current_time
from database.session import door
from rota.cover.follow import follow_seat
from rota.shifts.models import Seat
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import DESKTOP, Visitor, visiting


async def seats_of_gap(site: Site) -> dict[str, UUID]:
    async with door(site.engine) as session:
        rows = await session.execute(select(Seat.role, Seat.id).where(Seat.shift_id == site.gap.id))
        return {row.role: row.id for row in rows}


async def test_a_worker_waits_for_a_taken_seat_and_says_yes(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    week = f"/week?week={site.week}"
    seats = await seats_of_gap(site)
    async with door(site.engine) as session:
        # nobody may take the second seat, so the session is full for workers
        await session.execute(
            update(Seat).where(Seat.id == seats["second"]).values(role="supervisor")
        )
    await signed_in(visitor, site, "worker")
    await visitor.see(week)
    await visitor.unfold("sessions whose seats are taken")
    await visitor.no_barriers()
    waiting = await visitor.press("Wait for: lead")
    assert "Lead: you are number 1 in line." in waiting
    await visitor.no_barriers()
    async with visiting(browser, site.url, DESKTOP) as other:
        await signed_in(other, site, "colleague")
        await other.see(week)
        await other.unfold("Give back")
        await other.press("Yes, give it back")
    async with door(site.engine) as session:
        await follow_seat(session, seats["lead"], current_time())
    offered = await visitor.see(week)
    assert "offered to you" in offered
    await visitor.no_barriers()
    taken = await visitor.press("Yes, I take it")
    assert "yours" in taken
    assert "Yes, I take it" not in taken


async def test_a_place_is_given_up_on_the_page(site: Site, visitor: Visitor) -> None:
    seats = await seats_of_gap(site)
    async with door(site.engine) as session:
        await session.execute(
            update(Seat).where(Seat.id == seats["second"]).values(role="supervisor")
        )
    await signed_in(visitor, site, "worker")
    await visitor.see(f"/week?week={site.week}")
    await visitor.unfold("sessions whose seats are taken")
    await visitor.press("Wait for: lead")
    assert "you are number" not in await visitor.press("Wait no more: lead")


async def test_a_coordinator_says_no_and_the_worker_reads_why(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    week, board = f"/week?week={site.week}", f"/board/{site.slug}?week={site.week}"
    async with visiting(browser, site.url, DESKTOP) as coordinator:
        await signed_in(coordinator, site, "coordinator")
        await coordinator.see(board)
        asked_first = await coordinator.press("Ask the worker's own coordinator first")
        assert "a claim counts only with the yes of a coordinator" in asked_first
        await signed_in(visitor, site, "worker")
        await visitor.see(week)
        assert "Your coordinator has to agree first." in await visitor.press("Take: second")
        await visitor.no_barriers()
        assert "Waiting for your yes" in await coordinator.see(board)
        await coordinator.unfold("No")
        await coordinator.no_barriers()
        await coordinator.page.get_by_label("Why not? The worker reads it.").fill("Rest first.")
        assert "Waiting for your yes" not in await coordinator.press("No, with this reason")
        told = await visitor.see(week)
        assert "Not given to you" in told
        assert "Rest first." in told
        await visitor.no_barriers()
        await visitor.press("Take: second")
        await coordinator.see(board)
        await coordinator.press("Yes")
    assert "yours" in await visitor.see(week)
