"""A node with a pool, people, shifts, a protocol and an answer, made anew for each test."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.parts import current_time
from api.worker.planning import make_plan
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.actions import grant_role
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.plans.actions import order_plan
from rota.shifts.models import Seat, Shift
from tests.protocols.example_texts import Members, Told, answer, protocol, released, take_up
from tests.rota.example_rota import ExampleRota, example_rota


@dataclass(frozen=True)
class Somebody:
    handle: Handle
    asker: Asker


@dataclass(frozen=True)
class Site:
    """`running` has begun; `gap`, in a later week, lacks a second and a supervisor."""

    engine: AsyncEngine
    url: str
    pool: UUID
    slug: str
    protocol: str
    running: UUID
    gap: Shift
    people: dict[str, Somebody]

    @property
    def week(self) -> str:
        return monday(self.gap.starts).isoformat()

    @property
    def closer(self) -> str:
        """The page on which a coordinator looks closer at the gap."""
        return f"/board/{self.slug}/shifts/{self.gap.id}"

    async def link(self, name: str) -> str:
        """Make a sign-in link; gives its path."""
        async with door(self.engine) as session:
            secret = await make_sign_in_link(
                session,
                OPERATOR,
                person_id=self.people[name].asker.person_id,
                hours=1,
                now=current_time(),
            )
        return f"/sign-in/{secret}"

    async def plan(self) -> None:
        """Have the coming weeks planned by the planner itself."""
        await make_plan(self.engine, {"plan": str(await self.order())}, 2)

    async def order(self) -> UUID:
        """Order a plan of the week with the gap; gives its id."""
        async with door(self.engine) as session:
            first = monday(self.gap.starts)
            until = first + timedelta(weeks=1)
            asker = self.people["coordinator"].asker
            ordered = await order_plan(session, asker, self.pool, first, until, current_time())
            return ordered.id


def monday(moment: datetime) -> date:
    day = moment.astimezone(ZoneInfo("Europe/London")).date()
    return day - timedelta(days=day.weekday())


async def somebody(session: AsyncSession, rota: ExampleRota, *roles: str) -> Somebody:
    handle: Handle = await rota.person("en")
    assert handle.person_id
    for role in roles:
        await grant_role(
            session, OPERATOR, person_id=handle.person_id, role=role, now=current_time()
        )
    asker = Asker(handle.person_id, rota.project.id, frozenset(roles))
    return Somebody(handle, asker)


async def texts(session: AsyncSession, rota: ExampleRota, people: dict[str, Somebody]) -> str:
    """Publish and take up a protocol and an answer; gives the protocol's address."""
    askers = {role: people[role].asker for role in ("coordinator", "reviewer", "worker")}
    members = Members(project=rota.project.id, name="north", **askers)
    conduct = await released(session, members, protocol(Told()))
    await take_up(session, members, conduct)
    tax = answer("Do I pay tax?", "Money that you earn counts as income.")
    await take_up(session, members, await released(session, members, tax, "none"))
    return f"/protocols/{conduct.urn.removeprefix('urn:uuid:')}"


async def with_seats(rota: ExampleRota, shift: Shift, *roles: str) -> dict[str, Seat]:
    seats = {role: Seat(shift_id=shift.id, role=role) for role in roles}
    await rota.add(*seats.values())
    return seats


async def shifts(rota: ExampleRota, people: dict[str, Somebody]) -> tuple[Shift, Shift]:
    """Make a session that runs, and one with a lead and nobody else in a week of its own."""
    now = current_time()
    running = await rota.shift(now - timedelta(minutes=5))
    await rota.hold(running, people["worker"].handle, "lead")
    await rota.hold(running, people["colleague"].handle, "second")
    # what runs late on a Sunday is of the next week as well
    over_by = now + timedelta(days=1)
    next_week = over_by + timedelta(days=7 - over_by.weekday())
    evening = next_week.replace(hour=18, minute=0, second=0, microsecond=0)
    gap = await rota.shift(evening, is_open=False, theme="Money, tax and benefits")
    seats = await with_seats(rota, gap, "lead", "second", "supervisor")
    seats["lead"].state = "held"
    await rota.hold_seat(seats["lead"], gap, people["colleague"].handle)
    return running, gap


ROLES = {
    "worker": ("worker",),
    "colleague": ("worker",),
    "coordinator": ("coordinator",),
    "reviewer": ("reviewer",),
}


async def furnished(engine: AsyncEngine, url: str) -> Site:
    now = current_time()
    async with door(engine) as session:
        rota = await example_rota(session, now=now)
        rota.pool.name = f"Night and Day Chat {rota.pool.slug}"
        rota.project.zone = "Europe/Amsterdam"
        rota.pool.elsewhere = [
            {"name": "Helpline", "text": "Day and night", "address": "tel:+441130000000"}
        ]
        people = {name: await somebody(session, rota, *roles) for name, roles in ROLES.items()}
        running, gap = await shifts(rota, people)
        return Site(
            engine=engine,
            url=url,
            pool=rota.pool.id,
            slug=rota.pool.slug,
            protocol=await texts(session, rota, people),
            running=running.id,
            gap=gap,
            people=people,
        )
