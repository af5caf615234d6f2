"""A plan is published while its people, and others, sign up by themselves: real connections."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.outbox import OutboxRow
from database.session import door
from federation.errors import Refusal
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.plans.actions import keep_plan, order_plan, propose_from_plan, publish_plan
from rota.sign_up.actions import claim_seat
from rota.sign_up.proposals import decide_proposal
from tests.rota.plans.test_ordering_and_publishing_plans import answer
from tests.rota.world import NOW, TUESDAY_19, Worker, a_pool, a_project, a_shift, a_worker

FIRST, UNTIL = date(2027, 1, 4), date(2027, 1, 18)
EVENINGS = 10


async def test_publishing_a_plan_against_sign_up_leaves_one_holder_a_seat_and_nobody_twice(
    committing_engine: AsyncEngine,
) -> None:
    """Each evening: one person is planned, another signs up, the planned one does so elsewhere."""
    async with door(committing_engine) as session:
        coordinator = await a_project(session)
        pool = await a_pool(session, coordinator)
        people = [
            await a_worker(session, pool.id, coordinator, rest_hours=0) for _ in range(2 * EVENINGS)
        ]
        evenings = [
            await a_shift(session, pool, TUESDAY_19 + timedelta(days=at // 2))
            for at in range(2 * EVENINGS)
        ]
        planned, faster = people[::2], people[1::2]
        shifts, others = evenings[::2], evenings[1::2]
        plan = await order_plan(session, coordinator, pool.id, FIRST, UNTIL, NOW)
        seats = [(shift, "lead", who) for shift, who in zip(shifts, planned, strict=True)]
        await keep_plan(session, plan.id, answer(*seats))

    async def take(who: Worker, seat: UUID) -> str:
        try:
            async with door(committing_engine) as session:
                await claim_seat(session, who.asker, seat, NOW)
        except Refusal as refusal:
            return refusal.code
        return "done"

    async def propose(job: OutboxRow) -> str:
        async with door(committing_engine) as session:
            made = await propose_from_plan(session, job.payload, NOW)
        async with door(committing_engine) as session:
            await decide_proposal(session, UUID(job.payload["claim"]), NOW)
        return "proposed" if made else "left"

    async def publish() -> list[str]:
        async with door(committing_engine) as session:
            await publish_plan(session, coordinator, plan.id, NOW)
        async with door(committing_engine) as session:
            jobs = list(await session.scalars(select(OutboxRow).where(OutboxRow.kind == "propose")))
        return list(await asyncio.gather(*(propose(job) for job in jobs)))

    said, signed_up, elsewhere = await asyncio.gather(
        publish(),
        asyncio.gather(*(take(who, shift.lead) for who, shift in zip(faster, shifts, strict=True))),
        asyncio.gather(
            *(take(who, shift.lead) for who, shift in zip(planned, others, strict=True))
        ),
    )
    assert len(said) == EVENINGS
    assert set(said) <= {"proposed", "left"}
    assert set(signed_up) <= {"done", "seat-taken"}
    assert Counter(said)["left"] <= Counter(signed_up)["done"]
    assert set(elsewhere) <= {"done", "refused", "double-booked", "claim-refused"}
    async with door(committing_engine) as session:
        held = await session.execute(
            select(Claim.seat_id, func.count().label("holders"))
            .where(Claim.state.in_(("held", "proposed")), Claim.decided_here)
            .group_by(Claim.seat_id)
        )
        per_seat = {row.seat_id: row.holders for row in held}
        booked = await session.scalars(select(Booking.claim_id).where(Booking.active))
        mine = await session.scalars(select(Claim.id).where(Claim.state == "held"))
    assert set(per_seat.values()) <= {1}
    assert sorted(booked) == sorted(mine)
    # every evening somebody came: by the plan or by themselves
    taken = {shift.lead for shift in shifts} & per_seat.keys()
    refused_both = [at for at, shift in enumerate(shifts) if shift.lead not in taken]
    assert all(signed_up[at] != "done" for at in refused_both)
