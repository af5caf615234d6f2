"""Exchanges on separate connections, against drop-outs, claims and one another."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.errors import Refusal
from rota.sign_up.actions import claim_seat, release_claim
from rota.swaps.exchange import accept_offer
from rota.swaps.offering import offer_seat, withdraw_offer
from tests.rota.swaps.pair import LATER, Pair, a_pair, holders
from tests.rota.world import NOW, a_worker

Act = Callable[[AsyncSession], Awaitable[Any]]


async def outcome(engine: AsyncEngine, act: Act) -> str:
    try:
        async with door(engine) as session:
            await act(session)
    except Refusal as refusal:
        return ",".join(reason.code for reason in refusal.reasons) or refusal.code
    return "done"


async def together(engine: AsyncEngine, *acts: Act) -> list[str]:
    return await asyncio.gather(*(outcome(engine, act) for act in acts))


async def held(engine: AsyncEngine) -> dict[UUID, UUID]:
    async with door(engine) as session:
        return await holders(session)


@pytest.fixture
async def pair(committing_engine: AsyncEngine) -> Pair:
    async with door(committing_engine) as session:
        return await a_pair(session)


@pytest.fixture
async def offer(committing_engine: AsyncEngine, pair: Pair) -> UUID:
    async with door(committing_engine) as session:
        return (await offer_seat(session, pair.wren.asker, pair.wrens, NOW)).id


@pytest.mark.parametrize("round_", range(4))
@pytest.mark.parametrize("leaver", ["wren", "robin"])
async def test_a_swap_against_a_drop_out_is_one_or_the_other(
    committing_engine: AsyncEngine, pair: Pair, offer: UUID, leaver: str, round_: int
) -> None:
    gives_up = {"wren": (pair.wren, pair.wrens), "robin": (pair.robin, pair.robins)}[leaver]
    acts: list[Act] = [
        lambda s: accept_offer(s, pair.robin.asker, offer, LATER, gives=pair.robins),
        lambda s: release_claim(s, gives_up[0].asker, gives_up[1], LATER),
    ]
    if round_ % 2:
        acts.reverse()
    said = await together(committing_engine, *acts)
    assert sorted(said) in (
        ["claim-over", "done"],
        ["done", "offer-over"],
    )
    found = await held(committing_engine)
    lead, second = pair.tuesday.lead, pair.wednesday.seats["second"]
    swapped = {lead: pair.robin.handle, second: pair.wren.handle}
    stayed = {"wren": {second: pair.robin.handle}, "robin": {lead: pair.wren.handle}}[leaver]
    accepted = said[round_ % 2] == "done"
    assert found == (swapped if accepted else stayed)


async def test_many_who_take_up_one_offer_are_one(
    committing_engine: AsyncEngine, pair: Pair
) -> None:
    async with door(committing_engine) as session:
        coordinator = pair.pool.coordinator
        people = [await a_worker(session, pair.pool.id, coordinator) for _ in range(6)]
        gift = (await offer_seat(session, pair.wren.asker, pair.wrens, NOW, one_way=True)).id

    def takes(asker: Any) -> Act:
        return lambda session: accept_offer(session, asker, gift, LATER)

    said = await together(committing_engine, *(takes(each.asker) for each in people))
    assert Counter(said) == {"done": 1, "offer-over": 5}
    await held(committing_engine)


async def test_two_who_take_up_each_others_offers_do_not_wait_in_a_circle(
    committing_engine: AsyncEngine, pair: Pair, offer: UUID
) -> None:
    async with door(committing_engine) as session:
        back = (await offer_seat(session, pair.robin.asker, pair.robins, NOW)).id
    said = await together(
        committing_engine,
        lambda s: accept_offer(s, pair.robin.asker, offer, LATER, gives=pair.robins),
        lambda s: accept_offer(s, pair.wren.asker, back, LATER, gives=pair.wrens),
    )
    assert sorted(said) in (["claim-over", "done"], ["done", "offer-over"])
    assert await held(committing_engine) == {
        pair.tuesday.lead: pair.robin.handle,
        pair.wednesday.seats["second"]: pair.wren.handle,
    }


async def test_a_withdrawal_against_an_acceptance_is_one_or_the_other(
    committing_engine: AsyncEngine, pair: Pair, offer: UUID
) -> None:
    said = await together(
        committing_engine,
        lambda s: withdraw_offer(s, pair.wren.asker, offer, LATER),
        lambda s: accept_offer(s, pair.robin.asker, offer, LATER, gives=pair.robins),
    )
    assert Counter(said) == {"done": 1, "offer-over": 1}
    lead = (await held(committing_engine))[pair.tuesday.lead]
    assert lead == (pair.robin.handle if said[1] == "done" else pair.wren.handle)


async def test_a_swap_against_a_claim_at_the_same_time_books_nobody_twice(
    committing_engine: AsyncEngine, pair: Pair, offer: UUID
) -> None:
    """Robin would lead on Tuesday and takes another seat of Tuesday in the same moment."""
    said = await together(
        committing_engine,
        lambda s: accept_offer(s, pair.robin.asker, offer, LATER, gives=pair.robins),
        lambda s: claim_seat(s, pair.robin.asker, pair.tuesday.seats["second"], LATER),
    )
    assert sorted(said) == ["done", "double-booked"]
    await held(committing_engine)
