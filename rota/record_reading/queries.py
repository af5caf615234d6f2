"""Coordinators read single records of their own project, and the audit knows of each reading."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool
from protocols.signposts.models import Signpost
from rota.records.models import SessionRecord
from rota.records.queries import drafts_of
from rota.records.rules.drafts import Draft
from rota.shifts.models import Shift

AT_ONCE = 500
"""Records whose contacts are asked for in one question: a statement holds 32,767 values at most."""


class After(NamedTuple):
    """Where a page of records begins: behind this one."""

    starts: datetime
    record_id: UUID


@dataclass(frozen=True, slots=True)
class Span:
    """Local days of the project on which sessions began, without the last."""

    first: date
    until: date


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record as its project's coordinators see it; who wrote it is not said."""

    id: UUID
    day: date
    starts: datetime
    zone: str
    shift_id: UUID
    pool: str
    pool_name: str
    channel: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Reading:
    """Some records, where the next page begins, and the names of the services told of in them."""

    records: list[ReadRecord]
    services: dict[UUID, str]
    next: After | None = None


async def read_records(
    session: AsyncSession,
    asker: Asker,
    span: Span,
    now: datetime,
    *,
    after: After | None = None,
    limit: int,
) -> Reading:
    """Show one page of records in the order of their sessions."""
    require_role(asker, "coordinator")
    found = await _some(session, asker.project_id, span, after, limit + 1)
    shown = found[:limit]
    await _write_down(session, asker, span, len(shown), "page", now)
    more = After(shown[-1].starts, shown[-1].id) if len(found) > limit else None
    return Reading(shown, await _services(session, asker.project_id), more)


async def take_records(
    session: AsyncSession, asker: Asker, span: Span, now: datetime, *, form: str
) -> Reading:
    """Give all records of some days, to be taken along as a file."""
    require_role(asker, "coordinator")
    records = await _all(session, asker.project_id, span)
    await _write_down(session, asker, span, len(records), form, now)
    return Reading(records, await _services(session, asker.project_id))


async def hand_out_records(
    session: AsyncSession, project_id: UUID, now: datetime, *, form: str
) -> Reading:
    """Give a node's keeper every record of a project."""
    records = await _all(session, project_id, None)
    await record(
        session,
        actor=SYSTEM,
        verb="read-session-records",
        subject="project",
        subject_id=project_id,
        now=now,
        facts={"form": form, "records": len(records)},
    )
    return Reading(records, await _services(session, project_id))


async def _all(session: AsyncSession, project_id: UUID, span: Span | None) -> list[ReadRecord]:
    found: list[ReadRecord] = []
    after = None
    while some := await _some(session, project_id, span, after, AT_ONCE):
        found += some
        after = After(some[-1].starts, some[-1].id)
    return found


async def _some(
    session: AsyncSession, project_id: UUID, span: Span | None, after: After | None, limit: int
) -> list[ReadRecord]:
    wanted = _of_project(project_id).limit(limit)
    if span is not None:
        wanted = wanted.where(SessionRecord.day >= span.first, SessionRecord.day < span.until)
    if after is not None:
        wanted = wanted.where(tuple_(Shift.starts, SessionRecord.id) > tuple_(*after))
    rows = (await session.execute(wanted)).all()
    drafts = await drafts_of(session, [row[0] for row in rows])
    return [_read(row, drafts[row[0].id]) for row in rows]


def _of_project(project_id: UUID) -> Select[SessionRecord, Shift, str, str, str]:
    return (
        select(SessionRecord, Shift, Pool.slug, Pool.name, Channel.name)
        .join(Shift, Shift.id == SessionRecord.shift_id)
        .join(Pool, Pool.id == SessionRecord.pool_id)
        .join(Channel, Channel.id == SessionRecord.channel_id)
        .where(SessionRecord.project_id == project_id)
        .order_by(Shift.starts, SessionRecord.id)
    )


def _read(row: Row[SessionRecord, Shift, str, str, str], draft: Draft) -> ReadRecord:
    kept, shift, pool, pool_name, channel = row
    return ReadRecord(
        id=kept.id,
        day=kept.day,
        starts=shift.starts,
        zone=shift.zone,
        shift_id=shift.id,
        pool=pool,
        pool_name=pool_name,
        channel=channel,
        draft=draft,
    )


async def _services(session: AsyncSession, project_id: UUID) -> dict[UUID, str]:
    rows = await session.execute(
        select(Signpost.id, Signpost.name).where(Signpost.project_id == project_id)
    )
    return dict(rows.all())


async def _write_down(
    session: AsyncSession, asker: Asker, span: Span, records: int, form: str, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb="read-session-records",
        subject="project",
        subject_id=asker.project_id,
        now=now,
        facts={
            "form": form,
            "records": records,
            "from": span.first.isoformat(),
            "until": span.until.isoformat(),
        },
    )
