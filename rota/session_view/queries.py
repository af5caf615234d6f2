"""All that the holder of a seat sees around their session, gathered from what each part knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from protocols.acknowledgement.queries import lacking
from protocols.acknowledgement.rules import LackingText
from protocols.reading.queries import withdrawn_lately
from protocols.reading.rules import WithdrawnNow
from rota.attendance.models import Attendance, CheckIn
from rota.claims.models import Claim
from rota.company.queries import company_of
from rota.company.rules import Company
from rota.handover.models import HandoverNote
from rota.open_hours.rules.hours import OpenShift
from rota.session_view.rules import State, may, state_of
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.nearness import AHEAD
from rota.supervisor_calls.models import SupervisorCall
from rota.supervisor_calls.queries import calls_of_shift

LATELY = timedelta(hours=24)

Held = Select[Shift, Channel, Pool, str, UUID]


@dataclass(frozen=True, slots=True)
class NearSession:
    """A session that is near or just over, in which somebody has a seat."""

    shift: Shift
    channel: Channel
    pool: Pool
    role: str
    claim_id: UUID


@dataclass(frozen=True, slots=True)
class SessionSeen(NearSession):
    """One session as a holder sees it; `may` names what they can do now."""

    state: State
    begun: CheckIn | None
    mine: Attendance | None
    company: Company
    projects: dict[UUID, str]
    calls: Sequence[SupervisorCall]
    notes: Sequence[HandoverNote]
    lacking: Sequence[LackingText]
    withdrawn: Sequence[WithdrawnNow]
    may: frozenset[str]

    @property
    def done(self) -> bool:
        """Tell whether somebody has said that it is over, and that it took place."""
        ended = self.begun is not None and self.begun.ended_at is not None
        return ended and self.state != "missed"


def _held(asker: Asker) -> Held:
    return (
        select(Shift, Channel, Pool, Seat.role, Claim.id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            Handle.person_id == asker.person_id,
            Claim.state == "held",
            Shift.cancelled_at.is_(None),
        )
    )


async def sessions_near(session: AsyncSession, asker: Asker, now: datetime) -> list[NearSession]:
    """List the asker's sessions from a day before to a day after, the earliest first."""
    rows = await session.execute(
        _held(asker)
        .where(Shift.starts <= now + AHEAD, Shift.ends > now - LATELY)
        .order_by(Shift.starts, Shift.id)
        .limit(20)
    )
    return [NearSession(*row) for row in rows]


async def session_seen(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime
) -> SessionSeen:
    """Show a session to who holds a seat of it; to everybody else there is none."""
    row = (await session.execute(_held(asker).where(Shift.id == shift_id))).first()
    if row is None:
        raise NotFound
    near = NearSession(*row)
    shift = near.shift
    begun = await session.scalar(select(CheckIn).where(CheckIn.shift_id == shift_id))
    mine = await session.get(Attendance, near.claim_id)
    company = await company_of(session, shift, now)
    texts = await lacking(session, [asker.person_id], pool_id=shift.pool_id)
    state = state_of(
        _as_shown(shift, begun),
        now,
        is_open=shift.open,
        missed=begun is not None and begun.did_not_happen is not None,
    )
    return SessionSeen(
        near.shift,
        near.channel,
        near.pool,
        near.role,
        near.claim_id,
        state=state,
        begun=begun,
        mine=mine,
        company=company,
        projects=await _project_names(session, company),
        calls=await calls_of_shift(session, shift_id),
        notes=await _own_notes(session, near.claim_id, now),
        lacking=texts[asker.person_id],
        withdrawn=await withdrawn_lately(session, asker.project_id, shift.pool_id, now),
        may=may(
            near.role,
            state,
            shift.starts - timedelta(minutes=shift.briefing_minutes),
            shift.ends,
            shift.debrief_minutes,
            now,
            here=mine is not None and mine.arrived_at is not None and mine.left_at is None,
            debriefed=mine is not None and mine.debriefed_at is not None,
            meets_people=near.channel.kind == "session",
        ),
    )


def _as_shown(shift: Shift, begun: CheckIn | None) -> OpenShift:
    """See a session as the public page does, to say the same of it."""
    if begun is None:
        return OpenShift(channel="", starts=shift.starts, ends=shift.ends)
    return OpenShift(
        channel="",
        starts=shift.starts,
        ends=shift.ends,
        checked_in=True,
        busy=begun.busy,
        ended_at=begun.ended_at,
        paused_since=begun.paused_since,
    )


async def _project_names(session: AsyncSession, company: Company) -> dict[UUID, str]:
    ids = {each.project for each in company.companions}
    rows = await session.execute(select(Project.id, Project.name).where(Project.id.in_(ids)))
    return dict(rows.all())


async def _own_notes(
    session: AsyncSession, claim_id: UUID, now: datetime
) -> Sequence[HandoverNote]:
    rows = await session.scalars(
        select(HandoverNote)
        .where(HandoverNote.claim_id == claim_id, HandoverNote.expires_at > now)
        .order_by(HandoverNote.written_at)
    )
    return rows.all()
