from dataclasses import dataclass
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.preferences.models import NoticeChannel, NoticePreference
from federation.notices.preferences.rules import (
    CHANNELS,
    Wish,
    language_for,
)
from federation.people.models import Person
from federation.projects.models import Project


@dataclass(frozen=True, slots=True)
class Preferences:
    """All that somebody wishes about notices; `language` and `zone` are None where not chosen."""

    language: str | None
    zone: str | None
    reminders: bool
    reminder_at: time
    channels: dict[str, Wish]
    spoken: str
    """The language in which they are told."""
    clock: ZoneInfo
    """The zone by whose clock they are told."""


async def preferences_of(session: AsyncSession, person_id: UUID) -> Preferences | None:
    """Give what a person of this node wishes; None once they have left. Two reads."""
    row = (
        await session.execute(
            select(Person.languages, func.coalesce(Person.zone, Project.zone), NoticePreference)
            .join(Project, Project.id == Person.project_id)
            .outerjoin(NoticePreference, NoticePreference.person_id == Person.id)
            .where(Person.id == person_id, Person.left_at.is_(None))
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        return None
    languages, zone = row[:2]
    kept: NoticePreference | None = row[2]
    chosen = kept or NoticePreference(person_id=person_id)
    return Preferences(
        language=chosen.language,
        zone=chosen.zone,
        reminders=chosen.reminders,
        reminder_at=chosen.reminder_at,
        channels=await _channels(session, person_id),
        spoken=language_for(chosen.language, languages),
        clock=ZoneInfo(chosen.zone or zone),
    )


async def _channels(session: AsyncSession, person_id: UUID) -> dict[str, Wish]:
    rows = await session.execute(
        select(
            NoticeChannel.channel,
            NoticeChannel.rhythm,
            NoticeChannel.quiet_from,
            NoticeChannel.quiet_until,
            NoticeChannel.urgent_breaks_quiet,
            NoticeChannel.digest_at,
            NoticeChannel.digest_weekday,
        ).where(NoticeChannel.person_id == person_id)
    )
    return dict.fromkeys(CHANNELS, Wish()) | {row[0]: Wish(*row[1:]) for row in rows}
