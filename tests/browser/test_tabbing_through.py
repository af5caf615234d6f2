"""The Tab key reaches all that can be used on the main pages, in the order in which it is read."""

from itertools import groupby

import pytest
from playwright.async_api import Page

from api.parts import current_time
from database.session import door
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from tests.browser.keyboard import STOPS
from tests.browser.site import Site
from tests.browser.test_pages_that_stay_open import come_in, page

__all__ = ["page"]

# of several choices of which one holds, Tab reaches that one; a page may renew itself meanwhile
WHERE = f"""(() => {{
    const stops = {STOPS}.filter(each => each.type !== 'radio' || each.checked);
    return [stops.indexOf(document.activeElement), stops.length];
}})()"""
MAIN = (
    *(
        "/",
        "/now",
        "/week?week={site.week}",
        "/board/{site.slug}?week={site.week}",
        "{site.closer}",
    ),
    *("/answers?q=tax", "/availability", "/calendar", "/swaps", "{site.protocol}", "/notices"),
    *("/texts/new", "/patterns/{site.slug}/new", "/open/{site.slug}"),
)


@pytest.mark.parametrize("path", MAIN)
async def test_tab_reaches_everything_in_the_order_of_the_page(
    site: Site, page: Page, path: str
) -> None:
    person_id = site.people["colleague"].asker.person_id
    async with door(site.engine) as session:
        for role in ("coordinator", "reviewer"):
            await grant_role(session, OPERATOR, person_id=person_id, role=role, now=current_time())
    await come_in(site, page, "colleague")
    await page.goto(f"{site.url}{path.format(site=site)}")
    reached: list[int] = []
    while True:
        await page.keyboard.press("Tab")
        at, stops = await page.evaluate(WHERE)
        if await page.evaluate("document.activeElement === document.body"):
            break
        reached.append(at)
    # a field of a date is left part by part
    assert [place for place, _ in groupby(reached)] == list(range(stops))
