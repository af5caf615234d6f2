"""What coordinators do on pages, in a real browser without JavaScript."""

from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from federation.pools.models import Channel
from tests.api.counted import WEEK, count_a_tuesday, this_monday
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor
from tests.rota.world import ExamplePool


async def test_a_coordinator_subscribes_to_a_pool(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.follow("My calendar")
    choice = visitor.page.get_by_label("What it shows")
    await choice.select_option(f"pool:{site.slug}")
    assert f"{site.url}/calendar/" in await visitor.press("Make an address")
    assert f"sessions of {site.slug}" in await visitor.follow("Back to my calendars")
    await visitor.no_barriers()


async def test_a_coordinator_reads_gaps_and_reasons_and_assigns(
    site: Site, visitor: Visitor
) -> None:
    await site.plan()
    await signed_in(visitor, site, "coordinator")
    board = await visitor.see(f"/board/{site.slug}?week={site.week}")
    assert "Short of 1 more worker and an on-call supervisor, so not on the public page." in board
    assert site.people["colleague"].handle.display in board
    await visitor.no_barriers()
    await visitor.see(site.closer)
    await visitor.unfold("Why the plan left it free")
    reasons = await visitor.look()
    assert "This session does not open in this plan" in reasons
    await visitor.no_barriers()
    assert "What could fill the gap" in reasons
    asks = await visitor.follow("Words to ask your group or a partner")
    assert "It names a day and a time, and no place, pool or person." in asks
    await visitor.no_barriers()
    await visitor.follow("Back to the session")
    await visitor.unfold("Ask others to take it")
    await visitor.unfold("Give it back for them")
    await visitor.no_barriers()
    await visitor.unfold("Assign one of your people")
    who = visitor.page.get_by_label("Who takes this seat?").first
    await who.select_option(site.people["worker"].handle.display)
    assigned = await visitor.press("Assign")
    assert "Short of an on-call supervisor, so not on the public page." in assigned
    assert site.people["worker"].handle.display in assigned
    await visitor.no_barriers()
    empty = await visitor.see(f"/board/{site.slug}?week=2020-01-06")
    assert "There is no shift this week" in empty
    await visitor.no_barriers()


async def test_a_coordinator_attests_a_training_and_withdraws_it(
    site: Site, visitor: Visitor
) -> None:
    await signed_in(visitor, site, "coordinator")
    before = await visitor.see("/trainings")
    await visitor.no_barriers()
    assert "Night shifts" not in before
    form = visitor.page.get_by_role("main")
    await form.get_by_label("Which").fill("Night shifts")
    await form.get_by_label("Last valid day").fill("2099-12-31")
    attested = await visitor.press("Attest")
    assert "Night shifts: valid" in attested
    await visitor.unfold("Withdraw Night shifts")
    await visitor.look()
    await visitor.no_barriers()
    assert "Night shifts: withdrawn" in await visitor.press("Yes, withdraw it")


async def test_a_coordinator_erases_who_has_left(site: Site, visitor: Visitor) -> None:
    leaver = site.people["colleague"]
    async with door(site.engine) as session:
        who = leaver.asker.person_id
        await let_go(session, OPERATOR, person_id=who, now=current_time())
    await signed_in(visitor, site, "coordinator")
    await visitor.see("/trainings")
    left = await visitor.follow("People who have left, and erasing who they were")
    assert leaver.handle.display in left
    await visitor.page.get_by_role("main").locator("summary").first.click()
    await visitor.no_barriers()
    await visitor.page.get_by_label("The handle, to be sure").fill(leaver.handle.display)
    erased = await visitor.press("Erase for good")
    assert (leaver.handle.display in erased, "No partner knew them." in erased) == (False, True)
    await visitor.no_barriers()


async def test_a_coordinator_sees_what_is_covered(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    shown = await visitor.see(f"/coverage/{site.slug}?week={site.week}")
    assert "Gaps ahead" in shown
    assert "free: Second, On-call supervisor" in shown
    await visitor.no_barriers()
    await visitor.unfold("The same as a table")
    await visitor.look()
    await visitor.no_barriers()
    assert "Hours in the week from each Monday" in await visitor.see("/hours")
    await visitor.no_barriers()


async def test_a_coordinator_shares_what_was_counted(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/coverage/{site.slug}?week={site.week}")
    before = await visitor.follow("What members have counted")
    assert "Nobody outside your project sees any of your counts." in before
    await visitor.unfold("The last whole month, as an example")
    await visitor.look()
    await visitor.no_barriers()
    assert "Coordinators of all members see your sums" in await visitor.press(
        "Share from this month on"
    )
    await visitor.no_barriers()
    await visitor.press("Share no further month")


async def test_a_coordinator_sees_when_people_write(site: Site, visitor: Visitor) -> None:
    async with door(site.engine) as session:
        channel = await session.scalar(
            select(Channel.id).where(Channel.pool_id == site.pool, Channel.slug == "live-chat")
        )
    assert channel
    pool = ExamplePool(site.pool, site.slug, channel, site.people["coordinator"].asker)
    await count_a_tuesday(site.engine, pool, site.people["worker"].asker)
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/coverage/{site.slug}?week={site.week}")
    shown = await visitor.follow("When people write")
    assert "Romanian: 1 turned away, 0 talked with; spoken in no open session" in shown
    await visitor.no_barriers()
    await visitor.unfold("The same as a table")
    await visitor.no_barriers()
    await visitor.page.get_by_label("From the week of").fill(str(this_monday() - 2 * WEEK))
    await visitor.page.get_by_label("Because of").select_option("campaign")
    assert "so there is nothing to go by" in await visitor.press("Leave them out")
    await visitor.no_barriers()


async def test_a_coordinator_keeps_the_services(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see("/signposts/new")
    await visitor.no_barriers()
    await visitor.page.get_by_label("Name").fill("Night line")
    await visitor.page.get_by_label("Phone").fill("116 123")
    assert "Night line" in await visitor.press("Keep")
    await visitor.no_barriers()
    await visitor.see("/signposts/import")
    await visitor.no_barriers()
    await visitor.page.get_by_label("File").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": b"name,phone\nClinic,999\nNo way,\n"}
    )
    assert "Nothing has been changed yet." in await visitor.press("Show what it would do")
    await visitor.no_barriers()
    assert "Done." in await visitor.press("Do it")
    await visitor.no_barriers()
    assert "What people say of your answers" in await visitor.see("/answers/remarks")
    await visitor.no_barriers()
