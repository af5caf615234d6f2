"""Taking up a list of services from a file, told beforehand row by row; nothing is ever deleted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.queries import hold_project
from protocols.signposts.actions import (
    new_row,
    require_room,
    tell_project,
    write,
    zone_and_day,
)
from protocols.signposts.models import Signpost
from protocols.signposts.queries import entry_of, named_by
from protocols.signposts.rules.fates import Fate, fates
from protocols.signposts.rules.lists import Format, read_list


async def import_signposts(
    session: AsyncSession,
    asker: Asker,
    content: str,
    written_as: Format,
    *,
    dry_run: bool,
    now: datetime,
) -> list[Fate]:
    """Tell what each row of a file does, and unless it is only asked for, do it.

    The same file again changes nothing; a row that is refused keeps no other from its place.
    """
    require_role(asker, "coordinator")
    require_write(asker)
    rows = read_list(content, written_as)
    query = select(Signpost).where(Signpost.project_id == asker.project_id).order_by(Signpost.id)
    if not dry_run:
        await hold_project(session, asker.project_id)
        query = query.with_for_update()
    known = {row.id: row for row in await session.scalars(query)}
    zone, today = await zone_and_day(session, asker.project_id, now)
    decided = list(fates(rows, [entry_of(row) for row in known.values()], zone, today))
    if not dry_run:
        await require_room(session, asker, sum(each.fate == "new" for each in decided))
        await _follow(session, asker, decided, known, now)
    return decided


async def _follow(
    session: AsyncSession,
    asker: Asker,
    decided: Sequence[Fate],
    known: dict[UUID, Signpost],
    now: datetime,
) -> None:
    ended = []
    for each in decided:
        if each.draft is None:
            continue
        if each.fate == "new":
            session.add(new_row(asker.project_id, each.draft, now))
        elif each.fate == "changed" and each.entry is not None:
            row = known[each.entry]
            write(row, each.draft, now)
            if row.closed_at is not None or row.expires <= now.date():
                ended.append(row.id)
    await session.flush()
    counts = {fate: sum(each.fate == fate for each in decided) for fate in ("new", "changed")}
    await record(
        session,
        actor=asker.person_id,
        verb="signpost.imported",
        subject="project",
        subject_id=asker.project_id,
        now=now,
        facts=counts,
    )
    if ended and await named_by(session, asker.project_id, ended):
        await tell_project(session, asker.project_id, now)
