"""A week of a pool as coordinators hang it up, printed by the browser itself."""

import re

from sqlalchemy import inspect

from database.session import door
from rota.shifts.models import Shift
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor

PAGE = re.compile(rb"/Type\s*/Page\b")
SIZE = re.compile(rb"/MediaBox\s*\[([^\]]+)\]")
A4_LANDSCAPE = [0, 0, 842, 595]


def sheets(pdf: bytes) -> list[list[int]]:
    """Give the size of each sheet of a PDF, in whole points."""
    sizes = [[round(float(each)) for each in found.split()] for found in SIZE.findall(pdf)]
    assert len(PAGE.findall(pdf)) == len(sizes)
    return sizes


async def test_a_week_is_one_sheet_with_handles_and_nothing_to_press(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/board/{site.slug}?week={site.week}")
    seen = await visitor.follow("This week to print")
    await visitor.no_barriers()
    assert "Print this page with your browser" in seen
    await visitor.page.emulate_media(media="print")
    printed = await visitor.page.locator("body").inner_text()
    assert site.people["colleague"].handle.display in printed
    assert "free" in printed
    assert "not complete" in printed
    assert "look at the board before you rely on it" in printed
    for screen_only in ("Print this page", "Back to the week", "Nederlands", "Sign out", "Start"):
        assert screen_only not in printed
    shown = visitor.page.locator("a, button, input, select")
    assert [each for each in await shown.all() if await each.is_visible()] == []
    assert "Northern Outreach" not in printed
    pdf = await visitor.page.pdf(prefer_css_page_size=True)
    assert sheets(pdf) == [A4_LANDSCAPE]


async def test_a_full_week_still_fits_two_sheets(site: Site, visitor: Visitor) -> None:
    async with door(site.engine) as session:
        first = await session.get_one(Shift, site.gap.id)
        for _ in range(27):
            facts = {
                column.key: getattr(first, column.key)
                for column in inspect(Shift).columns
                if column.key not in {"id", "pattern_id", "pattern_day"}
            }
            session.add(Shift(**facts))
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/board/{site.slug}/print?week={site.week}")
    assert await visitor.page.get_by_role("row").count() == 1 + 28
    assert len(sheets(await visitor.page.pdf(prefer_css_page_size=True))) <= 2


async def test_an_empty_week_says_so(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    assert "There is no shift this week" in await visitor.see(
        f"/board/{site.slug}/print?week=2020-01-06"
    )
    await visitor.no_barriers()
