"""Looks at one session at its moments and after each change, and does what is due at this node."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.pools.models import Channel, Pool
from rota.attendance.models import Attendance, CheckIn, SessionStep
from rota.attendance.rules import MAY_CHECK_IN
from rota.attendance.standing import review_pause
from rota.claims.models import Claim
from rota.company.actions import erase_company, tell_homes
from rota.company.alerts import ForHomes, SeatHolder, alert, for_homes, holders_of
from rota.session_clock import rules
from rota.session_clock.rules import Times, due_now, look_again
from rota.session_clock.texts import record_texts
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.nearness import AHEAD
from rota.swaps.given_up import given_up

MEETS_PEOPLE = "session"
DROPPED_OUT = "dropped-out"
PAUSED, PAUSED_OUT = "paused", "paused-out"
STEPS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a session: what is known of it, and what homes are told at its end."""

    session: AsyncSession
    shift: Shift
    hosted: bool
    meets_people: bool
    now: datetime
    times: Times
    begun: CheckIn | None
    taken: frozenset[str]
    homes: ForHomes = field(default_factory=for_homes)

    async def take(self, step: str) -> bool:
        """Take a step, once; False where it was taken before."""
        new = insert(SessionStep).values(shift_id=self.shift.id, step=step, at=self.now)
        taken = await self.session.scalar(new.on_conflict_do_nothing().returning(SessionStep.step))
        return taken is not None

    async def write_down(self, verb: str, **facts: object) -> None:
        """Audit what no person did."""
        await record(
            self.session,
            actor=SYSTEM,
            verb=verb,
            subject="shift",
            subject_id=self.shift.id,
            now=self.now,
            facts=facts,
        )


async def look_at_session(session: AsyncSession, shift_id: UUID, now: datetime) -> datetime | None:
    """Do what is due for a session at this node, and say when to look again."""
    look = await _look(session, shift_id, now)
    if look is None:
        return None
    if look.shift.cancelled_at is not None or now >= look.times.over:
        await erase_company(session, shift_id)
        return None
    for step in due_now(look.times, look.taken, now):
        if await look.take(step):
            await _due(look, step)
    await _note_departures(look)
    if look.hosted:
        await _follow_drop_outs(look)
        await _follow_pause(look)
        await tell_homes(session, look.shift, now, look.homes)
    return look_again(look.times, now)


async def _look(session: AsyncSession, shift_id: UUID, now: datetime) -> Look | None:
    row = (
        await session.execute(
            select(Shift, Pool.host, Channel.kind)
            .join(Pool, Pool.id == Shift.pool_id)
            .join(Channel, Channel.id == Shift.channel_id)
            .where(Shift.id == shift_id)
            .with_for_update(of=Shift, key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        return None
    shift, host, kind = row
    if host is None:
        await review_pause(session, shift, now)
    begun = await session.scalar(select(CheckIn).where(CheckIn.shift_id == shift_id))
    taken = await session.scalars(select(SessionStep.step).where(SessionStep.shift_id == shift_id))
    times = Times(
        shift.starts,
        shift.ends,
        shift.briefing_minutes,
        shift.debrief_minutes,
        begun.paused_since if begun else None,
    )
    meets = kind == MEETS_PEOPLE
    return Look(session, shift, host is None, meets, now, times, begun, frozenset(taken))


async def _due(look: Look, step: str) -> None:
    if step == rules.TEXTS:
        await record_texts(look.session, look.shift)
        return
    if not (look.meets_people and look.shift.open):
        return
    if step == rules.ASK:
        await _ask(look)
    elif look.hosted and step == rules.TELL_SUPERVISOR:
        await _tell_supervisor(look)
    elif look.hosted and step == rules.CLOSED:
        await _tell_shown_closed(look)


async def _missing(look: Look) -> list[SeatHolder]:
    """List who should sit with the people who write and has not come."""
    there = set(
        await look.session.scalars(
            select(Attendance.claim_id).where(
                Attendance.shift_id == look.shift.id, Attendance.arrived_at.is_not(None)
            )
        )
    )
    holders = await holders_of(look.session, look.shift.id)
    return [
        holder for holder in holders if holder.role in MAY_CHECK_IN and holder.claim_id not in there
    ]


async def _ask(look: Look) -> None:
    """Ask those of this node who have neither come nor said that they are late."""
    late = set(
        await look.session.scalars(
            select(Attendance.claim_id).where(
                Attendance.shift_id == look.shift.id, Attendance.late_until > look.now
            )
        )
    )
    silent = [holder for holder in await _missing(look) if holder.claim_id not in late]
    await alert(look.session, silent, "session-ask", look.now)


async def _tell_supervisor(look: Look) -> None:
    if not await _missing(look):
        return
    on_call = [
        holder
        for holder in await holders_of(look.session, look.shift.id)
        if holder.role == "supervisor"
    ]
    await alert(look.session, on_call, "session-late", look.now, later=look.homes)
    await look.write_down("told-supervisor-of-lateness")


async def _tell_shown_closed(look: Look) -> None:
    if look.begun is not None:
        return
    holders = await holders_of(look.session, look.shift.id)
    await alert(look.session, holders, "session-closed", look.now, later=look.homes)
    await look.write_down("shown-closed")


async def _note_departures(look: Look) -> None:
    """Who gave a seat back after coming is not there any more."""
    given_back = (
        select(Claim.ended_at)
        .where(Claim.id == Attendance.claim_id, Claim.state != "held")
        .scalar_subquery()
    )
    await look.session.execute(
        update(Attendance)
        .where(
            Attendance.shift_id == look.shift.id,
            Attendance.arrived_at.is_not(None),
            Attendance.left_at.is_(None),
            given_back.is_not(None),
        )
        .values(left_at=func.greatest(given_back, Attendance.arrived_at))
        .execution_options(synchronize_session=False)
    )


async def _follow_drop_outs(look: Look) -> None:
    """Tell those who stay of each seat given back late; where none is left they know already."""
    ended = await look.session.scalars(
        select(Claim.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(
            Seat.shift_id == look.shift.id,
            Claim.decided_here,
            given_up(),
            Claim.ended_at >= look.shift.starts - AHEAD,
        )
        .order_by(Claim.id)
    )
    for claim_id in ended:
        if not await look.take(f"{DROPPED_OUT}:{claim_id}"):
            continue
        if look.shift.open:
            holders = await holders_of(look.session, look.shift.id)
            await alert(look.session, holders, "session-staffed-down", look.now, later=look.homes)
        await look.write_down("dropped-out-late", open=look.shift.open)


async def _follow_pause(look: Look) -> None:
    """Tell who is alone to pause, and all when it has lasted too long."""
    since, until = look.times.paused_since, look.times.pause_over
    if since is None or until is None or look.now < look.times.starts or not look.shift.open:
        return
    here = set(
        await look.session.scalars(
            select(Attendance.claim_id).where(
                Attendance.shift_id == look.shift.id,
                Attendance.arrived_at.is_not(None),
                Attendance.left_at.is_(None),
            )
        )
    )
    holders = await holders_of(look.session, look.shift.id)
    alone = [holder for holder in holders if holder.claim_id in here]
    if await look.take(f"{PAUSED}:{since.isoformat()}"):
        await alert(look.session, alone, "session-pause", look.now, later=look.homes)
        await look.write_down("told-to-pause")
    if look.now >= until and await look.take(f"{PAUSED_OUT}:{since.isoformat()}"):
        await alert(look.session, holders, "session-paused-out", look.now, later=look.homes)
        await look.write_down("shown-closed", alone=True)


async def sweep_steps(session: AsyncSession, now: datetime) -> None:
    """Forget the steps of a session's clock a month after its end."""
    over = select(Shift.id).where(Shift.ends <= now - STEPS_KEPT)
    await session.execute(delete(SessionStep).where(SessionStep.shift_id.in_(over)))
