from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import OutboxRow
from federation.notices.models import Notice
from federation.partners.rules.canonical import admit
from federation.partners.rules.signatures import public_part, verified
from federation.people.models import Person
from rota.bookings.models import Booking
from rota.claims.errors import ClaimOver, ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.sign_up.actions import claim_seat, lapse_claim, release_claim
from rota.sign_up.from_homes import NO_SUCH_SEAT
from tests.rota.two_nodes import PRIVATE, Side, TwoNodes, of_claim, private_kinds
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    Planned,
    Worker,
    a_shift,
    a_worker,
    claim_now,
    everything,
    seat_states,
)

RECEIPT = "netreach-receipt+jws"


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    return await nodes.worker()


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    return await nodes.shift(lambda session: a_shift(session, nodes.pool))


async def ask(nodes: TwoNodes, worker: Worker, seat: UUID, now: datetime = NOW) -> UUID:
    async with nodes.home.door() as session:
        return (await claim_seat(session, worker.asker, seat, now)).id


async def withdraw(nodes: TwoNodes, worker: Worker, claim: UUID, now: datetime = NOW) -> None:
    async with nodes.home.door() as session:
        await release_claim(session, worker.asker, claim, now)


async def lapse(side: Side, claim: UUID, now: datetime) -> None:
    async with side.door() as session:
        await lapse_claim(session, claim, now)


async def state(side: Side, claim: UUID) -> str:
    return (await claim_now(side.session, claim)).state


async def booked(side: Side, claim: UUID) -> bool:
    found = await side.session.scalar(select(Booking.active).where(Booking.claim_id == claim))
    return bool(found)


async def test_a_claim_is_asked_for_granted_and_confirmed(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    assert (await state(nodes.home, claim), await booked(nodes.home, claim)) == ("requested", True)
    assert await seat_states(nodes.home.session, shift) == dict.fromkeys(shift.seats, "open")
    assert await nodes.host.catch_up(nodes.home) == []
    assert await state(nodes.host, claim) == "held"
    assert await nodes.home.catch_up(nodes.host) == []
    assert (await state(nodes.home, claim), await booked(nodes.home, claim)) == ("held", True)
    for side in (nodes.host, nodes.home):
        assert await seat_states(side.session, shift) == {
            "lead": "held",
            "second": "open",
            "supervisor": "open",
        }


async def test_what_is_asked_and_answered_is_exactly_this(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    await nodes.exchange()
    asked = await of_claim(nodes.home, "claim.requested", claim)
    answered = await of_claim(nodes.host, "claim.answered", claim)
    assert (asked.feed_kind, asked.subject) == (PRIVATE, nodes.host.id)
    assert asked.content == {
        "claim": str(claim),
        "seat": str(shift.lead),
        "handle": str(worker.handle),
        "answer_by": "2027-01-05T12:00:00+00:00",
    }
    receipt = answered.content.pop("receipt")
    assert answered.content | {"receipt": ""} == {
        "claim": str(claim),
        "state": "held",
        "reasons": [],
        "receipt": "",
        "term": 1,
    }
    kept = await claim_now(nodes.home.session, claim)
    assert kept.receipt == receipt
    head = public_part(nodes.host.keys.by_role["head"])
    assert admit(verified(receipt, [head], RECEIPT)) == {
        "kind": "claim-receipt",
        "claim": str(claim),
        "seat": str(shift.lead),
        "handle": str(worker.handle),
        "state": "held",
        "at": "2027-01-04T12:00:00+00:00",
    }


async def test_a_seat_that_went_to_somebody_else_frees_the_worker(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    async with nodes.host.door() as session:
        local = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        await claim_seat(session, local.asker, shift.lead, NOW)
    # home has not heard of it yet
    claim = await ask(nodes, worker, shift.lead)
    await nodes.exchange()
    kept = await claim_now(nodes.home.session, claim)
    assert (kept.state, kept.reasons) == (
        "refused",
        [{"code": "seat-taken", "text": SeatTaken.title}],
    )
    assert kept.receipt is None
    assert not await booked(nodes.home, claim)
    notices = await nodes.home.session.scalars(
        select(Notice.code).where(Notice.person_id == worker.id)
    )
    assert list(notices) == ["claim-refused"]


async def test_a_refusal_is_told_to_nobody_else(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    async with nodes.host.door() as session:
        local = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        await claim_seat(session, local.asker, shift.lead, NOW)
    before = await nodes.host.said("shift.stated")
    await ask(nodes, worker, shift.lead)
    assert await nodes.host.catch_up(nodes.home) == []
    assert await nodes.host.said("shift.stated") == before


async def test_what_home_refuses_is_never_asked(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    held = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    await ask(nodes, worker, held.lead)
    before = await everything(nodes.home.session)
    with pytest.raises(ClaimRefused) as refused:
        await ask(nodes, worker, shift.lead)
    assert [reason.code for reason in refused.value.reasons] == ["double-booked"]
    assert await everything(nodes.home.session) == before


async def test_a_request_already_keeps_the_workers_time(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    await ask(nodes, worker, shift.lead)
    with pytest.raises(ClaimRefused):
        await ask(nodes, worker, shift.seats["second"])


@pytest.mark.parametrize(
    ("starts", "answer_by"),
    [
        (NOW + timedelta(hours=31), NOW + timedelta(hours=24)),
        # the briefing is a quarter of an hour before the start, the answer an hour before that
        (NOW + timedelta(hours=25, minutes=15), NOW + timedelta(hours=24)),
        (NOW + timedelta(hours=25), NOW + timedelta(hours=23, minutes=45)),
        (NOW + timedelta(hours=2), NOW + timedelta(minutes=45)),
    ],
)
async def test_an_answer_is_due_in_a_day_and_an_hour_before_the_briefing(
    nodes: TwoNodes, worker: Worker, starts: datetime, answer_by: datetime
) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, starts))
    claim = await ask(nodes, worker, shift.lead)
    assert (await claim_now(nodes.home.session, claim)).answer_by == answer_by
    due = await nodes.home.session.scalar(
        select(OutboxRow.due).where(OutboxRow.kind == "claim-expiry", OutboxRow.key == str(claim))
    )
    assert due == answer_by + timedelta(minutes=5)


async def test_an_hour_before_the_briefing_it_is_too_late_to_ask(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    late = TUESDAY_19 - timedelta(minutes=75)
    with pytest.raises(ClaimRefused) as refused:
        await ask(nodes, worker, shift.lead, late)
    assert [reason.code for reason in refused.value.reasons] == ["too-late-for-host"]
    await ask(nodes, worker, shift.lead, late - timedelta(seconds=1))


async def test_the_host_never_grants_when_the_answer_would_be_late(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    by = (await claim_now(nodes.home.session, claim)).answer_by
    assert await nodes.host.catch_up(nodes.home, by) == []
    kept = await claim_now(nodes.host.session, claim)
    assert (kept.state, kept.reasons[0]["code"]) == ("refused", "answer-too-late")
    assert (await seat_states(nodes.host.session, shift))["lead"] == "open"
    await nodes.exchange(by)
    assert (await state(nodes.home, claim), await booked(nodes.home, claim)) == ("refused", False)


async def test_without_an_answer_the_worker_is_free_and_the_host_is_told(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    after = (await claim_now(nodes.home.session, claim)).answer_by + timedelta(minutes=5)
    await lapse(nodes.home, claim, after)
    assert (await state(nodes.home, claim), await booked(nodes.home, claim)) == ("lapsed", False)
    assert await private_kinds(nodes.home) == [
        "member.joined",
        "handle.stated",
        "claim.requested",
        "claim.cancelled",
    ]
    cancel = await of_claim(nodes.home, "claim.cancelled", claim)
    assert cancel.content == {"claim": str(claim)}


async def test_a_grant_that_arrives_after_the_lapse_is_taken_back(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    assert await nodes.host.catch_up(nodes.home) == []
    assert await state(nodes.host, claim) == "held"
    after = (await claim_now(nodes.home.session, claim)).answer_by + timedelta(minutes=5)
    await lapse(nodes.home, claim, after)
    assert await nodes.home.catch_up(nodes.host, after) == []
    assert (await state(nodes.home, claim), await booked(nodes.home, claim)) == ("lapsed", False)
    await nodes.exchange(after)
    assert await state(nodes.host, claim) == "released"
    assert (await seat_states(nodes.home.session, shift))["lead"] == "open"


async def test_an_answer_in_time_makes_the_lapse_do_nothing(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    await nodes.exchange()
    before = await everything(nodes.home.session)
    await lapse(nodes.home, claim, NOW + timedelta(hours=25))
    assert await everything(nodes.home.session) == before


async def test_a_seat_given_back_at_home_is_open_at_the_host(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    await nodes.exchange()
    await withdraw(nodes, worker, claim)
    assert (await state(nodes.home, claim), await booked(nodes.home, claim)) == ("released", False)
    await nodes.exchange()
    assert await state(nodes.host, claim) == "released"
    for side in (nodes.host, nodes.home):
        assert (await seat_states(side.session, shift))["lead"] == "open"
    with pytest.raises(ClaimOver):
        await withdraw(nodes, worker, claim)


async def test_a_withdrawn_request_is_cancelled(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    await withdraw(nodes, worker, claim)
    assert not await booked(nodes.home, claim)
    await nodes.exchange()
    assert await state(nodes.host, claim) == "released"
    assert (await seat_states(nodes.host.session, shift))["lead"] == "open"


async def test_a_request_for_a_seat_that_the_host_has_forgotten_is_refused_at_once(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """A host that was restored may not know a session any more; nobody waits for it in vain."""
    claim = await ask(nodes, worker, shift.lead)
    asked = await of_claim(nodes.home, "claim.requested", claim)
    assert await nodes.host.hear(nodes.home, asked.saying(seat=str(new_id()))) is None
    answered = await of_claim(nodes.host, "claim.answered", claim)
    assert answered.content == {
        "claim": str(claim),
        "state": "refused",
        "reasons": [NO_SUCH_SEAT._asdict()],
        "receipt": None,
    }


async def nothing_personal(side: Side, *secrets: str) -> None:
    words = b"\n".join(said.payload for said in await side.said())
    for secret in secrets:
        assert secret.encode() not in words


async def people_and_names(session: AsyncSession) -> list[str]:
    rows = await session.execute(select(Person.id, Person.name))
    return [str(value) for row in rows for value in row]


async def test_nothing_personal_crosses(nodes: TwoNodes, worker: Worker, shift: Planned) -> None:
    claim = await ask(nodes, worker, shift.lead)
    await nodes.exchange()
    await withdraw(nodes, worker, claim)
    await nodes.exchange()
    for side in (nodes.host, nodes.home):
        secrets = await people_and_names(side.session)
        assert len(secrets) >= 2
        await nothing_personal(side, *secrets, "Private")
        # and what members see of a pool names no handle
        pool_words = b"".join(
            said.payload for said in await side.said() if said.feed_kind != PRIVATE
        )
        assert str(worker.handle).encode() not in pool_words
        assert worker.display.encode() not in pool_words
    kept: Claim = await claim_now(nodes.host.session, claim)
    assert kept.state == "released"
