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
from protocols.acknowledgement.queries import lacking_of
from protocols.acknowledgement.rules import LackingText
from protocols.adoption.queries import texts_at_work
from protocols.reading.queries import withdrawn_of
from protocols.reading.rules import WithdrawnNow
from rota.attendance.models import Attendance, CheckIn
from rota.claims.models import Claim
from rota.company.queries import company_of
from rota.company.rules import Company
from rota.handover.models import HandoverNote
from rota.handover.queries import notes_around
from rota.open_hours.rules.hours import OpenShift
from rota.session_view.rules import State, may, state_of
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.nearness import AHEAD
from rota.supervisor_calls.models import SupervisorCall
from rota.supervisor_calls.queries import CallSeen, calls_seen

LATELY = timedelta(hours=24)
MOST_CALLS = 20

Held = Select[Shift, Channel, Pool, str, UUID, CheckIn | None, Attendance | None]


@dataclass(frozen=True, slots=True)
class NearSession:
    """A session that is near or just over, in which somebody has a seat."""

    shift: Shift
    channel: Channel
    pool: Pool
    role: str
    claim_id: UUID
    begun: CheckIn | None
    mine: Attendance | None


@dataclass(frozen=True, slots=True)
class SessionSeen(NearSession):
    """One session as a holder sees it; `may` names what they can do now."""

    state: State
    company: Company
    projects: dict[UUID, str]
    calls: Sequence[SupervisorCall]
    to_take: Sequence[CallSeen]
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
        select(Shift, Channel, Pool, Seat.role, Claim.id, CheckIn, Attendance)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .outerjoin(CheckIn, CheckIn.shift_id == Shift.id)
        .outerjoin(Attendance, Attendance.claim_id == Claim.id)
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
    calls = await calls_seen(session, asker, [shift_id], now)
    return await session_around(session, asker, NearSession(*row), calls, now)


async def session_around(
    session: AsyncSession,
    asker: Asker,
    near: NearSession,
    calls: Sequence[CallSeen],
    now: datetime,
) -> SessionSeen:
    """Gather what belongs to a session of the asker, of which the calls are known."""
    shift, begun, mine = near.shift, near.begun, near.mine
    notes = await notes_around(session, shift, near.claim_id, now)
    company, projects = await company_of(session, shift, near.pool.host, notes.left, now)
    texts = await texts_at_work(session, asker.project_id, shift.pool_id)
    unread = await lacking_of(session, {asker.person_id: asker.project_id}, texts.on_shifts)
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
        begun,
        mine,
        state=state,
        company=company,
        projects=projects,
        calls=[one.call for one in reversed(calls) if one.shift.id == shift.id][:MOST_CALLS],
        to_take=[one for one in calls if one.waits],
        notes=notes.own,
        lacking=unread[asker.person_id],
        withdrawn=withdrawn_of(texts, now),
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
