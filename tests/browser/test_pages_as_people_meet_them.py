"""The pages in a real browser without JavaScript, on a phone and on a computer.

Whatever a visitor does, `tests.browser.visitor` also watches that nothing is asked of another
host, that no page is wider than the screen, and that nothing fails behind the scenes.
"""

from zoneinfo import ZoneInfo

from playwright.async_api import Browser

from api.parts import current_time
from database.session import door
from federation.notices.actions import notify
from tests.browser.site import Site
from tests.browser.visitor import DESKTOP, Visitor, visiting

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def signed_in(visitor: Visitor, site: Site, name: str) -> None:
    await visitor.see(await site.link(name))
    await visitor.press("Sign in")


async def test_a_worker_signs_in_by_a_link_and_finds_every_page(
    site: Site, visitor: Visitor
) -> None:
    link = await site.link("worker")
    shown = await visitor.see(link)
    assert "The link works once." in shown
    await visitor.no_barriers()
    start = await visitor.press("Sign in")
    assert "Night and Day Chat" in start
    await visitor.no_barriers()
    entries = visitor.page.get_by_role("navigation", name="Main").get_by_role("link")
    names = await entries.all_inner_texts()
    assert names == [
        "Start",
        "Now",
        "My week",
        "Swaps",
        "Availability",
        "My calendar",
        "Hours",
        "Trainings",
        "Protocols",
        "Answers",
        "Notices",
    ]
    for name in names:
        await visitor.follow(name)
        current = visitor.page.locator("nav [aria-current=page]")
        assert await current.all_inner_texts() == [name]
        await visitor.no_barriers()
    again = await visitor.see(link, status=410)
    assert "This sign-in link has been used." in again
    # who opens it once more on the same device is still signed in
    assert "Sign out" in again
    await visitor.no_barriers()


async def test_the_navigation_leaves_a_phone_to_the_page(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    header = await visitor.page.locator("header.top").bounding_box()
    assert header is not None
    # the node's name with "Sign out", and one row of places under it
    assert header["height"] <= 140
    # the last place is reached without a script
    await visitor.follow("Notices")
    await visitor.no_barriers()


async def test_signing_out_leaves_the_pages_closed(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.press("Sign out")
    closed = await visitor.see("/week", status=401)
    assert "Please sign in. Your coordinator can give you a sign-in link." in closed
    await visitor.no_barriers()


async def test_a_notice_is_read_and_put_away(site: Site, visitor: Visitor) -> None:
    async with door(site.engine) as session:
        await notify(
            session,
            person_id=site.people["worker"].asker.person_id,
            code="test",
            text="There is a change in your plan.",
            now=current_time(),
        )
    await visitor.see(await site.link("worker"))
    assert "There is a change in your plan." in await visitor.press("Sign in")
    await visitor.no_barriers()
    assert "There is a change in your plan." not in await visitor.press("Seen")


async def test_a_worker_takes_a_seat_of_the_coming_week_and_gives_it_back(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/week?week=2020-01-06")
    await visitor.no_barriers()
    week = await visitor.see(f"/week?week={site.week}")
    assert "You have no seat this week." in week
    assert "Theme: Money, tax and benefits" in week
    # 18:00 UTC, on the clock of the worker's own project
    local = site.gap.starts.astimezone(AMSTERDAM)
    assert f"{local:%H:%M} to" in week
    assert f"{local:%Z}" in week
    taken = await visitor.press("Take: second")
    assert "You have no seat this week." not in taken
    await visitor.no_barriers()
    await visitor.unfold("Give back")
    asked = await visitor.look()
    assert "Others can then take this seat." in asked
    await visitor.no_barriers()
    given = await visitor.press("Yes, give it back")
    assert "You have no seat this week." in given
    assert "Take: second" in given


async def test_a_seat_that_is_gone_is_a_plain_page_that_leads_back(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see(f"/week?week={site.week}")
    async with visiting(browser, site.url, DESKTOP) as other:
        await signed_in(other, site, "colleague")
        await other.see(f"/week?week={site.week}")
        await other.unfold("Give back")
        await other.press("Yes, give it back")
        await other.press("Take: second")
    assert "Somebody else" in await visitor.press("Take: second", status=409)
    await visitor.no_barriers()
    assert "My week from" in await visitor.follow("Back to where you were")


async def test_a_session_begins_is_open_to_everybody_and_ends(site: Site, visitor: Visitor) -> None:
    public = f"/open/{site.slug}"
    await signed_in(visitor, site, "worker")
    assert "Nobody is there at the moment" in await visitor.see(public)
    await visitor.no_barriers()
    before = await visitor.see("/week")
    assert "The public page says that nobody is there until one of you checks in." in before
    assert "The public page says: open now." in await visitor.press("Check in")
    await visitor.no_barriers()
    assert "Open now" in await visitor.see(public)
    await visitor.no_barriers()
    await visitor.see("/week")
    await visitor.press("We are all busy")
    assert "Everybody is talking to somebody" in await visitor.see(public)
    await visitor.see("/week")
    assert "It was closed at" in await visitor.press("End the session")
    await visitor.no_barriers()
    assert "Nobody is there at the moment" in await visitor.see(public)


async def test_a_worker_makes_a_calendar_address_with_its_code(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/calendar")
    await visitor.no_barriers()
    await visitor.page.get_by_label("What an entry is called there").fill("Yoga")
    await visitor.page.get_by_label("Reminder").select_option("30 minutes before")
    made = await visitor.press("Make an address")
    assert f"{site.url}/calendar/" in made
    code = visitor.page.get_by_alt_text("The same address as a code to scan with your phone")
    assert await code.evaluate("image => image.complete && image.naturalWidth > 100")
    assert "This is all that the calendar is told, word for word, of what comes next:" in made
    for program in ("iPhone", "Android", "Google", "Outlook", "Thunderbird"):
        await visitor.unfold(program)
    await visitor.look()
    await visitor.no_barriers()
    listed = await visitor.follow("Back to my calendars")
    assert "Not read yet." in listed
    seen = await visitor.follow_starting("What others see there on Phone")
    assert "Calendar: Plan" in seen
    assert "Yoga" in seen
    await visitor.no_barriers()
    await visitor.follow("Back to my calendars")
    await visitor.unfold("Change what it says")
    await visitor.unfold("Stop or replace it")
    await visitor.no_barriers()
    title = visitor.page.get_by_label("What an entry is called there").first
    assert await title.input_value() == "Yoga"
    replaced = await visitor.press("Replace the address for Phone")
    assert f"{site.url}/calendar/" in replaced
    assert replaced != made
    await visitor.follow("Back to my calendars")
    await visitor.unfold("Stop or replace it")
    assert "Addresses that work" not in await visitor.press("Stop the address for Phone")


async def test_a_worker_reads_a_protocol_and_says_so(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    assert "To be read" in await visitor.see("/protocols")
    text = await visitor.follow("Live chat conduct")
    assert "Two of you are online together." in text
    assert "England" in text
    await visitor.no_barriers()
    assert "To be read" not in await visitor.press("I have read and understood")
    assert "You read this on" in await visitor.see(site.protocol)


async def test_answers_are_found_by_their_words(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/answers")
    await visitor.page.get_by_label("What is it about?").fill("tax")
    await visitor.page.get_by_label("Language").select_option("Nederlands")
    found = await visitor.press("Find")
    assert "Money that you earn counts as income." in found
    assert "There is no wording in Dutch; this is English." in found
    await visitor.no_barriers()
    await visitor.page.get_by_label("What is it about?").fill("zeppelin")
    assert "No answer was found for “zeppelin”." in await visitor.press("Find")
    await visitor.no_barriers()


async def test_an_answer_is_copied_without_a_script(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/answers?q=tax")
    await visitor.click(visitor.page.locator(".cards a").first)
    await visitor.unfold("Something is wrong with it")
    await visitor.look()
    await visitor.no_barriers()
    shown = await visitor.press("Copy")
    assert "Ready to copy" in shown
    await visitor.no_barriers()
    await visitor.press("Keep at hand")
    assert "Kept at hand" in await visitor.see("/answers")
    await visitor.no_barriers()


async def test_anybody_reads_the_public_page_and_the_start(site: Site, visitor: Visitor) -> None:
    page = await visitor.see(f"/open/{site.slug}")
    assert "All times are United Kingdom Time (Europe/London)." in page
    assert "Helpline" in page
    for person in site.people.values():
        assert person.handle.display not in page
    assert "How to sign in" in await visitor.see("/nowhere", status=404)
    await visitor.no_barriers()
    await visitor.see("/")
    await visitor.no_barriers()
    await visitor.see("/sign-in")
    await visitor.no_barriers()


FOCUSED = """() => {
    const now = document.activeElement, style = getComputedStyle(now);
    const box = now.getBoundingClientRect();
    return {
        text: now.innerText.trim(),
        id: now.id,
        tag: now.tagName,
        seen: box.left >= 0 && box.top >= 0 && style.outlineStyle !== 'none',
    };
}"""


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see(f"/week?week={site.week}")
    reached: list[str] = []
    while True:
        await visitor.page.keyboard.press("Tab")
        focused = await visitor.page.evaluate(FOCUSED)
        if focused["tag"] == "BODY":
            break
        assert focused["seen"], focused
        reached.append(focused["text"])
    assert reached[0] == "Skip to the content"
    assert [name for name in ("My week", "Sign out", "Week after") if name not in reached] == []
    assert any(text.startswith("Take: second") for text in reached)
    await visitor.see("/week")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    assert (await visitor.page.evaluate(FOCUSED))["id"] == "main"


async def test_what_is_hidden_in_a_wide_table_does_not_widen_the_page(
    site: Site, visitor: Visitor
) -> None:
    del site
    await visitor.see("/sign-in")
    cells = "<td>a word</td>" * 40 + '<td><label class="hidden">for a field</label></td>'
    table = f'<div class="scroll" tabindex="0"><table><tr>{cells}</tr></table></div>'
    await visitor.page.locator("main").evaluate(
        "(main, table) => main.insertAdjacentHTML('beforeend', table)", table
    )
    await visitor.look()
