"""A text from its first word to its release, on a phone and without JavaScript."""

from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor


async def test_a_text_is_written_commented_translated_and_reviewed(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "reviewer")
    await visitor.see("/texts")
    await visitor.no_barriers()
    await visitor.follow("Write a protocol")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Title", exact=True).fill("Closing a session")
    await visitor.page.get_by_label("Words of part 1").fill("Say goodbye. Ring {{phone}}.")
    await visitor.press("Add a part after part 1")
    await visitor.page.get_by_label("Words of part 2").fill("Write the **handover**.")
    await visitor.press("Add a gap")
    await visitor.page.get_by_label("Name of gap 1").fill("phone")
    await visitor.page.get_by_label("Example for gap 1").fill("the on-call line")
    await visitor.no_barriers()
    await visitor.press("Move part 2 up")
    assert await visitor.page.get_by_label("Words of part 1").input_value() == (
        "Write the **handover**."
    )
    await visitor.press("Save")
    shown = await visitor.page.inner_text("main")
    assert "the next would be 1.0.0" in shown
    assert await visitor.page.locator(".text strong").inner_text() == "handover"
    await visitor.no_barriers()
    await visitor.unfold("Comment on this part")
    await visitor.page.get_by_label("Your comment on part 1").fill("To whom?")
    assert "To whom?" in await visitor.press("Say it")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Another language").fill("nl")
    await visitor.press("Translate it")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Title").fill("Afsluiten")
    await visitor.page.get_by_label("Part 1 in Dutch").fill("Schrijf het over.")
    await visitor.page.get_by_label("Part 2 in Dutch").fill("Bel {{phone}}.")
    await visitor.press("Save the translation")
    asked = await visitor.press("Ask for a review")
    assert "somebody else approves it" in asked
    history = await visitor.follow("Every saved version")
    assert "What version 2 changed against version 1" in history
    await visitor.no_barriers()


async def test_a_coordinator_asks_for_lived_experience_and_is_told_what_lacks_it(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see("/texts")
    shown = await visitor.follow("What our pools ask of their texts")
    assert "No text has been put in force here." in shown
    await visitor.no_barriers()
    await visitor.page.get_by_label("Each text on these shifts").check()
    await visitor.press("Keep this")
    assert await visitor.page.get_by_label("Each text on these shifts").is_checked()
