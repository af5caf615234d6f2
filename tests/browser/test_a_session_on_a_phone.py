"""The one page around a session, without JavaScript; and what coordinators set for it."""

from datetime import timedelta

from api.parts import current_time
from database.session import door
from rota.session_details.models import SessionSetting
from rota.shifts.models import Shift
from tests.browser.site import Site
from tests.browser.visitor import Visitor


async def signed_in(visitor: Visitor, site: Site, name: str) -> None:
    await visitor.see(await site.link(name))
    await visitor.press("Sign in")


async def furnish(site: Site) -> None:
    async with door(site.engine) as session:
        session.add(
            SessionSetting(
                pool_id=site.pool,
                meeting_link="https://meet.example.org/room",
                contact_label="Duty line",
                contact_number="+44 191 498 0123",
                conversations_at_once=2,
                never_alone=True,
            )
        )


async def test_a_worker_goes_through_a_session_on_its_page(site: Site, visitor: Visitor) -> None:
    await furnish(site)
    await signed_in(visitor, site, "worker")
    shown = await visitor.follow("Now")
    assert "It should have begun." in shown
    assert "Duty line, +44 191 498 0123" in shown
    assert "At most 2 conversations at once" in shown
    assert site.people["colleague"].handle.display in shown
    await visitor.no_barriers()
    alone = await visitor.press("Check in")
    assert "Please pause." in alone
    await visitor.no_barriers()
    called = await visitor.press("Call the supervisor")
    assert "has been asked. If nobody answers, the next one is asked by itself." in called
    await visitor.page.fill("#text", "Ring 07700 900123 back.")
    refused = await visitor.press("Leave this note", status=422)
    assert "This looks like a telephone number: line 1, from character 6 to 17." in refused
    await visitor.no_barriers()
    await visitor.follow("Back to where you were")
    await visitor.page.fill("#text", "Tax came up often.")
    assert "Your note for the next session." in await visitor.press("Leave this note")
    await visitor.no_barriers()
    assert "Tax came up often." not in await visitor.press("Erase this note")
    assert "We are free again" in await visitor.press("No more chats for now")
    ended = await visitor.press("End the session")
    assert "The public page says that nobody is there." in ended
    await visitor.no_barriers()
    assert "You had the debrief at" in await visitor.press("I had the debrief")


async def test_late_not_at_all_and_giving_up(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.follow("Now")
    await visitor.unfold("I am late")
    assert "late, expected" in await visitor.press("I am late")
    await visitor.unfold("It did not take place")
    await visitor.no_barriers()
    missed = await visitor.press("It did not take place")
    assert "It did not take place: there were too few of us." in missed
    await visitor.unfold("I cannot do it after all")
    gone = await visitor.press("Yes, I give up my seat")
    assert "You have given up your seat" in gone
    assert "Too few people are left" in gone
    await visitor.no_barriers()
    await visitor.see(f"/shifts/{site.running}/now", status=404)


async def test_nobody_else_sees_the_session(site: Site, visitor: Visitor) -> None:
    await furnish(site)
    await signed_in(visitor, site, "coordinator")
    hidden = await visitor.see(f"/shifts/{site.running}/now", status=404)
    assert "meet.example.org" not in hidden
    assert "Duty line" not in hidden
    await visitor.no_barriers()
    await visitor.see("/now")
    await visitor.no_barriers()


async def test_a_coordinator_takes_the_call_that_nobody_took(site: Site, visitor: Visitor) -> None:
    # there is no supervisor and no deputy, so the coordinator is asked at once
    await signed_in(visitor, site, "worker")
    await visitor.follow("Now")
    await visitor.press("Call the supervisor")
    await visitor.press("Sign out")
    await signed_in(visitor, site, "coordinator")
    waiting = await visitor.follow("Now")
    assert "Somebody asks for you" in waiting
    await visitor.no_barriers()
    assert "Somebody asks for you" not in await visitor.press("I take this call")


async def test_a_coordinator_sets_what_people_need(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/board/{site.slug}/sessions")
    await visitor.no_barriers()
    await visitor.page.fill("#pool-contact_label", "Duty line")
    await visitor.page.fill("#pool-contact_number", "0191 498 0123")
    refused = await visitor.press("Keep this", status=422)
    assert "Write the number with its country" in refused
    assert "Confirm that this contact is the organisation's and nobody's own." in refused
    await visitor.follow("Back to where you were")
    await visitor.page.fill("#pool-contact_label", "Duty line")
    await visitor.page.fill("#pool-contact_number", "+441914980123")
    await visitor.page.check("input[name=organisational]")
    await visitor.press("Keep this")
    assert await visitor.page.input_value("#pool-contact_number") == "+44 191 498 0123"


async def test_the_list_of_near_sessions(site: Site, visitor: Visitor) -> None:
    async with door(site.engine) as session:
        gap = await session.get_one(Shift, site.gap.id)
        gap.starts = current_time() + timedelta(hours=3)
        gap.ends = gap.starts + timedelta(hours=2)
    await signed_in(visitor, site, "colleague")
    shown = await visitor.follow("Now")
    assert shown.count("Open this session") == 2
    await visitor.no_barriers()
