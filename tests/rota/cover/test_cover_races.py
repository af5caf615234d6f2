"""Cover and lines on separate connections: whoever comes at once, a seat has one holder."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.ids import new_id
from database.session import door
from federation.errors import Refusal
from federation.feeds.actions import append
from federation.partners.models import Partner
from federation.people.models import Handle
from federation.pools.actions import join_pool
from federation.projects.models import Project
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.follow import follow_seat
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.shifts.announce import RAISE_REVISION
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, release_claim
from rota.waiting.actions import wait_for_seat
from rota.waiting.models import WaitingEntry
from tests.locks import until_somebody_waits
from tests.rota.world import (
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

LATER = NOW + timedelta(hours=2)
PARTNER = "node-of-a-partner"


async def outcome(action: Awaitable[Any]) -> str:
    try:
        await action
    except Refusal as refusal:
        return ",".join(reason.code for reason in refusal.reasons) or refusal.code
    return "done"


async def evening(engine: AsyncEngine, workers: int) -> tuple[ExamplePool, Planned, list[Worker]]:
    async with door(engine) as session:
        pool = await a_pool(session, await a_project(session))
        shift = await a_shift(session, pool, TUESDAY_19 + timedelta(days=7))
        people = [await a_worker(session, pool.id, pool.coordinator) for _ in range(workers)]
    return pool, shift, people


async def asked(engine: AsyncEngine, holder: Worker, seat: UUID) -> tuple[UUID, UUID]:
    async with door(engine) as session:
        claim = await claim_seat(session, holder.asker, seat, NOW)
    async with door(engine) as session:
        cover = await ask_for_cover(session, holder.asker, claim.id, NOW)
    return claim.id, cover.id


async def take(engine: AsyncEngine, worker: Worker, cover: UUID) -> None:
    async with door(engine) as session:
        await take_cover(session, worker.asker, cover, LATER)


async def withdraw(engine: AsyncEngine, worker: Worker, cover: UUID) -> None:
    async with door(engine) as session:
        await withdraw_cover(session, worker.asker, cover, LATER)


async def give_back(engine: AsyncEngine, worker: Worker, claim: UUID) -> None:
    async with door(engine) as session:
        await release_claim(session, worker.asker, claim, LATER)


async def follow(engine: AsyncEngine, seat: UUID) -> None:
    async with door(engine) as session:
        await follow_seat(session, seat, LATER)


async def consistent(engine: AsyncEngine) -> None:
    """Hold seats, claims and bookings against each other, and open requests against seats."""
    async with door(engine) as session:
        held = Counter(await session.scalars(select(Claim.seat_id).where(Claim.state == "held")))
        shown = set(await session.scalars(select(Seat.id).where(Seat.state == "held")))
        booked = set(await session.scalars(select(Booking.claim_id).where(Booking.active)))
        claims = set(await session.scalars(select(Claim.id).where(Claim.state == "held")))
        asking = Counter(
            await session.scalars(select(CoverRequest.seat_id).where(CoverRequest.state == "open"))
        )
    assert set(held) == shown
    assert set(held.values()) <= {1}
    assert booked == claims
    assert set(asking.values()) <= {1}


async def test_a_cover_accepted_many_times_at_once_has_one_new_holder(
    committing_engine: AsyncEngine,
) -> None:
    _, shift, [holder, *others] = await evening(committing_engine, 9)
    old, cover = await asked(committing_engine, holder, shift.lead)
    said = await asyncio.gather(
        *(outcome(take(committing_engine, worker, cover)) for worker in others)
    )
    assert Counter(said) == {"done": 1, "cover-over": 7}
    await consistent(committing_engine)
    async with door(committing_engine) as session:
        assert (await session.get_one(Claim, old)).state == "released"


async def test_an_acceptance_against_a_withdrawal_leaves_one_holder(
    committing_engine: AsyncEngine,
) -> None:
    _, shift, [holder, other] = await evening(committing_engine, 2)
    old, cover = await asked(committing_engine, holder, shift.lead)
    taken, withdrawn = await asyncio.gather(
        outcome(take(committing_engine, other, cover)),
        outcome(withdraw(committing_engine, holder, cover)),
    )
    assert sorted((taken, withdrawn)) == ["cover-over", "done"]
    await consistent(committing_engine)
    async with door(committing_engine) as session:
        stays = (await session.get_one(Claim, old)).state == "held"
    assert stays is (withdrawn == "done")


async def test_an_acceptance_against_a_drop_out_leaves_one_holder(
    committing_engine: AsyncEngine,
) -> None:
    _, shift, [holder, other] = await evening(committing_engine, 2)
    old, cover = await asked(committing_engine, holder, shift.lead)
    taken, given = await asyncio.gather(
        outcome(take(committing_engine, other, cover)),
        outcome(give_back(committing_engine, holder, old)),
    )
    # who comes second finds the seat free, or theirs no longer
    assert taken == "done"
    assert given in {"done", "claim-over"}
    await follow(committing_engine, shift.lead)
    await consistent(committing_engine)
    async with door(committing_engine) as session:
        holders = await session.scalars(select(Claim.handle_id).where(Claim.state == "held"))
        assert list(holders) == [other.handle]


async def test_two_who_take_over_from_one_another_wait_for_nothing_in_a_circle(
    committing_engine: AsyncEngine,
) -> None:
    pool, first, [one, other] = await evening(committing_engine, 2)
    async with door(committing_engine) as session:
        second = await a_shift(session, pool, TUESDAY_19 + timedelta(days=9))
    covers = [
        (await asked(committing_engine, worker, shift.lead))[1]
        for worker, shift in ((one, first), (other, second))
    ]
    first_said, second_said = await asyncio.gather(
        outcome(take(committing_engine, other, covers[0])),
        outcome(take(committing_engine, one, covers[1])),
    )
    assert (first_said, second_said) == ("done", "done")
    await consistent(committing_engine)


async def test_nobody_overtakes_the_first_in_line_however_many_come_at_once(
    committing_engine: AsyncEngine,
) -> None:
    _, shift, [holder, first, second, *strangers] = await evening(committing_engine, 8)
    async with door(committing_engine) as session:
        claim = await claim_seat(session, holder.asker, shift.lead, NOW)
    for worker in (first, second):
        async with door(committing_engine) as session:
            await wait_for_seat(session, worker.asker, shift.lead, NOW)

    async def grab(worker: Worker) -> None:
        async with door(committing_engine) as session:
            await claim_seat(session, worker.asker, shift.lead, LATER)

    said = await asyncio.gather(
        give_back(committing_engine, holder, claim.id),
        *(outcome(grab(worker)) for worker in strangers),
        follow(committing_engine, shift.lead),
        follow(committing_engine, shift.lead),
    )
    assert set(said) - {None} <= {"seat-taken", "others-wait"}
    await follow(committing_engine, shift.lead)
    async with door(committing_engine) as session:
        offered = await session.scalars(
            select(Claim.handle_id).where(Claim.state.in_(("proposed", "held")))
        )
        assert list(offered) == [first.handle]
        waiting = await session.execute(
            select(WaitingEntry.handle_id, WaitingEntry.state).order_by(WaitingEntry.joined_at)
        )
        assert {row.handle_id: row.state for row in waiting} == {
            first.handle: "offered",
            second.handle: "waiting",
        }


async def test_many_who_join_a_line_at_once_get_one_place_each(
    committing_engine: AsyncEngine,
) -> None:
    _, shift, [holder, *others] = await evening(committing_engine, 6)
    async with door(committing_engine) as session:
        await claim_seat(session, holder.asker, shift.lead, NOW)

    async def join(worker: Worker) -> None:
        async with door(committing_engine) as session:
            await wait_for_seat(session, worker.asker, shift.lead, NOW)

    await asyncio.gather(*(join(worker) for worker in (*others, *others)))
    async with door(committing_engine) as session:
        places = await session.scalars(select(WaitingEntry.place).order_by(WaitingEntry.place))
        assert list(places) == [1, 2, 3, 4, 5]
        assert await session.scalar(select(func.count()).select_from(WaitingEntry)) == 5


async def test_a_line_of_partners_and_a_claim_elsewhere_wait_for_nothing_in_a_circle(
    committing_engine: AsyncEngine,
) -> None:
    """The pool comes before what one partner is told, also where a line is told of twice."""
    pool, shift, [holder] = await evening(committing_engine, 1)
    async with door(committing_engine) as session:
        claim = await claim_seat(session, holder.asker, shift.lead, NOW)
        partner = await a_project(session)
        await join_pool(session, partner, pool.id, SHARE, NOW)
        afar = await a_worker(session, pool.id, partner)
        session.add(
            WaitingEntry(
                id=new_id(),
                seat_id=shift.lead,
                handle_id=afar.handle,
                state="waiting",
                joined_at=NOW,
            )
        )
        session.add(
            Partner(
                node_id=PARTNER,
                name=PARTNER,
                base_url="https://partner.test",
                state="joined",
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=NOW,
            )
        )
        await session.flush()
        (await session.get_one(Handle, afar.handle)).person_id = None
        (await session.get_one(Project, partner.project_id)).node = PARTNER
        (await session.get_one(Seat, shift.lead)).watched = True
    await give_back(committing_engine, holder, claim.id)
    async with door(committing_engine) as session:
        # as a claim of that partner's on another shift does
        await session.execute(RAISE_REVISION, {"pool_id": pool.id})
        waiting = asyncio.create_task(follow(committing_engine, shift.lead))
        await until_somebody_waits(committing_engine)
        await append(session, "private", PARTNER, "claim.answered", {}, now=LATER)
    await waiting
    async with door(committing_engine) as session:
        [entry] = await session.scalars(select(WaitingEntry.state))
    assert entry == "offered"
