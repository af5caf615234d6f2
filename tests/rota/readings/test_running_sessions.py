from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import follow_texts, look_at_all_readings
from database.session import door
from protocols.items.notices import APPROVAL_ASKED, WAITS
from rota.claims.models import Claim
from rota.readings.running import TEXT, tell_running
from tests.protocols.example_texts import NOW as STATED
from tests.protocols.example_texts import withdraw
from tests.rota.readings.new_texts import NewText, new_text
from tests.rota.world import NOW

URGENT = [("withdrawn-now", TEXT)]


async def withdrawn_in_session(session: AsyncSession) -> NewText:
    """Withdraw the text at 18:00; the session's briefing began at 17:50."""
    new = await new_text(session, STATED + timedelta(minutes=5))
    await new.read()
    await withdraw(session, new.members, new.text, holds_texts={"en": "Stop."})
    return new


async def test_who_sits_in_a_session_is_told_at_once_and_once(session: AsyncSession) -> None:
    new = await withdrawn_in_session(session)
    for _ in range(2):
        await tell_running(session, STATED)
    assert await new.told() == URGENT
    # of the text's approval, before the session
    assert await new.told(new.members.coordinator) == [(APPROVAL_ASKED, WAITS)]


async def test_who_comes_later_sees_it_on_the_page(session: AsyncSession) -> None:
    new = await new_text(session, STATED + timedelta(hours=2))
    await withdraw(session, new.members, new.text, holds_texts={"en": "Stop."})
    for at in (STATED, STATED + timedelta(hours=2)):
        await tell_running(session, at)
    assert await new.told() == []


async def test_what_is_over_concerns_nobody(session: AsyncSession) -> None:
    new = await withdrawn_in_session(session)
    await tell_running(session, STATED + timedelta(hours=3))
    assert await new.told() == []


async def test_the_worker_does_it_all(committing_engine: AsyncEngine) -> None:
    """What the outbox leads to after a text has changed: told, reminded, the seat vacated."""
    async with door(committing_engine) as session:
        new = await new_text(session, reading_days=0)
    await follow_texts(committing_engine, {}, NOW)
    again = await look_at_all_readings(committing_engine, {}, NOW)
    async with door(committing_engine) as session:
        claim = await session.get_one(Claim, new.claim)
        assert claim.state == "released"
    assert again is not None
