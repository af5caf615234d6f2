"""Rows of a small pool with one project, for tests of what is shown of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from api.tables import METADATA
from database.ids import new_id
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

TABLES = METADATA.tables
"""Every table is known, as in the programs: foreign keys cross floors."""


@dataclass(frozen=True)
class ExampleRota:
    """One pool and its three channels; each method adds one thing to it."""

    session: AsyncSession
    pool: Pool
    project: Project
    chat: Channel
    forum: Channel
    inbox: Channel

    async def add(self, *rows: object) -> None:
        self.session.add_all(rows)
        await self.session.flush()

    async def person(self, *languages: str, roles: tuple[str, ...] = ("worker",)) -> Handle:
        person = Person(
            project_id=self.project.id, name="Somebody Private", languages=list(languages)
        )
        await self.add(person)
        handle = Handle(
            id=uuid4(),
            pool_id=self.pool.id,
            project_id=self.project.id,
            display=f"teal-{uuid4().hex[:8]}",
            roles=list(roles),
            languages=list(languages),
            hours_per_week=8,
            shifts_per_week=3,
            rest_hours=11,
            person_id=person.id,
        )
        await self.add(handle)
        return handle

    async def shift(
        self,
        starts: datetime,
        hours: float = 2,
        *,
        channel: Channel | None = None,
        languages: tuple[str, ...] = ("en",),
        theme: str | None = None,
        is_open: bool = True,
    ) -> Shift:
        shift = Shift(
            pool_id=self.pool.id,
            channel_id=(channel or self.chat).id,
            starts=starts,
            ends=starts + timedelta(hours=hours),
            zone=self.pool.zone,
            briefing_minutes=15,
            debrief_minutes=15,
            languages=list(languages),
            wanted_languages=[],
            theme=theme,
            demand=1,
            minimum_workers=2,
            minimum_supervisors=1,
            trainings=[],
            open=is_open,
        )
        await self.add(shift)
        return shift

    async def hold(self, shift: Shift, handle: Handle, role: str = "lead") -> Claim:
        seat = Seat(shift_id=shift.id, role=role, state="held")
        await self.add(seat)
        return await self.hold_seat(seat, shift, handle)

    async def hold_seat(self, seat: Seat, shift: Shift, handle: Handle) -> Claim:
        claim = Claim(
            seat_id=seat.id,
            handle_id=handle.id,
            state="held",
            origin="worker",
            decided_here=True,
            answer_by=shift.starts,
            made_at=shift.starts - timedelta(days=7),
        )
        await self.add(claim)
        if handle.person_id is not None:
            booking_id = new_id()
            await self.add(
                Booking(
                    id=booking_id,
                    person_id=handle.person_id,
                    claim_id=claim.id,
                    during=worked(shift),
                    on_call=seat.role == "supervisor",
                    exchange_id=booking_id,
                )
            )
        return claim

    def coordinator(self, person_id: UUID) -> Asker:
        return Asker(person_id, self.project.id, frozenset({"coordinator"}))


def worked(shift: Shift) -> Range[datetime]:
    return Range(
        shift.starts - timedelta(minutes=shift.briefing_minutes),
        shift.ends + timedelta(minutes=shift.debrief_minutes),
    )


async def example_rota(session: AsyncSession, *, now: datetime) -> ExampleRota:
    pool = Pool(slug=f"evening-{uuid4().hex[:8]}", name="Evening chat", zone="Europe/London")
    project = Project(
        slug=f"north-{uuid4().hex[:8]}",
        name="Northern Outreach",
        region="Leeds",
        jurisdiction="England and Wales",
        zone="Europe/London",
        languages=["en"],
    )
    session.add_all([pool, project])
    await session.flush()
    chat, forum, inbox = (
        Channel(
            pool_id=pool.id,
            slug=slug,
            name=name,
            kind=kind,
            minimum_workers=workers,
            minimum_supervisors=1,
            trainings=["netreach-core"],
        )
        for slug, name, kind, workers in (
            ("live-chat", "Live chat", "session", 2),
            ("forum", "Forum", "task", 1),
            ("inbox", "Messages", "inbox", 1),
        )
    )
    member = PoolMember(
        pool_id=pool.id,
        project_id=project.id,
        hours_offered_per_week=12,
        hours_before_per_week=6,
        joined_at=now,
    )
    session.add_all([chat, forum, inbox, member])
    await session.flush()
    return ExampleRota(session, pool, project, chat, forum, inbox)
