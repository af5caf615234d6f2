"""A month of the demo's pool: sessions set down, planned, confirmed, claimed, given back."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from api.demo.cast import SERIES, WEEKS, ZONE, Player, Series
from api.demo.stage import Stage, clock, wait_until, wait_until_agreed
from database.session import door
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.plans.actions import order_plan, publish_plan
from rota.plans.models import PoolPlan
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.actions import claim_seat, release_claim


def first_monday(now: datetime) -> date:
    """Give the Monday that comes next in the pool's zone: the plan's first day."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    return today + timedelta(days=7 - today.weekday())


async def plan_sessions(stage: Stage, pool_id: UUID, *, weeks: int = WEEKS) -> None:
    """Set down the recurring sessions and make their shifts for the coming weeks."""
    asker = next(iter(stage.askers.values()))
    first = first_monday(clock())
    async with door(stage.engine) as session:
        rows = await session.execute(
            select(Channel.slug, Channel.id).where(Channel.pool_id == pool_id)
        )
        channels = {row.slug: row.id for row in rows}
        for series in SERIES:
            pattern_id = await make_pattern(
                session,
                asker,
                pool_id=pool_id,
                channel_id=channels[series.channel],
                series=series.name,
                timing=_timing(series, first),
                staffing=_staffing(series),
                now=clock(),
            )
            until = first + timedelta(weeks=weeks)
            await generate_shifts(session, asker, pattern_id, until, clock())


def _timing(series: Series, first: date) -> Timing:
    return Timing(
        weekday=series.weekday,
        starts=series.starts,
        minutes=series.minutes,
        zone=ZONE,
        first_day=first,
        last_day=None,
        every_weeks=1,
    )


def _staffing(series: Series) -> Staffing:
    return Staffing(
        seats=series.seats,
        briefing_minutes=series.briefing,
        debrief_minutes=series.debrief,
        languages=series.languages,
        wanted_languages=series.wanted,
        theme=series.theme,
        demand=series.demand,
    )


async def make_plan(host: Stage, pool_id: UUID, *, weeks: int = WEEKS) -> UUID:
    """Have the coming weeks planned by the worker process; give the draft."""
    asker = next(iter(host.askers.values()))
    first = first_monday(clock())
    async with door(host.engine) as session:
        until = first + timedelta(weeks=weeks)
        ordered = await order_plan(session, asker, pool_id, first, until, clock())

    async def planned() -> bool:
        async with door(host.engine) as session:
            return (await session.get_one(PoolPlan, ordered.id)).state == "draft"

    await wait_until(planned, "the planner has answered")
    return ordered.id


async def publish(host: Stage, plan_id: UUID) -> None:
    """Publish a plan: its assignments are proposed, and the homes decide."""
    async with door(host.engine) as session:
        await publish_plan(session, next(iter(host.askers.values())), plan_id, clock())


async def claim_from_afar(host: Stage, member: Stage, pool_id: UUID) -> UUID | None:
    """Let a worker of another node claim a seat that the plan left open; give the claim."""
    workers = [
        Asker(person_id, member.askers[slug].project_id, frozenset({"worker"}))
        for (slug, name), person_id in member.people.items()
        if _player(member, slug, name).windows
    ]
    async with door(member.engine) as session:
        open_seats = list(
            await session.scalars(
                select(Seat.id)
                .join(Shift, Shift.id == Seat.shift_id)
                .where(
                    Shift.pool_id == pool_id,
                    Seat.state == "open",
                    Seat.role.in_(["lead", "second"]),
                )
                .order_by(Shift.starts, Seat.id)
            )
        )
    for seat_id in open_seats:
        for asker in workers:
            try:
                async with door(member.engine) as session:
                    claim = await claim_seat(session, asker, seat_id, clock())
            except (ClaimRefused, SeatTaken):
                continue
            await wait_until_agreed(host, member)
            async with door(member.engine) as session:
                if (await session.get_one(Claim, claim.id)).state == "held":
                    return claim.id
    return None


def _player(stage: Stage, slug: str, name: str) -> Player:
    troupe = next(troupe for troupe in stage.troupes if troupe.slug == slug)
    return next(player for player in troupe.players if player.name == name)


async def drop_out(host: Stage, pool_id: UUID) -> UUID | None:
    """Let a worker give back a seat without which a session closes; give the shift."""
    async with door(host.engine) as session:
        row = (
            await session.execute(
                select(Claim, Handle, Shift)
                .join(Handle, Handle.id == Claim.handle_id)
                .join(Seat, Seat.id == Claim.seat_id)
                .join(Shift, Shift.id == Seat.shift_id)
                .join(Channel, Channel.id == Shift.channel_id)
                .where(
                    Shift.pool_id == pool_id,
                    Shift.open,
                    Channel.kind == "session",
                    Seat.role == "second",
                    Claim.state == "held",
                    Handle.person_id.is_not(None),
                )
                .order_by(Shift.starts)
                .offset(1)
                .limit(1)
            )
        ).one_or_none()
    if row is None or (person_id := row[1].person_id) is None:
        return None
    claim, handle, shift = row
    asker = Asker(person_id, handle.project_id, frozenset({"worker"}))
    async with door(host.engine) as session:
        await release_claim(session, asker, claim.id, clock())
    return shift.id
