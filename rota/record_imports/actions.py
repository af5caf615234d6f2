"""A coordinator takes an old table in: into sums alone, once, and as long as wished back out."""

from asyncio import to_thread
from collections import Counter
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.access.seal import Seal
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.models import Pool
from federation.projects.queries import projects_at_home
from rota.record_imports.errors import AlreadyImported, CannotBeTakenBack, NothingToTake
from rota.record_imports.models import ImportedSession, RecordImport
from rota.record_imports.queries import Lists, Shown, look_through
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.counting import (
    Added,
    added_by,
    content_of,
    read_again,
    written,
)
from rota.record_imports.rules.looks import Look, Reading
from rota.record_imports.rules.tables import Table
from rota.record_keeping.queries import hold_counts, settings_of
from rota.record_keeping.rules import last_day_to_delete, local_day
from rota.record_sums.actions import Place, change_hours, change_sums

Key = TypeVar("Key")


async def take_in(
    session: AsyncSession,
    asker: Asker,
    pool: Pool,
    table: Table,
    choices: Choices,
    seal: Seal,
    now: datetime,
    reading: Reading | None = None,
) -> Shown:
    """Count the rows of an old table that can be taken; of the same rows only once."""
    require_role(asker, "coordinator")
    require_write(asker)
    shown = await look_through(session, asker, pool, table, choices, now, reading)
    look, lists = shown.look, shown.lists
    if not look.contacts and not look.sessions:
        raise NothingToTake
    covered = lists.covered(look)
    added = await to_thread(added_by, look.contacts, lists.channels, pool.zone, covered)
    # nobody's debrief waits while thousands of rows are read
    await hold_counts(session, asker.project_id)
    kept = await _keep(session, lists, look, added, seal, now)
    await _change(session, asker.project_id, pool.id, added, more=True)
    await _write_down(session, asker, "imported-old-records", kept, look.people, now)
    return shown


async def take_back(session: AsyncSession, asker: Asker, import_id: UUID, now: datetime) -> None:
    """Subtract all that an import has added, as if it had never been."""
    require_role(asker, "coordinator")
    require_write(asker)
    await hold_counts(session, asker.project_id)
    one = await session.scalar(
        select(RecordImport).where(
            RecordImport.id == import_id, RecordImport.project_id == asker.project_id
        )
    )
    if one is None:
        raise NotFound
    if one.added is None:
        raise CannotBeTakenBack
    pool_id, people = one.pool_id, one.contacts
    await _change(session, asker.project_id, pool_id, read_again(one.added), more=False)
    await session.execute(delete(RecordImport).where(RecordImport.id == import_id))
    await _write_down(session, asker, "took-back-import", import_id, people, now)


async def forget_parts(session: AsyncSession, now: datetime) -> None:
    """Forget what single imports added, once they are older than single records may be."""
    for each in await projects_at_home(session):
        settings = await settings_of(session, each)
        over = last_day_to_delete(now, each.zone, settings.keep_days)
        rows = await session.execute(
            select(RecordImport.id, RecordImport.taken_at).where(
                RecordImport.project_id == each.id, RecordImport.added.is_not(None)
            )
        )
        old = [key for key, taken_at in rows if local_day(taken_at, each.zone) <= over]
        if old:
            await hold_counts(session, each.id)
            await session.execute(
                update(RecordImport).where(RecordImport.id.in_(old)).values(added=None)
            )


async def _keep(
    session: AsyncSession, lists: Lists, look: Look, added: Added, seal: Seal, now: datetime
) -> UUID:
    """Remember the import by a mark of what is counted, never of the file; once."""
    months = _months(look)
    content = content_of(look.contacts, look.sessions)
    row = insert(RecordImport).values(
        id=new_id(),
        project_id=lists.owner.id,
        pool_id=lists.pool.id,
        content_mark=seal.mark(content, lists.owner.id),
        taken_at=now,
        contacts=look.people,
        sessions=len(look.sessions),
        first_month=months[0],
        last_month=months[-1],
        added=written(added),
    )
    kept: UUID | None = await session.scalar(
        row.on_conflict_do_nothing().returning(RecordImport.id)
    )
    if kept is None:
        raise AlreadyImported
    await _keep_sessions(session, lists, look, kept)
    return kept


def _months(look: Look) -> list[date]:
    days = [contact.day for contact in look.contacts]
    days += [one.starts.date() for one in look.sessions]
    return sorted(day.replace(day=1) for day in days)


async def _keep_sessions(session: AsyncSession, lists: Lists, look: Look, kept: UUID) -> None:
    rows = [
        {
            "id": new_id(),
            "import_id": kept,
            "project_id": lists.owner.id,
            "pool_id": lists.pool.id,
            "channel_id": lists.channels[one.channel],
            "starts": one.starts,
            "ends": one.ends,
        }
        for one in look.sessions
    ]
    if rows:
        await session.execute(insert(ImportedSession), rows)


async def _change(
    session: AsyncSession, project_id: UUID, pool_id: UUID, added: Added, *, more: bool
) -> None:
    """Change the sums in the order in which records do."""
    for month in sorted(added.sums):
        change = added.sums[month]
        place = Place(project_id, pool_id, month.channel, month.first)
        await change_sums(session, place, *_sides(change, more=more))
    for channel in sorted(added.hours):
        at = added.hours[channel]
        place = Place(project_id, pool_id, channel, date.min)
        await change_hours(session, place, *_sides(at, more=more))


def _sides(change: Counter[Key], *, more: bool) -> tuple[Counter[Key], Counter[Key]]:
    """Give what was counted before and after: nothing, and this, or the other way round."""
    nothing: Counter[Key] = Counter()
    return (nothing, change) if more else (change, nothing)


async def _write_down(
    session: AsyncSession, asker: Asker, verb: str, subject: UUID, people: int, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="record-import",
        subject_id=subject,
        now=now,
        facts={"contacts": people},
    )
