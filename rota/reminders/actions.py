from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify, withdraw
from federation.notices.messages.rules import REMINDER
from federation.notices.preferences.models import NoticePreference
from rota.reminders.queries import Reminded, seats_ahead, who_is_reminded
from rota.reminders.rules import Held, has_tomorrow, turn

TEXT = "There is something in your plan tomorrow."


async def remind(session: AsyncSession, now: datetime) -> None:
    """Remind everybody whose time has come and who wants it, once a day.

    Looked up from the seats held at that moment, so that it moves and falls away with them.
    """
    people = await who_is_reminded(session)
    seats = await seats_ahead(session, [each.person_id for each in people], now)
    for each in people:
        await _remind(session, each, seats.get(each.person_id, []), now)


async def _remind(
    session: AsyncSession, person: Reminded, seats: list[Held], now: datetime
) -> None:
    its_turn = turn(now, person.zone, person.at)
    if its_turn is None:
        return
    wanted, done = has_tomorrow(its_turn, person.zone, seats), person.last == its_turn.day
    if wanted and not done:
        await _note(session, person.person_id, its_turn.day)
        await notify(session, person_id=person.person_id, code=REMINDER, text=TEXT, now=now)
    if done and not wanted:
        await _note(session, person.person_id, None)
        await withdraw(session, person_id=person.person_id, code=REMINDER, now=now)


async def _note(session: AsyncSession, person_id: UUID, day: date | None) -> None:
    await session.execute(
        update(NoticePreference)
        .where(NoticePreference.person_id == person_id)
        .values(reminded_for=day)
    )
