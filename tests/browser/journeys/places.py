"""Two nodes with one pool over both, and what a journey of people over them begins from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, update

from api.demo import rota, sharing, story
from api.demo.cast import CHAT, CORE
from api.demo.stage import Stage, clock, wait_until_agreed
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, give_handle
from federation.pools.drafts import ChannelDraft
from federation.pools.models import Pool
from protocols.items.models import Item
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.passport.actions import attest_training
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.actions import claim_seat
from tests.journeys.theatre import Theatre, theatre

WEEKS = 8
AHEAD = 2.5
"""Hours: near enough that everybody is asked at once, and far enough to ask another node."""


@dataclass(frozen=True)
class Sitting:
    """A session that is to come or runs, on a channel of its own, with its seats by role."""

    channel: str
    shift: UUID
    starts: datetime
    seats: dict[str, UUID]


@dataclass(frozen=True)
class Places:
    """North hosts the pool, South takes part; `urn` is the protocol that holds on all shifts."""

    north: Stage
    south: Stage
    pool_id: UUID
    urn: str

    async def agree(self) -> None:
        await wait_until_agreed(self.north, self.south)

    def coordinator(self, stage: Stage) -> Asker:
        return stage.askers[stage.troupes[0].slug]

    async def newcomer(self, stage: Stage, *roles: str) -> Asker:
        """Let somebody begin, whom no plan knows: trained, with a handle, and the text read."""
        coordinator, now = self.coordinator(stage), clock()
        async with door(stage.engine) as session:
            person_id = await add_person(
                session,
                OPERATOR,
                project_id=coordinator.project_id,
                name=f"Somebody {uuid4().hex[:6]}",
                languages=["en"],
                roles=roles,
                now=now,
                hours_per_week=20,
                shifts_per_week=7,
            )
            valid = now.date() - timedelta(days=30), now.date() + timedelta(days=300)
            for training in (CORE, CHAT):
                await attest_training(session, coordinator, person_id, training, *valid, now)
            await give_handle(session, coordinator, self.pool_id, person_id, now)
        name, slug = str(person_id), stage.troupes[0].slug
        stage.people[slug, name] = person_id
        await sharing.let_read(stage, slug, name, self.urn)
        return Asker(person_id, coordinator.project_id, frozenset(roles))

    async def sign_in_link(self, stage: Stage, asker: Asker) -> str:
        async with door(stage.engine) as session:
            secret = await make_sign_in_link(
                session, OPERATOR, person_id=asker.person_id, hours=1, now=clock()
            )
        return f"/sign-in/{secret}"

    async def session(
        self, *roles: str, hours_ahead: float = AHEAD, supervised: int = 0
    ) -> Sitting:
        """Set down a session that is near, on a channel of its own."""
        name = f"Chat {uuid4().hex[:6]}"
        starts = (clock() + timedelta(hours=hours_ahead)).replace(second=0, microsecond=0)
        coordinator = self.coordinator(self.north)
        draft = ChannelDraft(name.lower().replace(" ", "-"), name, "session", 2, supervised, [CORE])
        async with door(self.north.engine) as session:
            channel = await add_channel(session, coordinator, self.pool_id, draft, clock())
            pattern = await make_pattern(
                session,
                coordinator,
                pool_id=self.pool_id,
                channel_id=channel.id,
                series=draft.slug,
                timing=_once(starts),
                staffing=Staffing(
                    seats=roles, briefing_minutes=15, debrief_minutes=15, languages=("en",)
                ),
                now=clock(),
            )
            until = starts.date() + timedelta(days=1)
            await generate_shifts(session, coordinator, pattern, until, clock())
            shift = (
                await session.scalars(select(Shift.id).where(Shift.channel_id == channel.id))
            ).one()
            rows = await session.execute(select(Seat.role, Seat.id).where(Seat.shift_id == shift))
            seats = dict(rows.all())
        await self.agree()
        return Sitting(name, shift, starts, seats)

    async def sit(self, stage: Stage, asker: Asker, seat: UUID) -> None:
        async with door(stage.engine) as session:
            await claim_seat(session, asker, seat, clock())
        await self.agree()

    async def running(self, robin: Asker, noor: Asker) -> Sitting:
        """Let one of each node sit on a session that has begun a moment ago."""
        sitting = await self.session("lead", "second", hours_ahead=AHEAD)
        await self.sit(self.north, robin, sitting.seats["lead"])
        await self.sit(self.south, noor, sitting.seats["second"])
        await self.let_pass(sitting, timedelta(hours=AHEAD))
        return replace(sitting, starts=sitting.starts - timedelta(hours=AHEAD))

    async def let_pass(self, sitting: Sitting, by: timedelta) -> None:
        """Bring a session nearer, as if time had passed, and its seats had been taken long ago."""
        claims = select(Claim.id).where(Claim.seat_id.in_(sitting.seats.values()))
        for stage in (self.north, self.south):
            async with door(stage.engine) as session:
                await session.execute(
                    update(Shift)
                    .where(Shift.id == sitting.shift)
                    .values(starts=Shift.starts - by, ends=Shift.ends - by)
                )
                await session.execute(
                    update(Claim)
                    .where(Claim.id.in_(claims))
                    .values(made_at=Claim.made_at - timedelta(days=1))
                )
                for booking in await session.scalars(
                    select(Booking).where(Booking.claim_id.in_(claims))
                ):
                    during = booking.during
                    booking.during = type(during)(
                        _before(during.lower, by), _before(during.upper, by)
                    )
                await session.execute(
                    update(Pool).where(Pool.id == self.pool_id).values(revision=Pool.revision + 1)
                )


def _before(moment: datetime | None, by: timedelta) -> datetime | None:
    return moment - by if moment else None


def _once(starts: datetime) -> Timing:
    """Mean one session; on a clock that never jumps."""
    return Timing(
        weekday=starts.weekday(),
        starts=time(starts.hour, starts.minute),
        minutes=120,
        zone="UTC",
        first_day=starts.date(),
        last_day=starts.date(),
    )


@asynccontextmanager
async def places(north_url: str, south_url: str, folder: Path) -> AsyncIterator[Places]:
    """Run both nodes, and tell the demo's story up to where people plan a month."""
    async with theatre(north_url, south_url, folder) as nodes:
        yield await _furnished(nodes)


async def _furnished(nodes: Theatre) -> Places:
    north, south = nodes.north, nodes.south
    pool_id = await story.bring_together(north, south, print)
    await sharing.share_texts(north, south, pool_id)
    await rota.plan_sessions(north, pool_id, weeks=WEEKS)
    await wait_until_agreed(north, south)
    async with door(north.engine) as session:
        conduct = select(Item.urn).where(Item.protocol_kind == "conduct")
        urn = (await session.scalars(conduct)).one()
    return Places(north, south, pool_id, urn)
