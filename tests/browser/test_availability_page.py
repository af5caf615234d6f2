"""Entering when one can work, on a phone and on a computer, without JavaScript."""

from datetime import timedelta

from api.parts import current_time
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor

SOON = current_time().date() + timedelta(days=50)


async def test_a_worker_enters_when_they_can_work(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    assert "Nothing is entered." in await visitor.see("/availability")
    await visitor.no_barriers()
    await visitor.unfold("Add a time of every week")
    await visitor.page.get_by_label("Day", exact=True).first.select_option("Thursday")
    assert "Thursday 18:00 to 22:00" in await visitor.press("Add this time")
    await visitor.unfold("Add a single day")
    await visitor.page.locator("#day").fill(str(SOON))
    await visitor.page.locator("#dated-preference").select_option("I cannot")
    assert "all day" in await visitor.press("Add this day")
    await visitor.unfold("Copy last month")
    await visitor.press("Copy")
    await visitor.unfold("Enter leave")
    await visitor.page.get_by_label("First day away").fill(str(SOON))
    assert "Come back earlier" in await visitor.press("Enter leave")
    await visitor.unfold("Work less, or rest longer")
    await visitor.page.get_by_label("Hours a week at most").fill("4")
    assert "At most 4 hours" in await visitor.press("Save limits")
    await visitor.no_barriers()


async def test_a_worker_lets_a_calendar_be_read(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.see("/availability")
    await visitor.unfold("Add a calendar")
    await visitor.page.get_by_label("Its secret address").fill("https://calendar.example.org/a.ics")
    added = await visitor.press("Add this calendar")
    assert "It is being read. Look again in a minute." in added
    assert "calendar.example.org" not in added
    await visitor.no_barriers()
    assert "It is being read" not in await visitor.press("Remove")


async def test_a_coordinator_opens_the_page_of_their_people(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see("/availability")
    await visitor.no_barriers()
    people = visitor.page.locator("main li a")
    assert await people.count() == 4
    assert "Availability of" in await visitor.click(people.first)
    await visitor.no_barriers()
