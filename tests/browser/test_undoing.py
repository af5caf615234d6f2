"""A slip mended by one press, in a real browser without JavaScript."""

from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor


async def test_a_seat_taken_by_mistake_is_given_back(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see(f"/week?week={site.week}")
    assert "The seat is taken." in await visitor.press("Take: second")
    await visitor.no_barriers()
    undone = await visitor.press("Undo")
    assert "The seat is taken." not in undone
    assert "Take: second" in undone
    assert await visitor.page.get_by_role("button", name="Undo").count() == 0
    await visitor.no_barriers()


async def test_a_day_removed_by_mistake_comes_back_in_ones_language(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/availability")
    await visitor.unfold("Add a single day")
    await visitor.page.locator("#day").fill(f"{site.gap.starts:%Y-%m-%d}")
    await visitor.press("Add this day")
    await visitor.press("Nederlands")
    assert "De losse dag is weggehaald." in await visitor.press("Weghalen")
    await visitor.no_barriers()
    assert "De losse dag is weggehaald." not in await visitor.press("Ongedaan maken")
    assert await visitor.page.get_by_role("button", name="Weghalen").count() == 1
