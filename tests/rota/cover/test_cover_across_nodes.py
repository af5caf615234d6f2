"""The host decides who holds a seat; each home asks, answers and frees its own people."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from federation.notices.models import Notice
from rota.bookings.models import Booking
from rota.claims.errors import ClaimRefused
from rota.cover.actions import withdraw_cover
from rota.sign_up.actions import lapse_claim, release_claim
from tests.rota.cover.across import DAY, ask, cover_at, hold, state, step, take
from tests.rota.two_nodes import PRIVATE, Side, TwoNodes, of_claim
from tests.rota.world import NOW, Planned, Worker, claim_now, everything, seat_states


async def booked(side: Side) -> set[UUID]:
    return set(await side.session.scalars(select(Booking.claim_id).where(Booking.active)))


async def told(side: Side, worker: Worker) -> list[str]:
    rows = await side.session.scalars(
        select(Notice.code).where(Notice.person_id == worker.id).order_by(Notice.id)
    )
    return list(rows)


async def test_own_people_of_another_node_are_asked_first_and_one_of_them_takes_it(
    nodes: TwoNodes, shift: Planned, away: Worker, local: Worker
) -> None:
    mate = await nodes.worker()
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    assert await cover_at(nodes.home, cover) == ("own-project", "asked")
    await nodes.exchange()
    for side in (nodes.home, nodes.host):
        assert await cover_at(side, cover) == ("own-project", "open")
    assert (await told(nodes.home, mate), await told(nodes.host, local)) == (["cover-wanted"], [])
    # while only its own project is asked, the members' feed says nothing of it
    assert [said.feed_kind for said in await nodes.host.said("cover.stated")] == [PRIVATE]

    taken = await take(nodes.home, mate, cover)
    assert (await state(nodes.home, taken), await state(nodes.home, claim)) == ("requested", "held")
    assert await booked(nodes.home) == {claim, taken}
    await nodes.exchange()
    for side in (nodes.home, nodes.host):
        assert (await state(side, taken), await state(side, claim)) == ("held", "released")
        assert await cover_at(side, cover) == ("own-project", "covered")
        assert (await seat_states(side.session, shift))["lead"] == "held"
    assert await booked(nodes.home) == {taken}
    assert (await claim_now(nodes.home.session, taken)).receipt is not None


async def test_partners_learn_that_a_seat_is_to_be_covered_never_whose_it_is(
    nodes: TwoNodes, shift: Planned, away: Worker, local: Worker
) -> None:
    claim = await hold(nodes.host, local, shift.lead, nodes)
    cover = await ask(nodes.host, local, claim)
    await nodes.exchange()
    assert await cover_at(nodes.home, cover) is None
    await step(nodes.host, cover, "own-project", 1)
    await nodes.exchange()
    assert await cover_at(nodes.home, cover) == ("partners", "open")
    [said] = await nodes.host.said("cover.stated")
    assert (said.feed_kind, said.content) == (
        "pool/shifts",
        {
            "cover": str(cover),
            "seat": str(shift.lead),
            "kind": "asked",
            "step": "partners",
            "state": "open",
            "until": (NOW + 3 * DAY).isoformat(),
            "term": 1,
        },
    )
    assert await told(nodes.home, away) == ["cover-wanted"]

    taken = await take(nodes.home, away, cover)
    asked = await of_claim(nodes.home, "cover.taken", taken)
    assert (asked.feed_kind, asked.subject) == (PRIVATE, nodes.host.id)
    assert asked.content == {
        "cover": str(cover),
        "claim": str(taken),
        "seat": str(shift.lead),
        "handle": str(away.handle),
        "answer_by": (NOW + DAY).isoformat(),
        "term": 1,
    }
    # until the host has decided, the old holder is still the one who comes
    assert await state(nodes.host, claim) == "held"
    await nodes.exchange()
    assert (await state(nodes.host, claim), await state(nodes.home, taken)) == ("released", "held")
    assert (await booked(nodes.host), await booked(nodes.home)) == (set(), {taken})
    assert await told(nodes.host, local) == ["covered"]
    for side in (nodes.home, nodes.host):
        assert await cover_at(side, cover) == ("partners", "covered")


async def test_a_hosts_worker_takes_over_from_another_node(
    nodes: TwoNodes, shift: Planned, away: Worker, local: Worker
) -> None:
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    await step(nodes.host, cover, "own-project", 1)
    taken = await take(nodes.host, local, cover)
    assert await state(nodes.host, taken) == "held"
    # home frees its worker when it hears of it, not before
    assert await booked(nodes.home) == {claim}
    await nodes.exchange()
    assert (await state(nodes.home, claim), await booked(nodes.home)) == ("released", set())
    assert "claim-ended" in await told(nodes.home, away)
    assert await cover_at(nodes.home, cover) == ("partners", "covered")


async def test_a_withdrawal_that_crosses_an_acceptance_leaves_one_holder(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    mate = await nodes.worker()
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    taken = await take(nodes.home, mate, cover)
    async with nodes.home.door() as session:
        await withdraw_cover(session, away.asker, cover, NOW)
    assert await cover_at(nodes.home, cover) == ("own-project", "withdrawing")
    withdrawn = (await nodes.home.said("cover.withdrawn"))[-1]
    # the withdrawal overtakes the acceptance
    assert await nodes.host.hear(nodes.home, withdrawn) is None
    await nodes.exchange()
    for side in (nodes.home, nodes.host):
        assert (await state(side, claim), await state(side, taken)) == ("held", "refused")
        assert await cover_at(side, cover) == ("own-project", "withdrawn")
    assert await booked(nodes.home) == {claim}
    refused = await claim_now(nodes.home.session, taken)
    assert [reason["code"] for reason in refused.reasons] == ["cover-over"]


async def test_an_acceptance_that_was_first_stands_against_a_withdrawal(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    mate = await nodes.worker()
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    taken = await take(nodes.home, mate, cover)
    async with nodes.home.door() as session:
        await withdraw_cover(session, away.asker, cover, NOW)
    await nodes.exchange()
    for side in (nodes.home, nodes.host):
        assert (await state(side, claim), await state(side, taken)) == ("released", "held")
        assert await cover_at(side, cover) == ("own-project", "covered")
    assert await booked(nodes.home) == {taken}


async def test_a_cancel_wins_over_its_acceptance_in_any_order(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    mate = await nodes.worker()
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    taken = await take(nodes.home, mate, cover)
    async with nodes.home.door() as session:
        await release_claim(session, mate.asker, taken, NOW)
    cancel = await of_claim(nodes.home, "claim.cancelled", taken)
    assert await nodes.host.hear(nodes.home, cancel) is None
    await nodes.exchange()
    assert (await state(nodes.host, claim), await state(nodes.host, taken)) == ("held", "refused")
    assert (await state(nodes.home, claim), await state(nodes.home, taken)) == ("held", "released")
    assert await cover_at(nodes.host, cover) == ("own-project", "open")


async def test_repeated_messages_change_nothing(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    mate = await nodes.worker()
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    taken = await take(nodes.home, mate, cover)
    await nodes.exchange()
    states = (await state(nodes.host, taken), await cover_at(nodes.host, cover))
    for said in await nodes.home.said("cover.asked", "cover.taken"):
        assert await nodes.host.hear(nodes.home, said) is None
    for said in await nodes.host.said("cover.stated", "claim.answered", "claim.ended"):
        if said.subject in {nodes.home.id, str(nodes.pool.id)}:
            assert await nodes.home.hear(nodes.host, said) is None
    assert (await state(nodes.host, taken), await cover_at(nodes.host, cover)) == states
    assert (await state(nodes.home, taken), await booked(nodes.home)) == ("held", {taken})
    assert (await told(nodes.home, mate)).count("cover-wanted") == 1


async def test_home_frees_who_offered_to_come_when_no_answer_comes(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    mate = await nodes.worker()
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    taken = await take(nodes.home, mate, cover)
    async with nodes.home.door() as session:
        await lapse_claim(session, taken, NOW + DAY + timedelta(minutes=5))
    assert await booked(nodes.home) == {claim}
    await nodes.exchange(NOW + 2 * DAY)
    # the host heard of it too late, and the cancel with it
    assert await state(nodes.host, claim) == "held"
    assert await cover_at(nodes.host, cover) == ("own-project", "open")


async def test_home_refuses_at_once_by_its_own_half(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    await nodes.exchange()
    untrained = await nodes.worker("supervisor")
    before = await everything(nodes.home.session)
    with pytest.raises(ClaimRefused) as refused:
        await take(nodes.home, untrained, cover)
    assert [reason.code for reason in refused.value.reasons] == ["role-missing"]
    assert await everything(nodes.home.session) == before
