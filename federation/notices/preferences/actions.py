from dataclasses import asdict
from datetime import datetime, time
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.notices.preferences.errors import NotAChoice
from federation.notices.preferences.models import NoticeChannel, NoticePreference
from federation.notices.preferences.rules import (
    CHANNELS,
    DEFAULT_REMINDER_AT,
    LANGUAGES,
    RHYTHMS,
    Wish,
)
from federation.permissions.rules import Asker, require_write

WEEKDAYS = range(7)


async def choose_words_and_clock(
    session: AsyncSession,
    asker: Asker,
    *,
    language: str | None,
    zone: str | None,
    reminders: bool,
    reminder_at: time,
    now: datetime,
) -> None:
    """Keep in which language and zone somebody is told, and whether they are reminded."""
    require_write(asker)
    if language is not None:
        _require_language(language)
    if zone is not None and zone not in available_timezones():
        raise NotAChoice("There is no such time zone. Write it as in Europe/Amsterdam.")
    chosen = {
        "language": language,
        "zone": zone,
        "reminders": reminders,
        "reminder_at": reminder_at,
    }
    await session.execute(
        insert(NoticePreference)
        .values(person_id=asker.person_id, **chosen)
        .on_conflict_do_update(index_elements=[NoticePreference.person_id], set_=chosen)
    )
    await _record(session, asker.person_id, now)


async def choose_language(
    session: AsyncSession, asker: Asker, language: str, now: datetime
) -> None:
    """Keep in which language somebody reads pages and is told of changes."""
    require_write(asker)
    _require_language(language)
    others = {"reminders": False, "reminder_at": DEFAULT_REMINDER_AT}
    await session.execute(
        insert(NoticePreference)
        .values(person_id=asker.person_id, language=language, **others)
        .on_conflict_do_update(
            index_elements=[NoticePreference.person_id], set_={"language": language}
        )
    )
    await _record(session, asker.person_id, now)


def _require_language(language: str) -> None:
    if language not in LANGUAGES:
        raise NotAChoice("Pages and notices are in English, Dutch or Romanian: en, nl or ro.")


async def choose_channel(
    session: AsyncSession, asker: Asker, channel: str, wish: Wish, now: datetime
) -> None:
    """Keep when one channel may speak to somebody."""
    require_write(asker)
    known = channel in CHANNELS and wish.rhythm in RHYTHMS
    if not known or wish.digest_weekday not in WEEKDAYS:
        raise NotAChoice
    await keep_channel(session, asker.person_id, channel, wish)
    await _record(session, asker.person_id, now)


async def keep_channel(session: AsyncSession, person_id: UUID, channel: str, wish: Wish) -> None:
    """Write a channel's row; who may do so has been asked by the caller."""
    chosen = asdict(wish)
    await session.execute(
        insert(NoticeChannel)
        .values(person_id=person_id, channel=channel, **chosen)
        .on_conflict_do_update(constraint="pk_notice_channel", set_=chosen)
    )


async def forget_preferences(session: AsyncSession, person_id: UUID) -> None:
    """Erase what somebody wished."""
    for table in (NoticeChannel, NoticePreference):
        await session.execute(delete(table).where(table.person_id == person_id))


async def _record(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    await record(
        session,
        actor=person_id,
        verb="notice-preferences.chosen",
        subject="person",
        subject_id=person_id,
        now=now,
    )
