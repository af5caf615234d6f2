"""Recurring sessions on a phone and on a computer, without JavaScript."""

from tests.browser.site import Site
from tests.browser.visitor import Visitor


async def test_a_session_is_set_down_changed_and_called_off(visitor: Visitor, site: Site) -> None:
    await visitor.see(await site.link("coordinator"))
    await visitor.press("Sign in")
    await visitor.see(f"/patterns/{site.slug}")
    await visitor.no_barriers()
    await visitor.follow("Set down a session")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Name of the series").fill("Friday evening")
    await visitor.page.get_by_label("Weekday").select_option("Friday")
    await visitor.page.get_by_label("On public holidays").select_option("It is left out")
    await visitor.page.get_by_label("Whose holidays").fill("GB-ENG")
    seen = await visitor.press("Look at what comes of it")
    assert "What comes of it" in seen
    assert "Friday" in seen
    await visitor.no_barriers()
    listed = await visitor.press("Save this session")
    assert "every Friday, 19:00" in listed
    await visitor.no_barriers()
    await visitor.follow_starting("Change or end")
    await visitor.page.get_by_label("From", exact=True).fill("18:00")
    seen = await visitor.press("Look at what comes of it")
    assert "follow the new rule" in seen
    await visitor.no_barriers()
    listed = await visitor.press("Save this change")
    assert "every Friday, 18:00" in listed


async def test_one_session_is_changed_from_the_board(visitor: Visitor, site: Site) -> None:
    await visitor.see(await site.link("coordinator"))
    await visitor.press("Sign in")
    await visitor.see(site.closer)
    await visitor.follow_starting("Change or call off")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Theme, shown to the public").fill("Housing")
    shown = await visitor.press("Save this session")
    assert "Housing" in shown
