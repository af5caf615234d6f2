"""An answer from a session to the clipboard: search, language, fields and copy, in three taps."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Locator, Page

from database.session import door
from protocols.items.rules.drafts import DraftPlaceholder
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.test_pages_that_stay_open import come_in
from tests.browser.visitor import PHONE, Visitor
from tests.protocols.example_texts import Members, answer, released, take_up

PLACE = DraftPlaceholder("place", "the café", filled_by="worker")

FORMS_BEFORE = """
const listen = document.addEventListener;
document.addEventListener = function (kind, ...rest) {
    if (kind === "submit") window.formsBefore = document.forms.length;
    listen.call(this, kind, ...rest);
};
"""

Tap = Callable[[Locator], Awaitable[None]]


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True
    )
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert [said for said in complaints if "422" not in said] == []


async def with_a_field(site: Site) -> None:
    people = {name: site.people[name].asker for name in ("coordinator", "reviewer", "worker")}
    members = Members(project=people["worker"].project_id, name="ours", **people)
    draft = answer("Where do you meet?", "We meet at {{place}}.", placeholders=[PLACE])
    async with door(site.engine) as session:
        await take_up(session, members, await released(session, members, draft, "none"))


def counting(taps: list[Locator]) -> Tap:
    async def tap(what: Locator) -> None:
        taps.append(what)
        await what.tap()

    return tap


async def clipboard(page: Page) -> str:
    await page.get_by_role("status").get_by_text("Copied").wait_for()
    copied: str = await page.evaluate("navigator.clipboard.readText()")
    return copied


async def test_in_a_session_a_worker_has_an_answer_in_three_taps(site: Site, phone: Page) -> None:
    await come_in(site, phone, "colleague")
    await phone.goto(f"{site.url}/now")
    taps: list[Locator] = []
    tap = counting(taps)
    await tap(phone.get_by_label("What is it about?"))
    await phone.keyboard.type("tax")
    await tap(phone.get_by_role("button", name="Find in English"))
    await tap(phone.get_by_role("button", name="Do I pay tax?"))
    assert await clipboard(phone) == "Money that you earn counts as income."
    assert len(taps) == 3


async def test_from_the_start_it_takes_no_more(site: Site, phone: Page) -> None:
    await come_in(site, phone, "colleague")
    await phone.goto(site.url)
    taps: list[Locator] = []
    tap = counting(taps)
    await tap(phone.get_by_role("link", name="Answers", exact=True))
    await tap(phone.get_by_label("What is it about?"))
    await phone.keyboard.type("tax")
    await phone.keyboard.press("Enter")
    await tap(phone.get_by_role("button", name="Do I pay tax?"))
    assert await clipboard(phone) == "Money that you earn counts as income."
    assert len(taps) == 3


async def test_fields_are_filled_where_the_answer_was_found(site: Site, phone: Page) -> None:
    await with_a_field(site)
    await come_in(site, phone, "colleague")
    await phone.goto(f"{site.url}/now")
    taps: list[Locator] = []
    tap = counting(taps)
    await tap(phone.get_by_label("What is it about?"))
    await phone.keyboard.type("meet")
    await phone.keyboard.press("Enter")
    await tap(phone.get_by_label("Place"))
    await phone.keyboard.type("the library")
    await tap(phone.get_by_role("button", name="Where do you meet?"))
    assert await clipboard(phone) == "We meet at the library."
    assert len(taps) == 3


async def test_there_is_nothing_to_tap_on_before_a_tap_is_heard(site: Site, phone: Page) -> None:
    await come_in(site, phone, "colleague")
    await phone.add_init_script(FORMS_BEFORE)
    await phone.goto(f"{site.url}/answers?q=tax")
    assert await phone.evaluate("window.formsBefore") == 0


async def test_what_cannot_be_copied_says_why_in_place(site: Site, phone: Page) -> None:
    await with_a_field(site)
    await come_in(site, phone, "colleague")
    await phone.goto(f"{site.url}/answers?q=meet")
    await phone.get_by_role("button", name="Where do you meet?").tap()
    await phone.get_by_role("alert").wait_for()
    assert "{{place}} is still open" in await phone.get_by_role("alert").inner_text()
    await phone.get_by_label("Place").fill("the library")
    await phone.get_by_role("button", name="Copy", exact=True).tap()
    assert await clipboard(phone) == "We meet at the library."


async def test_without_scripts_the_words_are_ready_to_be_copied_after_as_many(
    site: Site, visitor: Visitor
) -> None:
    await with_a_field(site)
    await signed_in(visitor, site, "colleague")
    await visitor.see("/now")
    await visitor.page.get_by_label("What is it about?").fill("meet")
    await visitor.press("Find in English")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Place").fill("the library")
    assert "Ready to copy" in await visitor.press("Where do you meet?")
    assert await visitor.page.locator("#text").input_value() == "We meet at the library."
