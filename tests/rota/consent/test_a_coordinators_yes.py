"""Where a pool wants it, a claim counts only with the yes of the worker's own coordinator."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound, Refusal
from federation.notices.models import Notice
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from federation.pools.settings import set_consent
from rota.availability.models import Leave
from rota.bookings.models import Booking
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.consent.actions import give_consent, lapse_consent, refuse_consent
from rota.consent.errors import ConsentOver, ReasonMissing
from rota.consent.models import Consent
from rota.consent.queries import consents_wanted, own_wishes
from rota.cover.actions import ask_for_cover
from rota.cover.take import take_cover
from rota.sign_up.actions import claim_seat, release_claim
from rota.waiting.actions import accept_offer, wait_for_seat
from tests.rota.two_nodes import TwoNodes, private_kinds
from tests.rota.worked_off import let_time_pass, work_off
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
    claim_now,
    everything,
    seat_states,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    pool = await a_pool(session, await a_project(session))
    await set_consent(session, pool.coordinator, pool.id, NOW, needed=True)
    return pool


@pytest.fixture
async def shift(session: AsyncSession, pool: ExamplePool) -> Planned:
    return await a_shift(session, pool, TUESDAY_19 + 7 * DAY)


@pytest.fixture
async def worker(session: AsyncSession, pool: ExamplePool) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator)


async def refused(session: AsyncSession, kind: type[Refusal], action: Awaitable[Any]) -> list[str]:
    before = await everything(session)
    with pytest.raises(kind) as caught:
        async with session.begin_nested():
            await action
    assert await everything(session) == before
    return [reason.code for reason in caught.value.reasons]


async def told(session: AsyncSession, person: Worker | Asker) -> list[str]:
    person_id = person.id if isinstance(person, Worker) else person.person_id
    rows = await session.scalars(
        select(Notice.code).where(Notice.person_id == person_id).order_by(Notice.id)
    )
    return list(rows)


async def booked(session: AsyncSession) -> set[UUID]:
    return set(await session.scalars(select(Booking.claim_id).where(Booking.active)))


async def state_of(session: AsyncSession, claim: UUID) -> tuple[str, list[str]]:
    kept = await claim_now(session, claim)
    return kept.state, [reason["code"] for reason in kept.reasons]


async def test_a_claim_waits_and_counts_with_the_yes(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    assert (claim.state, claim.answer_by) == ("requested", NOW + DAY)
    # the worker's time is kept, the seat is not: nobody else waits for a coordinator
    assert await booked(session) == {claim.id}
    assert (await seat_states(session, shift))["lead"] == "open"
    assert (await own_wishes(session, worker.asker, NOW)).waiting == {claim.id}
    [seen] = await consents_wanted(session, pool.coordinator, NOW)
    assert (seen.handle, seen.seat.id, seen.consent.until) == (
        worker.display,
        shift.lead,
        NOW + DAY,
    )
    assert await told(session, pool.coordinator) == ["consent-wanted"]
    given = await give_consent(session, pool.coordinator, claim.id, NOW + HOUR)
    assert given.state == "held"
    assert await booked(session) == {claim.id}
    assert (await seat_states(session, shift))["lead"] == "held"
    assert await told(session, worker) == ["consent-given"]
    assert (await own_wishes(session, worker.asker, NOW)).waiting == frozenset()
    for again in (
        give_consent(session, pool.coordinator, claim.id, NOW + HOUR),
        refuse_consent(session, pool.coordinator, claim.id, "No", NOW + HOUR),
    ):
        assert await refused(session, ConsentOver, again) == []


async def test_a_no_says_why_and_frees_the_worker(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    for words in ("", "  ", "x" * 301):
        no = refuse_consent(session, pool.coordinator, claim.id, words, NOW)
        assert await refused(session, ReasonMissing, no) == []
    await refuse_consent(
        session, pool.coordinator, claim.id, " Two nights in a row\nare enough. ", NOW
    )
    ended = await claim_now(session, claim.id)
    assert (ended.state, ended.reasons) == (
        "refused",
        [{"code": "consent-refused", "text": "Two nights in a row are enough."}],
    )
    assert await booked(session) == set()
    assert await told(session, worker) == ["consent-refused"]
    [(shown, _)] = (await own_wishes(session, worker.asker, NOW)).refused
    assert shown.id == claim.id
    consent = await session.get_one(Consent, claim.id)
    assert (consent.state, consent.decided_by) == ("refused", pool.coordinator.person_id)


async def test_without_an_answer_the_worker_is_free_again(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    before = await everything(session)
    await lapse_consent(session, claim.id, NOW + DAY - timedelta(seconds=1))
    assert await everything(session) == before
    late = give_consent(session, pool.coordinator, claim.id, NOW + DAY)
    assert await refused(session, ConsentOver, late) == []
    await work_off(session, NOW + DAY)
    assert await state_of(session, claim.id) == ("refused", ["consent-lapsed"])
    assert (await booked(session), await told(session, worker)) == (set(), ["consent-lapsed"])


async def test_only_a_coordinator_of_the_workers_own_project_decides(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, NOW)
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    assert await consents_wanted(session, partner, NOW) == []
    for asker, kind in ((partner, NotFound), (worker.asker, NotAllowed)):
        for action in (
            give_consent(session, asker, claim.id, NOW),
            refuse_consent(session, asker, claim.id, "No", NOW),
        ):
            assert await refused(session, kind, action) == []
    with pytest.raises(NotAllowed):
        await consents_wanted(session, worker.asker, NOW)


async def test_bug_8_both_halves_are_asked_again_with_the_yes(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    other = await a_worker(session, pool.id, pool.coordinator)
    claims = [
        await claim_seat(session, worker.asker, shift.lead, NOW),
        await claim_seat(session, other.asker, shift.seats["second"], NOW),
    ]
    session.add(Leave(person_id=worker.id, during=Range(shift.starts, shift.starts + DAY)))
    rival = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, pool.coordinator, shift.seats["second"], NOW, worker=rival.display)
    for claim in claims:
        await give_consent(session, pool.coordinator, claim.id, NOW)
    assert await state_of(session, claims[0].id) == ("refused", ["on-leave"])
    assert await state_of(session, claims[1].id) == ("refused", ["seat-taken"])
    assert await told(session, worker) == ["claim-refused"]
    kept = await session.scalars(select(Claim.handle_id).where(Claim.state == "held"))
    assert list(kept) == [rival.handle]


async def test_a_coordinators_own_act_needs_no_second_yes(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, pool.coordinator, shift.lead, NOW, worker=worker.display)
    assert claim.state == "held"
    assert not await session.scalar(select(func.count()).select_from(Consent))


async def test_a_withdrawn_claim_waits_for_nobody(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    await release_claim(session, worker.asker, claim.id, NOW)
    assert await consents_wanted(session, pool.coordinator, NOW) == []
    late = give_consent(session, pool.coordinator, claim.id, NOW)
    assert await refused(session, ConsentOver, late) == []
    await work_off(session, NOW + DAY)
    assert await state_of(session, claim.id) == ("released", [])


async def test_shortly_before_there_is_no_time_to_ask(
    session: AsyncSession, shift: Planned, worker: Worker
) -> None:
    late = claim_seat(session, worker.asker, shift.lead, shift.starts - 2 * HOUR)
    assert await refused(session, ClaimRefused, late) == ["too-late-for-consent"]


async def test_taking_over_and_accepting_an_offer_wait_for_the_yes_as_well(
    session: AsyncSession, pool: ExamplePool, shift: Planned, worker: Worker
) -> None:
    holder, waits = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    first = await claim_seat(session, pool.coordinator, shift.lead, NOW, worker=holder.display)
    cover = await ask_for_cover(session, holder.asker, first.id, NOW)
    taken = await take_cover(session, worker.asker, cover.id, NOW)
    assert (taken.state, (await claim_now(session, first.id)).state) == ("requested", "held")
    await give_consent(session, pool.coordinator, taken.id, NOW)
    assert (await claim_now(session, taken.id)).state == "held"
    assert (await claim_now(session, first.id)).state == "released"
    assert await booked(session) == {taken.id}

    await wait_for_seat(session, waits.asker, shift.lead, NOW)
    await release_claim(session, worker.asker, taken.id, NOW + 2 * HOUR)
    await work_off(session, NOW + 2 * HOUR)
    offer = (await session.scalars(select(Claim.id).where(Claim.state == "proposed"))).one()
    accepted = await accept_offer(session, waits.asker, offer, NOW + 2 * HOUR)
    assert accepted.state == "proposed"
    assert (await own_wishes(session, waits.asker, NOW)).waiting == {offer}
    await give_consent(session, pool.coordinator, offer, NOW + 3 * HOUR)
    assert (await claim_now(session, offer)).state == "held"
    assert await booked(session) == {offer}


async def test_the_setting_is_the_hosts_and_stated_to_members(nodes: TwoNodes) -> None:
    async def needed_at_home() -> bool:
        return bool(
            await nodes.home.session.scalar(
                select(Pool.consent_needed).where(Pool.id == nodes.pool.id)
            )
        )

    assert not await needed_at_home()
    async with nodes.home.door() as session:
        with pytest.raises(NotTheHost):
            await set_consent(session, nodes.coordinator, nodes.pool.id, NOW, needed=True)
    async with nodes.host.door() as session:
        await set_consent(session, nodes.pool.coordinator, nodes.pool.id, NOW, needed=True)
    await nodes.exchange()
    assert await needed_at_home()
    # a host of before does not speak of it
    stated = (await nodes.host.said("pool.stated"))[-1]
    old = {name: value for name, value in stated.content.items() if name != "consent_needed"}
    assert await nodes.home.hear(nodes.host, stated._replace(payload=b"{}").saying(**old)) is None
    assert not await needed_at_home()


async def test_on_another_node_the_host_hears_of_a_claim_only_with_the_yes(
    nodes: TwoNodes,
) -> None:
    async with nodes.host.door() as session:
        await set_consent(session, nodes.pool.coordinator, nodes.pool.id, NOW, needed=True)
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19 + 7 * DAY))
    worker = await nodes.worker()
    async with nodes.home.door() as session:
        claim = (await claim_seat(session, worker.asker, shift.lead, NOW)).id
    await let_time_pass(nodes)
    assert "claim.requested" not in await private_kinds(nodes.home)
    assert await state_of(nodes.home.session, claim) == ("requested", [])
    async with nodes.home.door() as session:
        await give_consent(session, nodes.coordinator, claim, NOW + HOUR)
    # the host has its full time to answer, counted from the yes
    assert (await claim_now(nodes.home.session, claim)).answer_by == NOW + HOUR + DAY
    await let_time_pass(nodes, NOW + HOUR)
    for side in (nodes.host, nodes.home):
        assert (await claim_now(side.session, claim)).state == "held"
    await let_time_pass(nodes, NOW + 3 * DAY)
    assert (await claim_now(nodes.home.session, claim)).state == "held"
