"""Own words in a text, from the first word until workers read them, and over the next version."""

from playwright.async_api import Browser

from database.session import door
from protocols.releases.queries import newest
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import DESKTOP, Visitor, visiting
from tests.protocols.example_texts import Members, Told, revised


async def newer_version(site: Site, *parts: str) -> None:
    """Release the site's protocol anew, with other words."""
    askers = {role: site.people[role].asker for role in ("coordinator", "reviewer", "worker")}
    members = Members(project=askers["worker"].project_id, name="north", **askers)
    async with door(site.engine) as session:
        before = await newest(session, f"urn:uuid:{site.protocol.rpartition('/')[2]}")
        assert before is not None
        await revised(session, members, before, Told(parts=parts))


async def as_another(site: Site, browser: Browser, who: str, path: str, press: str = "") -> str:
    async with visiting(browser, site.url, DESKTOP) as other:
        await signed_in(other, site, who)
        seen = await other.see(path)
        await other.no_barriers()
        return await other.press(press) if press else seen


async def fill_in(visitor: Visitor, words: str, why: str) -> None:
    await visitor.page.get_by_label("Our words in English").fill(words)
    await visitor.page.get_by_label("Why do we differ here?").fill(why)


async def test_own_words_are_written_approved_read_and_kept_over_a_new_version(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    adopted = site.protocol.replace("/protocols/", "/adopted/")
    await signed_in(visitor, site, "reviewer")
    await visitor.see(site.protocol)
    await visitor.follow("What we say in it")
    await visitor.no_barriers()
    await visitor.follow_starting("Say it in our words")
    await visitor.no_barriers()
    await fill_in(visitor, "Three of {{nobody}} are online.", "We are three.")
    await visitor.press("Keep it in the draft", status=422)
    await visitor.no_barriers()
    await fill_in(visitor, "Three of you are online together.", "We are three.")
    await visitor.press("Keep it in the draft")
    await visitor.follow_starting("Add a line after it")
    await fill_in(visitor, "Tell the office.", "Our reporting line.")
    assert "What this changes" in await visitor.press("Keep it in the draft")
    await visitor.no_barriers()
    assert "somebody else approves it" in await visitor.press("Ask for approval")
    approval = "Approve what stands here"
    assert "In use" in await as_another(site, browser, "coordinator", adopted, approval)
    read = await as_another(site, browser, "worker", site.protocol)
    assert "Three of you are online together." in read
    assert "Our project's own words" in read
    await newer_version(site, "Two of you are always online.")
    assert "Version 2.0.0 is waiting" in await visitor.see("/adopted")
    await visitor.no_barriers()
    await visitor.see(adopted)
    assert "1 part needs your decision" in await visitor.follow("Compare version 2.0.0")
    await visitor.no_barriers()
    await visitor.press("Take version 2.0.0 into our draft", status=422)
    await visitor.no_barriers()
    await visitor.page.get_by_label("Their words", exact=True).check()
    await visitor.press("Take version 2.0.0 into our draft")
    await visitor.press("Ask for approval")
    await as_another(site, browser, "coordinator", adopted, approval)
    read = await as_another(site, browser, "worker", site.protocol)
    assert "Two of you are always online." in read
    assert "Tell the office." in read
