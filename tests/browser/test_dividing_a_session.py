"""A coordinator divides a session from the board, in a real browser without JavaScript."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.browser.site import Site
from tests.browser.visitor import Visitor


async def test_a_session_is_divided_from_the_board(site: Site, visitor: Visitor) -> None:
    await visitor.see(await site.link("coordinator"))
    await visitor.press("Sign in")
    await visitor.see(site.closer)
    await visitor.unfold("Divide this session")
    middle = (site.gap.starts + timedelta(hours=1)).astimezone(ZoneInfo("Europe/London"))
    field = visitor.page.get_by_label("The second part starts at")
    await field.fill("noon")
    refused = await visitor.press("Divide", status=400)
    assert "must be a time such as 20:30." in refused
    await visitor.no_barriers()
    await visitor.see(site.closer)
    await visitor.unfold("Divide this session")
    await visitor.page.get_by_label("The second part starts at").fill(f"{middle:%H:%M}")
    divided = await visitor.press("Divide")
    assert f"to {middle:%H:%M}" in divided
    assert f"{middle:%H:%M} to" in divided
    await visitor.no_barriers()
