"""Pages that somebody leaves open: they show what changes, and take nothing from who writes."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest
from playwright.async_api import Browser, Page, Response
from sqlalchemy import select, update

from api.parts import current_time
from api.worker.planning import make_plan
from database.ids import new_id
from database.session import door
from federation.feeds.models import FeedCursor
from federation.feeds.rules.heads import Head
from federation.notices.actions import leave
from federation.notices.models import Notice
from federation.partners.models import Partner
from federation.partners.rules.encoding import text_of
from rota.attendance.actions import check_in
from rota.claims.models import Claim
from rota.import_runs.actions import begin_import, note_rows, refuse_import
from rota.record_imports.errors import NothingToTake
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, release_claim
from tests.browser.site import Site
from tests.browser.test_partner_pages import met

STILL = "window.stillTheSamePage"
# what a browser does when somebody turns to another page and comes back
TURNED = """Object.defineProperty(document, "hidden", {configurable: true, value: %s});
document.dispatchEvent(new Event("visibilitychange"))"""
HIDDEN, SEEN = TURNED % "true", TURNED % "false"


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context()
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []


async def begin(site: Site) -> None:
    """Let the worker of the running session check in."""
    async with door(site.engine) as session:
        await check_in(session, site.people["worker"].asker, site.running, current_time())


async def come_in(site: Site, page: Page, name: str) -> None:
    await page.goto(site.url + await site.link(name))
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Sign out").wait_for()


async def see_answered(page: Page, address: str, last: str) -> None:
    """Open a page and wait for an answer to the last that it asks for by itself.

    What it asks for when the connection has gone fails, and a browser complains of that.
    """

    def answered(answer: Response) -> bool:
        return answer.request.resource_type == last and answer.url.startswith(address)

    async with page.expect_response(answered):
        await page.goto(address)


async def take(site: Site, name: str) -> UUID:
    """Let somebody take the second's seat in the week with the gap."""
    async with door(site.engine) as session:
        second = select(Seat.id).where(Seat.shift_id == site.gap.id, Seat.role == "second")
        [seat] = await session.scalars(second)
        return (await claim_seat(session, site.people[name].asker, seat, current_time())).id


async def test_the_public_page_says_that_somebody_is_there_now(site: Site, page: Page) -> None:
    await page.goto(f"{site.url}/open/{site.slug}")
    await page.get_by_text("Nobody is there at the moment").wait_for()
    await page.get_by_role("link", name="as a calendar").focus()
    await page.evaluate(f"{STILL} = true")

    await begin(site)

    await page.get_by_text("Open now").wait_for()
    assert await page.evaluate(STILL)
    assert await page.get_by_text("Nobody is there").count() == 0
    assert await page.evaluate("document.activeElement.textContent") == "as a calendar"
    [said] = await page.get_by_text("These hours have been brought up to date.").all()
    assert await said.get_attribute("role") == "status"


async def test_a_board_shows_who_takes_a_seat_unless_its_reader_writes(
    site: Site, page: Page
) -> None:
    await come_in(site, page, "coordinator")
    await page.goto(f"{site.url}/board/{site.slug}?week={site.week}")
    await page.evaluate(f"{STILL} = true")
    worker = site.people["worker"]
    assert await page.get_by_text(worker.handle.display).count() == 0
    weeks = page.get_by_label("How many weeks to plan")
    await weeks.fill("9")

    claim = await take(site, "worker")

    offered = page.get_by_text("Something here has changed since you began.")
    await offered.wait_for()
    assert await weeks.input_value() == "9"
    assert await page.get_by_text(worker.handle.display).count() == 0
    assert await page.evaluate(STILL)
    await offered.get_by_role("link", name="Show it").click()
    await page.get_by_text(worker.handle.display).wait_for()
    await page.evaluate(f"{STILL} = true")

    async with door(site.engine) as session:
        await release_claim(session, worker.asker, claim, current_time())

    await page.get_by_text(worker.handle.display).wait_for(state="detached")
    assert await page.evaluate(STILL)


async def test_a_page_in_the_background_catches_up_when_it_is_looked_at(
    site: Site, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    changes = f"/open/{site.slug}/changes"
    # the stream's first word, after which the page looks whether it missed something
    async with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        await page.goto(f"{site.url}/open/{site.slug}")
    await page.evaluate(HIDDEN)
    before = len(asked)

    await begin(site)
    async with page.expect_request(lambda request: changes in request.url):
        await page.evaluate(SEEN)

    await page.get_by_text("Open now").wait_for()
    [again, *rest] = asked[before:]
    assert again.startswith(f"{changes}?since=")
    assert rest == [f"/open/{site.slug}"]


async def test_a_week_shows_that_somebody_has_given_a_seat_back(site: Site, page: Page) -> None:
    await come_in(site, page, "worker")
    await page.goto(f"{site.url}/week?week={site.week}")
    assert await page.get_by_role("button", name="Take: lead").count() == 0
    await page.evaluate(f"{STILL} = true")

    colleague = site.people["colleague"]
    async with door(site.engine) as session:
        lead = select(Claim.id).join(Seat).where(Seat.shift_id == site.gap.id, Seat.role == "lead")
        [claim] = await session.scalars(lead)
        await release_claim(session, colleague.asker, claim, current_time())

    await page.get_by_role("button", name="Take: lead").wait_for()
    assert await page.evaluate(STILL)


async def test_a_start_page_shows_a_notice_and_that_it_is_over(site: Site, page: Page) -> None:
    await page.goto(f"{site.url}/")
    assert await page.locator("script").count() == 0
    await come_in(site, page, "worker")
    await page.goto(f"{site.url}/")
    await page.evaluate(f"{STILL} = true")
    about = new_id()
    async with door(site.engine) as session:
        worker = site.people["worker"].asker.person_id
        text = "Please look at the plan: a word of this test."
        await leave(
            session, person_id=worker, code="told", text=text, now=current_time(), about=about
        )

    await page.get_by_text(text).wait_for()
    async with door(site.engine) as session:
        mine = Notice.about == about
        await session.execute(update(Notice).where(mine).values(seen_at=current_time()))

    await page.get_by_text(text).wait_for(state="detached")
    assert await page.evaluate(STILL)


async def test_a_plan_that_is_being_made_shows_when_it_is_ready(site: Site, page: Page) -> None:
    plan = await site.order()
    await come_in(site, page, "coordinator")
    await page.goto(f"{site.url}/plans/{site.slug}/{plan}")
    await page.get_by_text("Being made; it has just begun.").wait_for()
    await page.evaluate(f"{STILL} = true")

    await make_plan(site.engine, {"plan": str(plan)}, 2)

    await page.get_by_text("with this plan").wait_for()
    assert await page.evaluate(STILL)


async def read_from(site: Site, node_id: str, read: int, last: int) -> None:
    """Let a partner's feed be read so far, of so much that it has said."""
    now = current_time()
    epoch = str(site.pool)
    head = Head(
        feed="private",
        epoch=epoch,
        seq=read,
        hash="",
        last=last,
        recalls_hash="",
        at=now,
        expires=now,
    )
    async with door(site.engine) as session:
        found = await session.scalar(select(FeedCursor).where(FeedCursor.node_id == node_id))
        if found is None:
            found = FeedCursor(
                node_id=node_id,
                feed_id=site.pool,
                kind="private",
                subject=node_id,
                epoch=epoch,
                seq=0,
                hash=b"",
            )
            session.add(found)
        found.seq, found.head = read, f".{text_of(msgspec.json.encode(head))}."


@pytest.mark.parametrize("reloading", [False, True])
async def test_reading_a_new_partner_shows_how_far_it_is(
    site: Site, page: Page, *, reloading: bool
) -> None:
    node_id = await met(site)
    async with door(site.engine) as session:
        (await session.get_one(Partner, node_id)).state = "joined"
    await come_in(site, page, "reviewer")
    await page.goto(f"{site.url}/partners/{node_id}")
    await page.get_by_text("Nothing yet. What they tick for you").wait_for()
    await page.evaluate(f"{STILL} = true")

    for read in (100, 250):
        await read_from(site, node_id, read, 400)
        if reloading:
            await page.reload()
        await page.get_by_text(f"Being read: {read} of 400 messages so far.").wait_for()
    await read_from(site, node_id, 400, 400)
    if reloading:
        await page.reload()

    await page.get_by_text("Being read").wait_for(state="detached")
    assert await page.get_by_text("400 messages read").count() == 1
    assert bool(await page.evaluate(STILL)) is not reloading


async def test_who_is_offline_sees_of_when_the_page_is(site: Site, page: Page) -> None:
    # a public page looks after its stream's first word; a board's stream knows what is shown
    for path, last in ((f"/open/{site.slug}", "fetch"), (f"/board/{site.slug}", "eventsource")):
        if path.startswith("/board"):
            await come_in(site, page, "coordinator")
        await see_answered(page, site.url + path, last)
        said = page.get_by_text("You are offline; what you see is from")
        assert await said.is_hidden()
        await page.context.set_offline(True)
        await said.wait_for()
        assert re.search(r"from \d\d:\d\d", await said.inner_text())
        await page.context.set_offline(False)
        await said.wait_for(state="hidden")


async def test_an_import_shows_how_far_it_is_and_what_came_of_it(site: Site, page: Page) -> None:
    async with door(site.engine) as session:
        asker = site.people["coordinator"].asker
        run = await begin_import(session, asker, site.pool, 300, current_time())
    await come_in(site, page, "coordinator")
    await page.goto(f"{site.url}/records/import/{site.slug}")
    await page.get_by_text("A table is being taken in: 0 of 300 rows read.").wait_for()
    await page.get_by_role("link", name="Show how far it is").click()
    await page.get_by_text("0 of 300 rows read").wait_for()
    await page.evaluate(f"{STILL} = true")

    async with door(site.engine) as session:
        await note_rows(session, run, 120, current_time())

    await page.get_by_text("120 of 300 rows read").wait_for()
    assert await page.get_by_role("progressbar").evaluate("bar => bar.value") == 120
    async with door(site.engine) as session:
        await refuse_import(session, run, NothingToTake.title, current_time())
    await page.get_by_text("No row can be taken as it is.").wait_for()
    await page.get_by_text("Nothing of this table was taken in.").wait_for()
    assert await page.evaluate(STILL)
