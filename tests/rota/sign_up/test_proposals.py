"""What a host would like: the seat is kept, home decides, and only its yes makes it held."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import select, update

from database.ids import new_id
from database.outbox import OutboxRow
from rota.bookings.models import Booking
from rota.claims.errors import SeatTaken
from rota.claims.models import Claim
from rota.leave.actions import enter_leave
from rota.sign_up.actions import claim_seat, lapse_claim, release_claim
from rota.sign_up.moved_elsewhere import claims_here, follow_move
from rota.sign_up.proposals import propose
from tests.rota.two_nodes import PRIVATE, Side, TwoNodes, of_claim
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    Planned,
    Worker,
    a_pool,
    a_shift,
    a_worker,
    claim_now,
    everything,
    seat_states,
)

ANSWER_BY = TUESDAY_19 - timedelta(minutes=75)


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    return await nodes.worker()


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    return await nodes.shift(lambda session: a_shift(session, nodes.pool))


async def ask_home(nodes: TwoNodes, worker: Worker, seat: UUID) -> UUID:
    claim_id = new_id()
    async with nodes.host.door() as session:
        await propose(session, claim_id, seat, worker.handle, NOW, origin="plan")
    return claim_id


async def stands(side: Side, claim: UUID) -> tuple[str, bool]:
    """Tell a claim's state, and whether it takes somebody's time here."""
    booked = await side.session.scalar(select(Booking.active).where(Booking.claim_id == claim))
    return (await claim_now(side.session, claim)).state, bool(booked)


async def lead_state(side: Side, shift: Planned) -> str:
    return (await seat_states(side.session, shift))["lead"]


async def test_a_proposal_keeps_the_seat_and_waits(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    assert await stands(nodes.host, claim) == ("proposed", False)
    assert await lead_state(nodes.host, shift) == "proposed"
    asked = await of_claim(nodes.host, "claim.proposed", claim)
    assert (asked.feed_kind, asked.subject, asked.content) == (
        PRIVATE,
        nodes.home.id,
        {
            "claim": str(claim),
            "seat": str(shift.lead),
            "handle": str(worker.handle),
            "origin": "plan",
            "answer_by": ANSWER_BY.isoformat(),
            "term": 1,
        },
    )
    due = await nodes.host.session.scalar(
        select(OutboxRow.due).where(OutboxRow.kind == "claim-expiry", OutboxRow.key == str(claim))
    )
    assert due == ANSWER_BY
    async with nodes.host.door() as session:
        local = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        with pytest.raises(SeatTaken):
            await claim_seat(session, local.asker, shift.lead, NOW)


async def test_homes_yes_makes_it_held_on_both_nodes(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    assert await nodes.home.catch_up(nodes.host) == []
    # home has said yes, and keeps the time until the host confirms
    assert await stands(nodes.home, claim) == ("requested", True)
    assert (await of_claim(nodes.home, "proposal.answered", claim)).content == {
        "claim": str(claim),
        "yes": True,
        "begins": "2027-01-05T18:45:00+00:00",
        "ends": "2027-01-05T21:15:00+00:00",
    }
    await nodes.exchange()
    assert await stands(nodes.host, claim) == ("held", False)
    assert await stands(nodes.home, claim) == ("held", True)
    assert await lead_state(nodes.home, shift) == "held"
    kept = await claim_now(nodes.home.session, claim)
    assert (kept.origin, kept.decided_here, bool(kept.receipt)) == ("plan", False, True)


async def test_homes_no_frees_the_seat_and_keeps_its_reason_at_home(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    async with nodes.home.door() as session:
        ends = TUESDAY_19 + timedelta(hours=1)
        await enter_leave(session, worker.asker, worker.id, TUESDAY_19, ends, NOW)
    claim = await ask_home(nodes, worker, shift.lead)
    await nodes.exchange()
    assert await stands(nodes.host, claim) == ("refused", False)
    assert await stands(nodes.home, claim) == ("refused", False)
    assert await lead_state(nodes.host, shift) == "open"
    at_home = await claim_now(nodes.home.session, claim)
    assert [reason["code"] for reason in at_home.reasons] == ["on-leave"]
    assert (await claim_now(nodes.host.session, claim)).reasons == []
    assert (await of_claim(nodes.home, "proposal.answered", claim)).content == {
        "claim": str(claim),
        "yes": False,
    }
    assert b"leave" not in b"".join(said.payload for said in await nodes.home.said())


async def test_an_unanswered_proposal_lapses_and_the_seat_is_open(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    async with nodes.host.door() as session:
        await lapse_claim(session, claim, ANSWER_BY)
    assert await stands(nodes.host, claim) == ("lapsed", False)
    assert await lead_state(nodes.host, shift) == "open"
    # home hears both, decides on the first and lets it end with the second
    await nodes.exchange(ANSWER_BY - timedelta(minutes=1))
    assert await stands(nodes.home, claim) == ("lapsed", False)
    assert await stands(nodes.host, claim) == ("lapsed", False)


async def test_home_does_not_accept_what_has_lapsed(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    await nodes.exchange(ANSWER_BY)
    assert await stands(nodes.home, claim) == ("refused", False)
    assert await stands(nodes.host, claim) == ("refused", False)


async def test_a_yes_that_comes_too_late_is_no_longer_taken(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    assert await nodes.home.catch_up(nodes.host) == []
    assert await nodes.host.catch_up(nodes.home, ANSWER_BY) == []
    assert await stands(nodes.host, claim) == ("lapsed", False)
    await nodes.exchange(ANSWER_BY)
    assert await stands(nodes.home, claim) == ("refused", False)
    assert await lead_state(nodes.home, shift) == "open"


async def test_a_yes_without_confirmation_frees_the_worker_after_five_minutes(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    assert await nodes.home.catch_up(nodes.host) == []
    due = await nodes.home.session.scalar(
        select(OutboxRow.due).where(OutboxRow.kind == "claim-expiry", OutboxRow.key == str(claim))
    )
    assert due == ANSWER_BY + timedelta(minutes=5)
    async with nodes.home.door() as session:
        await lapse_claim(session, claim, due)
    assert await stands(nodes.home, claim) == ("lapsed", False)
    await nodes.exchange(due)
    assert await stands(nodes.host, claim) == ("lapsed", False)


async def test_a_repeated_proposal_is_decided_once(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    await nodes.exchange()
    asked = await of_claim(nodes.host, "claim.proposed", claim)
    answered = await of_claim(nodes.home, "proposal.answered", claim)
    before = await everything(nodes.home.session)
    assert await nodes.home.hear(nodes.host, asked) is None
    after = await everything(nodes.home.session)
    # nothing is decided anew; what is here is said again beside the request
    assert {name for name in after if after[name] != before[name]} == {OutboxRow.__tablename__}
    assert await nodes.host.hear(nodes.home, answered) is None
    assert await stands(nodes.host, claim) == ("held", False)
    assert await nodes.host.hear(nodes.home, answered.saying(yes=False)) is None
    assert await stands(nodes.host, claim) == ("held", False)


async def offer_anew(nodes: TwoNodes, claim: UUID) -> None:
    """Let the host offer a claim of which it knows no answer, as after it has taken a pool over."""
    asked = await of_claim(nodes.host, "claim.proposed", claim)
    async with nodes.host.door() as session:
        await session.execute(
            update(Claim)
            .where(Claim.id == claim)
            .values(state="proposed", receipt=None, ended_at=None)
        )
    assert await nodes.home.hear(nodes.host, asked) is None


async def test_who_holds_a_seat_says_so_again_when_it_is_offered_anew(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    await nodes.exchange()
    await offer_anew(nodes, claim)
    assert await stands(nodes.host, claim) == ("proposed", False)
    [about] = await nodes.home.session.scalars(
        select(OutboxRow.payload).where(OutboxRow.kind == "follow-move")
    )
    for mine in await nodes.home.do(lambda s: claims_here(s, UUID(about["shift"]))):
        await nodes.home.do(partial(follow_move, claim_id=mine, now=NOW))
    await nodes.exchange()
    assert await stands(nodes.host, claim) == ("held", False)
    assert await stands(nodes.home, claim) == ("held", True)


async def test_who_gave_a_seat_back_says_so_again_when_it_is_offered_anew(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    await nodes.exchange()
    async with nodes.home.door() as session:
        await release_claim(session, worker.asker, claim, NOW)
    await nodes.exchange()
    await offer_anew(nodes, claim)
    await nodes.exchange()
    assert await stands(nodes.host, claim) == ("released", False)
    assert await stands(nodes.home, claim) == ("released", False)


async def test_the_worker_gives_a_proposed_seat_back(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    await nodes.exchange()
    async with nodes.home.door() as session:
        await release_claim(session, worker.asker, claim, NOW)
    await nodes.exchange()
    assert await stands(nodes.host, claim) == ("released", False)
    assert await lead_state(nodes.home, shift) == "open"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"handle": str(new_id())}, "not-here-yet"),
        ({"seat": str(new_id())}, "not-here-yet"),
        ({"origin": "worker"}, "ValidationError"),
        ({"answer_by": "2027-01-05T12:00:00"}, "ValidationError"),
    ],
)
async def test_a_proposal_that_cannot_be_is_set_aside(
    nodes: TwoNodes, worker: Worker, shift: Planned, changed: dict[str, object], code: str
) -> None:
    claim = await ask_home(nodes, worker, shift.lead)
    asked = await of_claim(nodes.host, "claim.proposed", claim)
    before = await everything(nodes.home.session)
    assert await nodes.home.hear(nodes.host, asked.saying(**changed)) == code
    assert await everything(nodes.home.session) == before


async def test_a_host_proposes_for_its_own_pools_only(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """Home's own pool, on the same node, is not a partner's to staff."""
    async with nodes.home.door() as session:
        own = await a_pool(session, nodes.coordinator)
        local = await a_worker(session, own.id, nodes.coordinator)
        planned = await a_shift(session, own)
    claim = await ask_home(nodes, worker, shift.lead)
    asked = await of_claim(nodes.host, "claim.proposed", claim)
    before = await everything(nodes.home.session)
    for seat, handle in ((planned.lead, local.handle), (planned.lead, worker.handle)):
        forged = asked.saying(seat=str(seat), handle=str(handle))
        assert await nodes.home.hear(nodes.host, forged) == "not-here-yet"
    assert await everything(nodes.home.session) == before
