"""Steps by which people come to seats and lose them: sign-up, plan, cover, leave, departure."""

from datetime import timedelta

from sqlalchemy import select

from database.ids import new_id
from database.session import door
from federation.people.actions import let_go
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from rota.claims.queries import LIVE
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.leave.actions import enter_leave
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from tests.rota.walk.steps import Step, Walk
from tests.rota.world import Worker

AT_FIRST = 12
FREE_SEATS = (
    select(Seat.id)
    .join(Shift, Shift.id == Seat.shift_id)
    .where(Seat.state == "open")
    .order_by(Shift.starts, Shift.ends, Seat.role)
)
COVERS = (
    select(CoverRequest.id)
    .where(CoverRequest.state == "open")
    .order_by(CoverRequest.opened_at, CoverRequest.id)
)


async def sign_up(walk: Walk) -> str:
    station, worker = walk.somebody()
    seat = await walk.any_of(station, FREE_SEATS)
    return await walk.attempt(
        station, lambda session: claim_seat(session, worker.asker, seat, walk.now)
    )


async def some_are_seated(walk: Walk) -> None:
    """Let people sign up before the story begins, so that there is something to give."""
    for _ in range(AT_FIRST):
        await sign_up(walk)
    await walk.nodes.calm_down()


async def drop_out(walk: Walk) -> str:
    station, worker, claim = await walk.holder(LIVE)
    return await walk.attempt(
        station, lambda session: release_claim(session, worker.asker, claim, walk.now)
    )


async def ask_others(walk: Walk) -> str:
    station, worker, claim = await walk.holder({"held"})
    return await walk.attempt(
        station, lambda session: ask_for_cover(session, worker.asker, claim, walk.now)
    )


async def take_over(walk: Walk) -> str:
    station, worker = walk.somebody()
    cover = await walk.any_of(station, COVERS)
    return await walk.attempt(
        station, lambda session: take_cover(session, worker.asker, cover, walk.now)
    )


async def ask_no_more(walk: Walk) -> str:
    station, worker = walk.somebody()
    cover = await walk.any_of(station, COVERS)
    return await walk.attempt(
        station, lambda session: withdraw_cover(session, worker.asker, cover, walk.now)
    )


async def plan(walk: Walk) -> str:
    _station, worker = walk.somebody()
    return await offer_to(walk, worker)


async def offer_to(walk: Walk, worker: Worker) -> str:
    """Let the host propose a free seat to somebody of whom it has heard."""
    host = walk.nodes.host
    seat = await walk.any_of(host, FREE_SEATS)
    async with door(host.engine) as session:
        if await session.get(Handle, worker.handle) is None:
            return f"{host.name} has not heard of them"
    return await walk.attempt(
        host,
        lambda session: propose(session, new_id(), seat, worker.handle, walk.now, origin="plan"),
    )


async def away(walk: Walk) -> str:
    station, worker = walk.somebody()
    starts = await walk.any_of(
        station, select(Shift.starts).where(Shift.starts > walk.now).order_by(Shift.starts)
    )
    give_back = walk.random.random() < 0.5
    return await walk.attempt(
        station,
        lambda session: enter_leave(
            session,
            worker.asker,
            worker.id,
            starts,
            starts + timedelta(minutes=30),
            walk.now,
            give_back=give_back,
        ),
    )


async def leave_project(walk: Walk) -> str:
    station, worker = walk.somebody()
    if len(walk.nodes.people[station.name]) <= 2:
        return "too few are left"
    said = await walk.attempt(
        station, lambda session: let_go(session, OPERATOR, person_id=worker.id, now=walk.now)
    )
    if said.startswith("done"):
        walk.nodes.people[station.name].remove(worker)
    return said


SEATS: dict[Step, int] = {
    sign_up: 14,
    drop_out: 5,
    ask_others: 4,
    take_over: 5,
    ask_no_more: 1,
    plan: 5,
    away: 3,
    leave_project: 1,
}
