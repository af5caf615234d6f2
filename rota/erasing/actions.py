"""Erasing somebody who has left: what the rota keeps of them, at home and at their hosts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.erasing import actions
from federation.people.models import Person
from federation.people.rules import Operator
from federation.permissions.rules import Asker
from protocols.comments.actions import erase_comments_of
from protocols.favourites.actions import forget_choices
from rota.availability.models import DatedWindow, Leave, WeeklyWindow
from rota.busy_times.models import BusyCalendar
from rota.calendar.models import CalendarAddress
from rota.claims.models import Claim, KeptAnswer
from rota.erasing.words import erase_reasons, erase_words
from rota.offers.models import Offer
from rota.passport.models import ToolAccount, Training
from rota.session_details.models import SessionSetting
from rota.swaps.models import SwapOffer
from rota.waiting.models import WaitingEntry

OWN = (WeeklyWindow, DatedWindow, Leave, BusyCalendar, Training, KeptAnswer)
"""Of nobody's use without the person."""
ABOUT_A_HANDLE = (Offer, ToolAccount, WaitingEntry)


async def erase_person(
    session: AsyncSession, asker: Asker | Operator, person_id: UUID, now: datetime
) -> None:
    """Erase somebody who has left; what their hosts hold of them goes as soon as they hear of it.

    What stays stands under ids that lead to nobody: which seats were held, who decided what.
    """
    person = await actions.require_left(session, asker, person_id)
    await _erase(session, person, now)
    await actions.note_erased(session, asker, person_id, now)


async def erase_leaver(
    session: AsyncSession, asker: Asker, person_id: UUID, typed: str, now: datetime
) -> None:
    """Erase somebody as their coordinator, who has typed a handle of theirs; once is enough."""
    person = await actions.require_left(session, asker, person_id)
    if person.erased_at is None:
        await actions.require_typed(session, person, typed)
        await erase_person(session, asker, person_id, now)


async def erase_again(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Erase somebody whom a backup knows still."""
    person = await session.get(Person, ended.subject_id, with_for_update={"key_share": True})
    if person is not None:
        person.left_at = person.left_at or now
        await _erase(session, person, now)
        person.erased_at = ended.at


async def _erase(session: AsyncSession, person: Person, now: datetime) -> None:
    for kind in OWN:
        await session.execute(delete(kind).where(kind.person_id == person.id))
    await session.execute(
        update(CalendarAddress)
        .where(CalendarAddress.person_id == person.id)
        .values(label="", name="", title="", body=b"", etag="")
    )
    await erase_words(session, person.id)
    await erase_comments_of(session, person.id, now)
    await forget_choices(session, person.id)
    await actions.erase_whom(session, person, now)


async def receive_erased(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """As a host: leave of a handle only its id, and say that it is done."""
    handle_id = await actions.receive_erased(session, home, payload, now)
    if handle_id is not None:
        await _forget_wishes(session, handle_id)
        await erase_reasons(session, Claim.handle_id == handle_id)
    await actions.confirm(session, home, payload, now)


async def _forget_wishes(session: AsyncSession, handle_id: UUID) -> None:
    for kind in ABOUT_A_HANDLE:
        await session.execute(delete(kind).where(kind.handle_id == handle_id))
    await session.execute(
        update(SessionSetting)
        .where(SessionSetting.deputy_handle_id == handle_id)
        .values(deputy_handle_id=None)
    )
    await session.execute(
        update(SwapOffer).where(SwapOffer.to_handle_id == handle_id).values(to_display=None)
    )
