"""What is withdrawn while somebody has the page of their session open."""

from sqlalchemy import select

from api.parts import current_time
from database.session import door
from protocols.recalls.actions import recall_item
from protocols.releases.models import Release
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor
from tests.protocols.example_texts import signer

LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


async def withdraw_the_answer(site: Site) -> None:
    coordinator = site.people["coordinator"].asker
    own = (Release.project_id == coordinator.project_id) & (Release.kind == "answer")
    async with door(site.engine) as session:
        await recall_item(
            session,
            coordinator,
            urn=(await session.scalars(select(Release.urn).where(own))).one(),
            reason="The law has changed.",
            holds_texts={"en": "Say that you will ask."},
            sign=signer,
            now=current_time(),
        )


async def test_an_open_page_shows_it_without_being_loaded_again(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "worker")
    browser = visitor.page.context.browser
    assert browser is not None
    context = await browser.new_context(storage_state=await visitor.page.context.storage_state())
    page = await context.new_page()
    await page.goto(f"{site.url}/shifts/{site.running}/now")
    before = await page.inner_text("main")
    await page.evaluate("window.stillTheSamePage = true")

    await withdraw_the_answer(site)
    # what the clock does every twenty seconds, and coming back to the page at once
    await page.evaluate(LOOK_AGAIN)

    await page.get_by_text("Withdrawn: Do I pay tax?").wait_for()
    after = await page.inner_text("main")
    assert await page.evaluate("window.stillTheSamePage")
    await context.close()
    assert "Withdrawn:" not in before
    assert "Say that you will ask." in after
