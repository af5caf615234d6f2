"""A debrief record on a phone, without JavaScript; and with it when the line is dead."""

from playwright.async_api import Browser, Page, Route, ViewportSize

from database.session import door
from federation.projects.models import Project
from tests.browser.effort import Thumb
from tests.browser.site import Site
from tests.browser.visitor import PHONE, Visitor

A_MINUTE = 60


async def signed_in(visitor: Visitor, site: Site, name: str) -> None:
    await visitor.see(await site.link(name))
    await visitor.press("Sign in")


async def test_a_worker_counts_a_session_without_a_script(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.follow("Now")
    empty = await visitor.follow("Record of this session")
    assert "Contacts: 0" in empty
    await visitor.no_barriers()
    await visitor.page.check("input[name=topics][value=tax]")
    added = await visitor.press("Add this contact")
    assert "Contacts: 1" in added
    assert "answered, tax" in added
    assert "Not done yet" in added
    await visitor.page.check("input[name=kind][value=turned-away]")
    assert "Contacts: 2" in await visitor.press("Add this contact")
    await visitor.unfold("More, if it was told")
    await visitor.page.fill("#area", "Ruby Fox")
    refused = await visitor.press("Add this contact", status=422)
    assert "a town of your project's list, or the first half of a postcode" in refused
    assert "Ruby" not in refused
    await visitor.no_barriers()
    assert "Contacts: 2" in await visitor.follow("Back to where you were")
    assert "Contacts: 1" in await visitor.press("Remove contact 1")
    await visitor.page.check("input[name=pace][value=busy]")
    done = await visitor.press("This record is done")
    assert "This record is done and counts." in done
    await visitor.no_barriers()
    await visitor.unfold("Erase this record")
    assert "Contacts: 0" in await visitor.press("Erase all of it")


async def test_a_pools_own_topics_are_what_its_people_choose_from(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/board/{site.slug}/sessions")
    await visitor.page.fill("#topics", "Tax\nDoor and key")
    await visitor.press("Keep the topics")
    assert await visitor.page.input_value("#topics") == "door and key\ntax\n"
    await visitor.no_barriers()
    await visitor.press("Sign out")
    await signed_in(visitor, site, "worker")
    await visitor.see(f"/shifts/{site.running}/record")
    boxes = visitor.page.locator("input[name=topics]")
    assert await boxes.evaluate_all("all => all.map(one => one.value)") == ["door-and-key", "tax"]


async def a_record_on_a_phone(site: Site, browser: Browser) -> Page:
    """Open the record of the session that is running, as the one who sits there."""
    width, height = PHONE
    size: ViewportSize = {"width": width, "height": height}
    context = await browser.new_context(viewport=size, has_touch=True, is_mobile=True)
    page = await context.new_page()
    await page.goto(f"{site.url}{await site.link('worker')}")
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(f"{site.url}/shifts/{site.running}/record")
    return page


async def test_what_was_chosen_survives_a_dead_line(site: Site, browser: Browser) -> None:
    page = await a_record_on_a_phone(site, browser)
    await page.check("input[name=topics][value=housing]")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Add this contact").click()
    await page.get_by_role("alert").wait_for()
    assert "There is no connection." in await page.get_by_role("alert").inner_text()
    await page.context.set_offline(False)
    # the phone has put the page away meanwhile
    await page.reload()
    assert await page.is_checked("input[name=topics][value=housing]")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Add this contact").click()
    await page.get_by_role("heading", name="Contacts: 1").wait_for()
    assert not await page.is_checked("input[name=topics][value=housing]")
    await page.context.close()


async def test_a_contact_whose_answer_was_lost_counts_once(site: Site, browser: Browser) -> None:
    page = await a_record_on_a_phone(site, browser)
    add = page.get_by_role("button", name="Add this contact")
    await page.check("input[name=topics][value=housing]")
    await page.route("**/record/contacts", _arrives_and_is_not_answered)
    await add.click()
    await page.get_by_role("alert").wait_for()
    await page.unroute("**/record/contacts")
    # the phone has put the page away meanwhile
    await page.reload()
    await page.get_by_role("heading", name="Contacts: 1").wait_for()
    assert await page.is_checked("input[name=topics][value=housing]")
    for contacts in (1, 2):
        async with page.expect_navigation():
            await add.click()
        await page.get_by_role("heading", name=f"Contacts: {contacts}").wait_for()
        assert not await page.is_checked("input[name=topics][value=housing]")
    await page.context.close()


async def _arrives_and_is_not_answered(route: Route) -> None:
    await route.fetch()
    await route.abort()


async def test_what_must_not_be_kept_is_kept_on_no_phone(site: Site, browser: Browser) -> None:
    page = await a_record_on_a_phone(site, browser)
    for typed, kept in (("Ruby Fox", ""), ("NE1", "NE1"), ("NE1 4XX", ""), ("ne", "")):
        await page.get_by_text("More, if it was told").click()
        await page.fill("#area", typed)
        await page.locator("#area").blur()
        await page.check("input[name=topics][value=housing]")
        await page.reload()
        assert (typed, await page.input_value("#area")) == (typed, kept)
        assert await page.is_checked("input[name=topics][value=housing]")
        assert typed == kept or typed not in await page.evaluate("JSON.stringify(sessionStorage)")
    await page.context.close()


async def test_three_contacts_are_recorded_within_a_minute(site: Site, browser: Browser) -> None:
    """From the open page on: of each what it was about, how long it took, new or not.

    One wrote in another language, one was told of another service, one said where they work.
    """
    async with door(site.engine) as session:
        owner = site.people["worker"].asker.project_id
        (await session.get_one(Project, owner)).languages = ["en", "nl", "ro"]
    page = await a_record_on_a_phone(site, browser)
    thumb = Thumb(page)
    await thumb.tick("topics", "housing")
    await thumb.tick("familiarity", "new")
    await thumb.tick("minutes", "10-30")
    await thumb.end("Add this contact")
    await thumb.choose("language", "ro")
    await thumb.tick("outcome", "signposted")
    await thumb.tick("topics", "tax")
    await thumb.tick("topics", "health")
    await thumb.tick("familiarity", "returning")
    await thumb.tick("minutes", "under-10")
    await thumb.end("Add this contact")
    # the contact before wrote Romanian, and so did this one
    assert await page.input_value("#language") == "ro"
    await thumb.tick("outcome", "declined")
    await thumb.tick("topics", "safety")
    await thumb.tick("familiarity", "new")
    await thumb.tick("minutes", "30-60")
    await thumb.unfold("More, if it was told")
    await thumb.write("area", "NE1")
    await thumb.end("Add this contact")
    await thumb.tick("pace", "busy")
    await thumb.end("This record is done")
    assert "This record is done and counts." in await page.locator("main").inner_text()
    told = await page.locator("ol.seats > li").all_inner_texts()
    assert [one.splitlines()[0].partition(", ")[2] for one in told] == [
        "English: answered, new, housing",
        "Romanian: told of another service, was here before, health, tax",
        "Romanian: did not want what we offered, new, safety",
    ]
    await page.context.close()
    assert thumb.seconds < A_MINUTE
    # how far a swipe goes in words depends on the letters of a machine
    del thumb.did["swipe"]
    assert thumb.did == {"tap": 21, "think": 16, "letter": 3, "answer": 4}
