"""Keeping a project's list of services; whoever depends on an entry that ends is told."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.notices.actions import notify
from federation.people.queries import coordinators_of
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.models import Project
from protocols.signposts.errors import EnoughSignposts, WrongSignpost
from protocols.signposts.models import Signpost
from protocols.signposts.queries import named_by, signpost_of
from protocols.signposts.rules.drafts import SignpostDraft, tidied

MOST_KEPT = 5_000
BLOCKED = "answers-blocked"
TOLD = "Some canned answers are not offered: a service that they name needs to be looked at."


async def add_signpost(
    session: AsyncSession, asker: Asker, draft: SignpostDraft, now: datetime
) -> UUID:
    """List a service; what it says is checked by people, what can be checked by rules is."""
    _require(asker)
    kept = await _tidied(session, asker, draft, now)
    await require_room(session, asker, 1)
    row = new_row(asker.project_id, kept, now)
    session.add(row)
    await session.flush()
    await _record(session, asker, "listed", row.id, now)
    return row.id


async def change_signpost(
    session: AsyncSession, asker: Asker, signpost_id: UUID, draft: SignpostDraft, now: datetime
) -> None:
    """Write down what is known of a service now; answers that name it say so at once."""
    _require(asker)
    row = await signpost_of(session, asker, signpost_id, lock=True)
    kept = await _tidied(session, asker, draft, now)
    write(row, kept, now)
    await session.flush()
    await _record(session, asker, "changed", row.id, now)
    await _tell_if_it_ended(session, row, now)


async def checked_today(
    session: AsyncSession, asker: Asker, signpost_id: UUID, now: datetime
) -> None:
    """Say that somebody has asked and that it is right; it holds as long again as it did."""
    _require(asker)
    row = await signpost_of(session, asker, signpost_id, lock=True)
    today = (await zone_and_day(session, asker.project_id, now))[1]
    lasts = row.expires - row.last_checked
    row.last_checked, row.expires = today, max(row.expires, today + lasts)
    row.told_at = None
    await session.flush()
    await _record(session, asker, "checked", row.id, now)


async def delete_signpost(
    session: AsyncSession, asker: Asker, signpost_id: UUID, now: datetime
) -> None:
    """Take a service off the list; answers that name it are not offered until they name another."""
    _require(asker)
    row = await signpost_of(session, asker, signpost_id, lock=True)
    named = await named_by(session, asker.project_id, [row.id])
    await session.execute(delete(Signpost).where(Signpost.id == row.id))
    await _record(session, asker, "deleted", row.id, now)
    if named:
        await tell_project(session, asker.project_id, now)


async def tell_of_expired(session: AsyncSession, now: datetime) -> None:
    """Tell a project once of each service that has expired since and that its answers name."""
    query = (
        select(Signpost)
        .where(Signpost.expires <= now.date(), Signpost.told_at.is_(None))
        .order_by(Signpost.id)
        .with_for_update(skip_locked=True)
    )
    expired: dict[UUID, list[UUID]] = {}
    for row in await session.scalars(query):
        row.told_at = now
        expired.setdefault(row.project_id, []).append(row.id)
    for project_id, ids in sorted(expired.items()):
        if await named_by(session, project_id, ids):
            await tell_project(session, project_id, now)


async def tell_project(session: AsyncSession, project_id: UUID, now: datetime) -> None:
    """Tell who coordinates a project that answers are held back, in words that name nothing."""
    for person_id in await coordinators_of(session, project_id):
        await notify(session, person_id=person_id, code=BLOCKED, text=TOLD, now=now)


async def require_room(session: AsyncSession, asker: Asker, more: int) -> None:
    """Refuse more services than one project can look after."""
    known = await session.scalar(
        select(func.count()).where(Signpost.project_id == asker.project_id)
    )
    if (known or 0) + more > MOST_KEPT:
        raise EnoughSignposts


def new_row(project_id: UUID, kept: SignpostDraft, now: datetime) -> Signpost:
    """Make the row of a service that is listed for the first time."""
    row = Signpost(
        project_id=project_id,
        source_id=kept.source_id,
        name=kept.name,
        services="",
        opening="",
        area="",
        languages=[],
        phone="",
        email="",
        web="",
        last_checked=now.date(),
        check_every_days=kept.check_every_days,
        expires=now.date() + timedelta(days=1),
    )
    write(row, kept, now)
    return row


def write(row: Signpost, kept: SignpostDraft, now: datetime) -> None:
    """Write what is known of a service into its row."""
    for name in ("name", "services", "opening", "area", "phone", "email", "web"):
        setattr(row, name, getattr(kept, name))
    row.languages = list(kept.languages)
    if kept.last_checked is not None and kept.expires is not None:
        row.last_checked, row.expires = kept.last_checked, kept.expires
    row.check_every_days = kept.check_every_days
    row.closed_at = (row.closed_at or now) if kept.closed else None
    row.told_at = None


async def zone_and_day(session: AsyncSession, project_id: UUID, now: datetime) -> tuple[str, date]:
    """Give a project's zone and the day that it is there."""
    zone = (await session.get_one(Project, project_id)).zone
    return zone, now.astimezone(ZoneInfo(zone)).date()


async def _tidied(
    session: AsyncSession, asker: Asker, draft: SignpostDraft, now: datetime
) -> SignpostDraft:
    kept, reasons = tidied(draft, *await zone_and_day(session, asker.project_id, now))
    if reasons:
        raise WrongSignpost(reasons=tuple(reasons))
    return kept


async def _tell_if_it_ended(session: AsyncSession, row: Signpost, now: datetime) -> None:
    ended = row.closed_at is not None or row.expires <= now.date()
    if ended and await named_by(session, row.project_id, [row.id]):
        row.told_at = now
        await tell_project(session, row.project_id, now)


def _require(asker: Asker) -> None:
    require_role(asker, "coordinator")
    require_write(asker)


async def _record(
    session: AsyncSession, asker: Asker, verb: str, signpost_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=f"signpost.{verb}",
        subject="signpost",
        subject_id=signpost_id,
        now=now,
    )
