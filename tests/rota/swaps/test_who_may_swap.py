"""Who may offer a seat and take one up: its holder, whom it is offered to, their coordinators."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from federation.pools.settings import set_consent
from rota.swaps.errors import OfferRefused, SwapRefused
from rota.swaps.exchange import accept_offer
from rota.swaps.offering import offer_seat, withdraw_offer
from tests.rota.swaps.pair import LATER, Pair, a_pair, holders, notices, offered, refused
from tests.rota.world import NOW, a_pool, a_project, a_worker


@pytest.fixture
async def pair(session: AsyncSession) -> Pair:
    return await a_pair(session)


async def test_only_who_holds_a_seat_or_coordinates_them_offers_it(
    session: AsyncSession, pair: Pair
) -> None:
    stranger = await a_project(session)
    for asker in (pair.robin.asker, stranger):
        await refused(session, NotFound, offer_seat(session, asker, pair.wrens, NOW))
    reads = Asker(
        pair.wren.id, pair.wren.asker.project_id, frozenset({"worker"}), frozenset({"read"})
    )
    await refused(session, NotAllowed, offer_seat(session, reads, pair.wrens, NOW))
    offer = await offer_seat(session, pair.pool.coordinator, pair.wrens, NOW)
    for asker in (pair.robin.asker, stranger):
        await refused(session, NotFound, withdraw_offer(session, asker, offer.id, NOW))
    await refused(session, NotAllowed, withdraw_offer(session, reads, offer.id, NOW))
    await refused(session, NotAllowed, accept_offer(session, reads, offer.id, NOW))
    await withdraw_offer(session, pair.pool.coordinator, offer.id, NOW)


async def test_an_offer_to_one_person_is_nobody_elses(session: AsyncSession, pair: Pair) -> None:
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    offer = await offered(session, pair, one_way=True, to=pair.robin.display)
    for asker in (other.asker, pair.wren.asker):
        await refused(session, NotFound, accept_offer(session, asker, offer, LATER))
    await accept_offer(session, pair.robin.asker, offer, LATER)


async def test_an_offer_is_not_of_another_pool(session: AsyncSession, pair: Pair) -> None:
    elsewhere = await a_pool(session, pair.pool.coordinator)
    outsider = await a_worker(session, elsewhere.id, pair.pool.coordinator)
    offer = await offered(session, pair, one_way=True)
    await refused(session, NotFound, accept_offer(session, outsider.asker, offer, LATER))
    action = offer_seat(session, pair.robin.asker, pair.robins, NOW, to=outsider.display)
    assert await refused(session, OfferRefused, action) == ["no-such-handle"]


async def test_nobody_gives_what_is_somebody_elses(session: AsyncSession, pair: Pair) -> None:
    other = await a_worker(session, pair.pool.id, pair.pool.coordinator)
    offer = await offered(session, pair)
    action = accept_offer(session, other.asker, offer, LATER, gives=pair.robins)
    await refused(session, NotFound, action)


async def test_a_coordinator_acts_for_their_own_people_and_it_is_recorded(
    session: AsyncSession, pair: Pair
) -> None:
    coordinator = pair.pool.coordinator
    offer = await offer_seat(session, coordinator, pair.wrens, NOW)
    stranger = await a_project(session)
    action = accept_offer(
        session, stranger, offer.id, LATER, gives=pair.robins, worker=pair.robin.display
    )
    await refused(session, NotFound, action)
    worker = accept_offer(
        session, pair.robin.asker, offer.id, LATER, gives=pair.robins, worker=pair.robin.display
    )
    await refused(session, NotAllowed, worker)
    made = await accept_offer(
        session, coordinator, offer.id, LATER, gives=pair.robins, worker=pair.robin.display
    )
    facts = await session.scalars(
        select(AuditEntry.facts).where(AuditEntry.subject_id.in_([offer.id, made.id]))
    )
    assert [each["on_behalf"] for each in facts] == [True, True]
    assert (await holders(session))[pair.tuesday.lead] == pair.robin.handle
    assert sorted(await notices(session)) == sorted(
        [(pair.wren.id, "swapped"), (pair.robin.id, "swapped")]
    )


async def test_where_coordinators_have_to_agree_they_swap_for_their_people(
    session: AsyncSession, pair: Pair
) -> None:
    coordinator = pair.pool.coordinator
    early = await offered(session, pair)
    await set_consent(session, coordinator, pair.pool.id, NOW, needed=True)
    action = accept_offer(session, pair.robin.asker, early, LATER, gives=pair.robins)
    assert await refused(session, SwapRefused, action) == ["consent-first"]
    offering = offer_seat(session, pair.robin.asker, pair.robins, NOW)
    assert await refused(session, OfferRefused, offering) == ["consent-first"]
    gift = await offer_seat(session, pair.robin.asker, pair.robins, NOW, one_way=True)
    action = accept_offer(session, pair.wren.asker, gift.id, LATER)
    assert await refused(session, SwapRefused, action) == ["consent-first"]
    await accept_offer(session, coordinator, gift.id, LATER, worker=pair.wren.display)
    assert (await holders(session))[pair.wednesday.seats["second"]] == pair.wren.handle
