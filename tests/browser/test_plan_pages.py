"""Reading a plan as a difference, publishing it and asking what if, in a real browser."""

from tests.browser.site import Site
from tests.browser.visitor import Visitor


async def test_a_coordinator_reads_what_a_plan_changes_and_asks_what_if(
    site: Site, visitor: Visitor
) -> None:
    await visitor.see(await site.link("coordinator"))
    await visitor.press("Sign in")
    await site.plan()
    plans = await visitor.see(f"/plans/{site.slug}")
    assert "Ready to be read, not published." in plans
    assert "Nothing changes by asking." in plans
    await visitor.no_barriers()
    read = await visitor.follow_starting("Plan, ")
    assert "open hours, with this plan" in read
    await visitor.no_barriers()
    await visitor.see(f"/plans/{site.slug}")
    asked = await visitor.press("Ask what if one like it joined")
    assert "Being worked out; reload this page in a moment." in asked
    await visitor.no_barriers()
