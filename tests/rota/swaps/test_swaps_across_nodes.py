"""People of different nodes exchange seats: both homes keep the time, the host decides at once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.partners.rules.canonical import admit, canonical
from federation.partners.sender import Sender
from rota.splitting.actions import split_shift
from rota.swaps.exchange import accept_offer
from rota.swaps.models import Exchange, SwapOffer
from rota.swaps.queries import offers_seen
from tests.rota.station import CrashedError
from tests.rota.swaps.apart import PLACES, Apart, at, refusal
from tests.rota.three_nodes import ThreeNodes
from tests.rota.two_nodes import PRIVATE
from tests.rota.world import a_pool, a_project, a_shift


@pytest.mark.parametrize(("wrens", "robins"), PLACES)
async def test_two_exchange_their_seats_wherever_they_are_at_home(
    nodes: ThreeNodes, wrens: str, robins: str
) -> None:
    pair = await at(nodes, wrens, robins)
    offer = await pair.offered()
    [seen] = await pair.robins_home.do(
        lambda session: offers_seen(session, pair.robin.asker, pair.now)
    )
    assert (seen.offer.id, seen.giver, [each.claim_id for each in seen.in_return]) == (
        offer,
        None,
        [pair.robins],
    )
    taken = await pair.take(offer)
    assert taken.state == "requested"
    # nothing has changed hands, and both times are kept
    assert await pair.holders() == pair.as_before
    assert await pair.booked(pair.robins_home, pair.robin) == set(pair.seats.values())
    assert await pair.settled() == pair.swapped
    assert await pair.booked(pair.robins_home, pair.robin) == {pair.seats["tuesday"]}
    assert await pair.booked(pair.wrens_home, pair.wren) == {pair.seats["wednesday"]}
    for home, worker in ((pair.wrens_home, pair.wren), (pair.robins_home, pair.robin)):
        assert await pair.told(home, worker) == ["swapped"]


@pytest.mark.parametrize(("wrens", "robins"), PLACES)
async def test_a_seat_is_handed_over_wherever_they_are_at_home(
    nodes: ThreeNodes, wrens: str, robins: str
) -> None:
    pair = await at(nodes, wrens, robins)
    offer = await pair.offered(one_way=True)
    await pair.take(offer, gives=None)
    assert await pair.settled() == {
        "tuesday": pair.robin.handle,
        "wednesday": pair.robin.handle,
    }
    assert await pair.booked(pair.wrens_home, pair.wren) == set()


async def test_an_offer_is_taken_back(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    await two_homes.take_back(offer)
    await two_homes.nodes.calm_down()
    assert await refusal(two_homes.take(offer)) == ["offer-over"]
    assert await two_homes.settled() == two_homes.as_before


async def test_a_claim_is_in_one_live_exchange(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    taken = await two_homes.take(offer)
    assert await refusal(two_homes.take(offer)) == ["being-exchanged"]
    # withdrawn, it is free for another exchange, and the first does not come back
    assert taken.claim is not None
    await two_homes.robin_gives_up(taken.claim.id)
    await two_homes.take(offer)
    assert await two_homes.settled() == two_homes.swapped


async def test_an_offer_to_somebody_elsewhere_is_not_one_to_colleagues(two_homes: Apart) -> None:
    """Whom the name means is known to the host alone; at home it stands for nobody."""
    colleague = two_homes.nodes.people["east"][2]
    offer = await two_homes.offered(one_way=True, to=two_homes.robin.display)
    home, now = two_homes.wrens_home, two_homes.now
    assert await home.do(lambda session: offers_seen(session, colleague.asker, now)) == []
    assert await refusal(
        home.do(lambda session: accept_offer(session, colleague.asker, offer, now))
    ) == ["not-found"]
    [seen] = await two_homes.robins_home.do(
        lambda session: offers_seen(session, two_homes.robin.asker, now)
    )
    assert (seen.to_me, seen.giver) == (True, two_homes.wren.display)
    assert await two_homes.told(two_homes.robins_home, two_homes.robin) == ["swap-offered"]


async def test_whom_a_colleague_of_the_same_home_asks_is_told_once(nodes: ThreeNodes) -> None:
    pair = await at(nodes, "east", "east")
    offer = await pair.offered(to=pair.robin.display)
    assert await pair.told(pair.robins_home, pair.robin) == ["swap-offered"]
    await pair.take(offer)
    assert await pair.settled() == pair.swapped
    assert await pair.told(pair.robins_home, pair.robin) == ["swap-offered", "swapped"]


@pytest.mark.parametrize(("wrens", "robins"), PLACES)
async def test_an_offer_of_a_session_that_is_divided_has_ended_everywhere(
    nodes: ThreeNodes, wrens: str, robins: str
) -> None:
    """Nobody agreed on a part of it; who holds the whole holds both parts."""
    pair = await at(nodes, wrens, robins)
    offer = await pair.offered(one_way=True)
    coordinator, middle = nodes.pool.coordinator, pair.tuesday.starts + timedelta(hours=1)
    await pair.host.do(
        lambda session: split_shift(session, coordinator, pair.tuesday.id, middle, pair.now)
    )
    await nodes.calm_down()
    assert [await pair.offer_at(station, offer) for station in nodes.all] == ["lapsed"] * 3
    assert await refusal(pair.take(offer, gives=None)) == ["offer-over"]
    assert await pair.settled() == pair.as_before


async def an_offer_elsewhere(session: AsyncSession, pair: Apart) -> UUID:
    """Keep an offer in a pool that is none of the host's."""
    pool = await a_pool(session, await a_project(session))
    shift = await a_shift(session, pool, pair.tuesday.starts, trainings=[])
    offer = SwapOffer(
        pool_id=pool.id,
        seat_id=shift.lead,
        decided_here=False,
        one_way=True,
        state="open",
        made_at=pair.now,
        expires_at=pair.tuesday.starts,
    )
    session.add(offer)
    await session.flush()
    return offer.id


@pytest.mark.parametrize("state", ["refused", "held"])
async def test_a_host_says_nothing_of_offers_in_pools_of_others(
    two_homes: Apart, state: str
) -> None:
    """Its word would end them, or be kept as their exchange; nothing of it is left here."""
    pair, home = two_homes, two_homes.robins_home
    await pair.take(await pair.offered())
    waited_for = await pair.robin_waits_for()

    async def hear(session: AsyncSession) -> None:
        offer = await an_offer_elsewhere(session, pair)
        said: dict[str, object] = {
            "exchange": str(uuid4()),
            "offer": str(offer),
            "claim": str(waited_for) if state == "refused" else None,
            "gave": str(pair.robins),
            "state": state,
            "reasons": [],
            "receipt": None,
            "forgotten": state == "refused",
        }
        sender = Sender(pair.host.id, pair.host.name, PRIVATE, home.id)
        with pytest.raises(NotFound):
            await home.workshop.reader.apply["exchange.answered"](
                session, sender, admit(canonical(said)), pair.now
            )
        kept = await session.get_one(SwapOffer, offer, populate_existing=True)
        assert (kept.state, kept.ended_at) == ("open", None)
        assert list(await session.scalars(select(Exchange).where(Exchange.offer_id == offer))) == []

    with pytest.raises(CrashedError):
        await home.do(hear, crash=True)
    assert await pair.settled() == pair.swapped
