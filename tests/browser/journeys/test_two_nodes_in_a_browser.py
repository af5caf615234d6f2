"""Three people on two nodes and a visitor who asks for nothing: whole stories, page by page.

Every story is told twice, with scripts and without. What a page then says by itself it says without
them when it is loaded again; whatever people press is the same.
"""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from api.demo import sharing
from api.demo.cast import POOL, ZONE
from api.demo.rota import first_monday
from api.demo.stage import clock
from tests.browser.journeys.conftest import World
from tests.browser.journeys.texts import answer, protocol
from tests.browser.visitor import DESKTOP, PHONE, Visitor

PUBLIC = f"/open/{POOL}"
WANTED = "Somebody is wanted for a time that may suit you. Please look in your plan."
NOBODY_FOUND = "Somebody is wanted, and nobody has been found yet. Please look at the board."


async def drop_out(visitor: Visitor, shift: object) -> str:
    await visitor.see(f"/shifts/{shift}/now")
    await visitor.unfold("I cannot do it after all")
    return await visitor.press("Yes, I give up my seat")


async def test_a_month_is_planned_compared_and_published(world: World) -> None:
    north = world.places.north
    first = first_monday(clock()) + timedelta(weeks=0 if world.scripts else 4)
    desk = await world.sign_in(north, world.places.coordinator(north), DESKTOP)
    before = await desk.see(f"/board/{POOL}?week={first}")
    assert "Short of 2 more workers and an on-call supervisor" in before
    assert "Being made" in await desk.press("Make a plan")
    compared = await world.shows(desk, "Now 0.0 open hours, with this plan 108.0.")
    assert "(Grachtteam) gains the seat." in compared
    assert "19:00 to 21:00 Live chat" in compared
    assert "They are held once each person's own project confirms." in compared
    board = await desk.press("Publish this plan")
    assert f"week from {first.day} " in board
    await world.places.agree()
    kept = await world.shows(desk, "Grachtteam", gone="offered")
    # the cast has no supervisor on Saturday mornings
    assert kept.count("not complete") == 1


async def test_a_seat_is_taken_in_two_taps_given_back_late_and_covered_by_a_partner(
    world: World,
) -> None:
    places = world.places
    north, south = places.north, places.south
    lead, gone = [await places.newcomer(north, "worker") for _ in range(2)]
    wren, noor = await places.newcomer(north, "worker"), await places.newcomer(south, "worker")
    tonight = await places.session("lead", "second")
    await places.sit(north, lead, tonight.seats["lead"])
    await places.sit(north, gone, tonight.seats["second"])
    await places.let_pass(tonight, timedelta())
    public = await world.come(north, PHONE)
    phone = await world.sign_in(north, wren, PHONE)
    desk = await world.sign_in(north, places.coordinator(north), DESKTOP)
    afar = await world.sign_in(south, noor, PHONE)
    assert tonight.channel in await public.see(PUBLIC)

    first = await world.sign_in(north, gone, PHONE)
    assert "Too few people are left" in await drop_out(first, tonight.shift)
    await world.shows(public, gone=tonight.channel)
    await world.finds(phone, "/", WANTED)
    phone.taps.clear()
    await phone.follow("Show it")
    taken = await phone.press("Take: second")
    assert len(phone.taps) == 2
    assert f"{tonight.channel}, second yours" in taken
    await world.shows(public, tonight.channel)

    await places.agree()
    await places.let_pass(tonight, timedelta())
    assert "Too few people are left" in await drop_out(phone, tonight.shift)
    await world.shows(public, gone=tonight.channel)
    await world.finds(desk, "/", NOBODY_FOUND)
    closer = await desk.follow("Show it")
    assert "Short of 1 more worker, so not on the public page." in closer
    assert "Others are asked to take it." in closer
    await places.agree()
    await world.finds(afar, "/", WANTED)
    afar.taps.clear()
    await afar.follow("Show it")
    await afar.press("Take: second")
    assert len(afar.taps) == 2
    await world.shows(afar, f"{tonight.channel}, second yours")
    await world.shows(public, tonight.channel)
    await desk.page.reload()
    assert "Grachtteam" in await desk.look()


async def test_the_public_page_follows_a_session_and_forgets_one_that_is_called_off(
    world: World,
) -> None:
    places = world.places
    north, south = places.north, places.south
    robin, noor = await places.newcomer(north, "worker"), await places.newcomer(south, "worker")
    others = [await places.newcomer(north, "worker") for _ in range(2)]
    later = await places.session("lead", "second")
    for asker, seat in zip(others, later.seats.values(), strict=True):
        await places.sit(north, asker, seat)
    running = await places.running(robin, noor)
    public = await world.come(north, PHONE)
    phone = await world.sign_in(north, robin, PHONE)
    afar = await world.sign_in(south, noor, PHONE)
    desk = await world.sign_in(north, places.coordinator(north), DESKTOP)
    shown = await public.see(PUBLIC)
    assert "Nobody is there at the moment" in shown
    assert later.channel in shown
    await public.page.evaluate("window.stillTheSamePage = true")

    assert "It should have begun." in await phone.follow("Now")
    assert "The public page says: open now." in await phone.press("Check in")
    await world.shows(public, f"Open now {running.channel}, until")
    await world.finds(afar, "/now", "The public page says: open now.")
    await afar.press("Check in")
    # who comes later than this would be free for somebody
    await places.agree()
    await phone.press("No more chats for now")
    await world.shows(public, "Everybody is talking to somebody at the moment.")
    ended = await phone.press("End the session")
    assert "The public page says that nobody is there." in ended
    await world.shows(public, "Nobody is there at the moment")

    await desk.see(f"/board/{POOL}/shifts/{later.shift}")
    await desk.follow_starting("Change or call off")
    await desk.unfold("Call off this session")
    await desk.press("Yes, call it off")
    await world.shows(public, gone=later.channel)
    assert await public.page.evaluate("window.stillTheSamePage === true") is world.scripts


async def test_a_record_is_kept_by_phone_and_its_sum_is_the_coordinators(world: World) -> None:
    places = world.places
    north = places.north
    robin = await places.newcomer(north, "worker")
    noor = await places.newcomer(places.south, "worker")
    running = await places.running(robin, noor)
    phone = await world.sign_in(north, robin, PHONE)
    await phone.follow("Now")
    assert "What was, never who" in await phone.follow("Record of this session")
    tax = phone.page.get_by_label("Tax")
    await tax.check()
    if world.scripts:
        await without_connection(phone, "Add this contact")
        assert await tax.is_checked()
    counted = await phone.press("Add this contact")
    assert "Not done yet: say below how the session was." in counted
    await phone.page.get_by_label("Busy").check()
    done = await phone.press("This record is done")
    assert "This record is done and counts. You can still change it." in done
    desk = await world.sign_in(north, places.coordinator(north), DESKTOP)
    records = await desk.see("/records")
    assert f"{running.channel}\n\nNight and Day Chat. Busy, 1 contact." in records
    await desk.see(f"/coverage/{POOL}")
    await desk.follow("Report: what came of it")
    month = f"{running.starts.astimezone(ZoneInfo(ZONE)):%Y-%m}"
    await desk.page.get_by_label("From the month").fill(month)
    await desk.page.get_by_label("To the month").fill(month)
    report = await desk.press("Show")
    so_far = 1 if world.scripts else 2
    assert re.search(rf"Contacts\t{so_far}\b", report), so_far


async def without_connection(phone: Visitor, button: str) -> None:
    """Press a button where there is no connection, lose the page, and come back with one."""
    await phone.page.context.set_offline(True)
    await phone.page.get_by_role("button", name=button).click()
    await phone.page.get_by_role("alert").wait_for()
    assert "There is no connection. What you chose is still here" in await phone.look()
    await phone.page.context.set_offline(False)
    phone.complaints.clear()
    await phone.page.reload()


async def say_it_otherwise(visitor: Visitor) -> None:
    await visitor.follow_starting("Say it in our words")
    await visitor.page.get_by_label("Our words in English").fill("Answer within three days.")
    await visitor.page.get_by_label("Why do we differ here?").fill("We are fewer.")
    await visitor.press("Keep it in the draft")
    assert "somebody else approves it" in await visitor.press("Ask for approval")


async def write_the_next_version(visitor: Visitor, title: str) -> None:
    await visitor.see("/texts")
    await visitor.follow(title)
    await visitor.follow("Write on it")
    await visitor.page.get_by_label("Words of part 1").fill("Answer on the same day.")
    await visitor.press("Save")
    assert "somebody else approves it" in await visitor.press("Ask for a review")


async def test_both_sides_changed_one_part_and_a_person_decides(world: World) -> None:
    places = world.places
    north, south = places.north, places.south
    title = f"Moderating {'boards' if world.scripts else 'forums'}"
    item = await sharing.write(north, protocol(title))
    await sharing.publish(north, item.id)
    await places.agree()
    await sharing.take_up(south, "gracht-team", item.urn, {})
    second = await places.newcomer(south, "reviewer", "worker")
    reader = await places.newcomer(south, "worker")
    theirs = await world.sign_in(south, places.coordinator(south), DESKTOP)
    eyes = await world.sign_in(south, second, DESKTOP)
    adopted = f"/adopted/{item.urn.removeprefix('urn:uuid:')}"
    await theirs.see("/adopted")
    await theirs.follow(title)
    await say_it_otherwise(theirs)
    await eyes.see(adopted)
    assert "In use" in await eyes.press("Approve what stands here")
    writer = await world.sign_in(north, north.reviewers["harbour-lights"], DESKTOP)
    await write_the_next_version(writer, title)
    owner = await world.sign_in(north, places.coordinator(north), DESKTOP)
    await owner.see(f"/texts/{item.id}")
    await owner.press("Approve what stands below")
    assert "2.0.0 is out" in await owner.press("Release as version 2.0.0")

    await world.finds(theirs, "/adopted", "Version 2.0.0 is waiting")
    await theirs.follow(title)
    compared = await theirs.follow("Compare version 2.0.0")
    assert "1 part needs your decision." in compared
    assert "Both have changed this part. Decide what holds." in compared
    assert "Why your project differs: We are fewer." in compared
    await theirs.page.get_by_label("Other words, written here").check()
    words = theirs.page.get_by_label("Other words for part 1 in English")
    await words.fill("Answer on the next working day.")
    draft = await theirs.press("Take version 2.0.0 into our draft")
    assert "Your people read version 1.0.0." in draft
    await theirs.press("Ask for approval")
    await eyes.see(adopted)
    live = await eyes.press("Approve what stands here")
    assert "Your people read version 2.0.0." in live
    phone = await world.sign_in(south, reader, PHONE)
    await phone.follow("Protocols")
    read = await phone.follow(title)
    assert "Answer on the next working day." in read
    assert "Nobody is named." in read


async def copied_too_late(world: World, visitor: Visitor) -> str:
    """Copy what has changed since; with scripts the page says so where it stands."""
    if not world.scripts:
        return await visitor.press("Copy", status=409)
    await visitor.page.get_by_role("button", name="Copy").first.click()
    await visitor.page.get_by_text("This answer has changed since you opened it.").wait_for()
    said = await visitor.look()
    visitor.expect(409)
    return said


async def test_a_text_is_recalled_while_somebody_works_with_it(world: World) -> None:
    places = world.places
    north, south = places.north, places.south
    question = f"Can I get a refund {'soon' if world.scripts else 'at all'}?"
    item = await sharing.write(north, answer(question))
    await sharing.publish(north, item.id)
    await places.agree()
    await sharing.take_up(south, "gracht-team", item.urn, {})
    robin, noor = await places.newcomer(north, "worker"), await places.newcomer(south, "worker")
    await places.running(robin, noor)
    sitting = await world.sign_in(south, noor, PHONE)
    assert question not in await sitting.follow("Now")
    copying = await world.sign_in(south, noor, PHONE)
    await copying.follow("Answers")
    await copying.page.get_by_label("What is it about?").fill(question)
    await copying.press("Find")
    await copying.follow_starting(question)

    owner = await world.sign_in(north, places.coordinator(north), DESKTOP)
    await owner.see("/recalls")
    await owner.follow(question)
    await owner.page.get_by_label("Why?").fill("The law has changed.")
    instead = owner.page.get_by_label("What workers do or say instead, in English")
    await instead.fill("Say that you will ask.")
    assert "Not confirmed yet" in await owner.press("Withdraw it now")

    withdrawn = (f"Withdrawn: {question}", "The law has changed.", "Say that you will ask.")
    await world.shows(sitting, *withdrawn, looked_at=True)
    refused = await copied_too_late(world, copying)
    assert "This answer has changed since you opened it. Read what holds now" in refused
    assert "Withdrawn: The law has changed. Use this instead." in refused
    await world.finds(owner, "/recalls", f"{question}, version 1.0.0", "Confirmed by all")
