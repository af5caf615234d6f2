"""A speaker agrees on a phone that their language is shown, and takes it back."""

from sqlalchemy import update

from api.parts import current_time
from database.session import door
from federation.people.models import Handle
from rota.open_hours.fixed_slots.actions import propose_slot
from rota.shifts.models import Shift
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import Visitor


async def test_a_speaker_agrees_and_takes_it_back(site: Site, visitor: Visitor) -> None:
    worker = site.people["worker"]
    async with door(site.engine) as session:
        gap = update(Shift).where(Shift.id == site.gap.id)
        await session.execute(gap.values(series="tue-19", languages=["ro"]))
        mine = update(Handle).where(Handle.id == worker.handle.id)
        await session.execute(mine.values(languages=["en", "ro"]))
        coordinator = site.people["coordinator"].asker
        await propose_slot(session, coordinator, site.pool, "tue-19", "ro", current_time())
    await signed_in(visitor, site, "worker")
    assert "You are asked about a regular session." in await visitor.see("/")
    await visitor.see("/week")
    languages = await visitor.follow_starting("Your languages on the public page")
    assert "you have not agreed" in languages
    await visitor.no_barriers()
    assert "you agree" in await visitor.press("I agree")
    await visitor.no_barriers()
    assert "you have not agreed" in await visitor.press("Take it back")


async def test_a_planner_proposes_and_ends_on_a_phone(site: Site, visitor: Visitor) -> None:
    async with door(site.engine) as session:
        gap = update(Shift).where(Shift.id == site.gap.id)
        await session.execute(gap.values(series="tue-19", languages=["nl"]))
    await signed_in(visitor, site, "coordinator")
    await visitor.see(f"/board/{site.slug}/languages")
    await visitor.page.get_by_label("Language and series").select_option("nl tue-19")
    assert "not shown: not all agree" in await visitor.press("Ask them")
    await visitor.no_barriers()
    assert "Nothing is proposed." in await visitor.press("End this")
    await visitor.no_barriers()
