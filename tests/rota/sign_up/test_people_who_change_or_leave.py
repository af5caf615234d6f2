from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import follow_person
from database.outbox import OutboxRow
from database.session import door
from federation.notices.models import Notice
from federation.people.actions import PERSON_CHANGED, grant_role, let_go
from federation.people.models import Handle
from federation.pools.actions import restate_handles
from rota.bookings.models import Booking
from rota.calendar.actions import make_address
from rota.calendar.models import CalendarAddress
from rota.claims.models import Claim
from rota.sign_up.actions import claim_seat
from rota.sign_up.proposals import decide_proposal, propose
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    seat_states,
)


async def test_who_leaves_holds_nothing_that_is_still_to_come(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        leaver = await a_worker(session, pool.id, coordinator)
        stayer = await a_worker(session, pool.id, coordinator)
        past = await a_shift(session, pool, TUESDAY_19)
        coming = await a_shift(session, pool, TUESDAY_19 + timedelta(days=1))
        for worker, seat in ((leaver, past.lead), (leaver, coming.lead)):
            await claim_seat(session, worker.asker, seat, NOW)
        await claim_seat(session, stayer.asker, coming.seats["second"], NOW)
        await make_address(session, leaver.id, "Phone", "Shift", NOW)
    later = TUESDAY_19 + timedelta(hours=3)
    async with door(committing_engine) as session:
        await let_go(session, coordinator, person_id=leaver.id, now=later)
    await follow_person(committing_engine, {"person": str(leaver.id)}, later)
    async with door(committing_engine) as session:
        claims = await session.execute(
            select(Claim.seat_id, Claim.state).order_by(Claim.made_at, Claim.id)
        )
        assert {row.seat_id: row.state for row in claims} == {
            past.lead: "held",
            coming.lead: "released",
            coming.seats["second"]: "held",
        }
        assert await seat_states(session, coming) == {
            "lead": "open",
            "second": "held",
            "supervisor": "open",
        }
        booked = await session.scalars(
            select(Booking.claim_id).where(Booking.person_id == leaver.id, Booking.active)
        )
        assert len(booked.all()) == 1
        handle = await session.get_one(Handle, leaver.handle)
        assert handle.retired_at == later
        [revoked] = await session.scalars(
            select(CalendarAddress.revoked_at).where(CalendarAddress.person_id == leaver.id)
        )
        assert revoked == later


async def test_who_stays_loses_nothing(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        worker = await a_worker(session, pool.id, coordinator)
        shift = await a_shift(session, pool)
        claim = await claim_seat(session, worker.asker, shift.lead, NOW)
        await grant_role(session, coordinator, person_id=worker.id, role="supervisor", now=NOW)
    await follow_person(committing_engine, {"person": str(worker.id)}, NOW)
    async with door(committing_engine) as session:
        assert (await session.get_one(Claim, claim.id)).state == "held"
        handle = await session.get_one(Handle, worker.handle)
        assert (handle.roles, handle.retired_at) == (["supervisor", "worker"], None)


async def asked_for(session: AsyncSession, kind: str) -> list[str]:
    return list(await session.scalars(select(OutboxRow.key).where(OutboxRow.kind == kind)))


async def test_a_new_role_is_followed_after_the_commit(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    person = await a_person(session, coordinator.project_id, "worker")
    await session.execute(delete(OutboxRow))
    await grant_role(session, coordinator, person_id=person.person_id, role="supervisor", now=NOW)
    assert await asked_for(session, PERSON_CHANGED) == [str(person.person_id)]


async def test_a_host_hears_of_a_new_role_once(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    async with nodes.home.door() as session:
        await grant_role(
            session, nodes.coordinator, person_id=worker.id, role="supervisor", now=NOW
        )
    for _ in range(2):
        async with nodes.home.door() as session:
            await restate_handles(session, worker.id, NOW)
    stated = [said.content for said in await nodes.home.said("handle.stated")]
    assert [(each["id"], each["roles"], each["retired"]) for each in stated] == [
        (str(worker.handle), ["worker"], False),
        (str(worker.handle), ["supervisor", "worker"], False),
    ]


async def test_a_plan_that_seats_somebody_tells_them(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    shift = await a_shift(session, pool)
    claim_id = UUID(int=7)
    await propose(session, claim_id, shift.lead, worker.handle, NOW, origin="plan")
    await decide_proposal(session, claim_id, NOW)
    told = await session.execute(
        select(Notice.code, Notice.text).where(Notice.person_id == worker.id)
    )
    assert [tuple(row) for row in told] == [
        ("seated", "There is something new in your plan. Please look whether it suits you.")
    ]
