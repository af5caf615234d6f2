"""A node comes back from a backup before, while or after seats change hands: all agree again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.postgres import administration
from tests.rota.standing import standing_wrong
from tests.rota.station import Station
from tests.rota.swaps.apart import Apart, apart, refusal
from tests.rota.three_nodes import ThreeNodes
from tests.rota.two_nodes import PRIVATE

LOST: dict[str, Callable[[Apart], Station]] = {
    "the host": lambda pair: pair.host,
    "the taker's home": lambda pair: pair.robins_home,
    "the giver's home": lambda pair: pair.wrens_home,
}


@pytest.fixture
async def pair(nodes: ThreeNodes) -> Apart:
    host, east, west = nodes.all
    made = await apart(nodes, west, east)
    assert made.host is host
    return made


async def lose(station: Station, server_url: str, since: Callable[[], Awaitable[None]]) -> None:
    """Back a node up, let something happen, and lose what that node knew of it."""
    backup = await station.back_up(server_url, f"{station.database}_backup")
    await since()
    await station.restore(server_url, backup)
    async with administration(server_url) as connection:
        await connection.execute(text(f"DROP DATABASE {backup.database} WITH (FORCE)"))


async def at_rest(pair: Apart) -> dict[str, UUID]:
    """Deliver everything, also what was put off while a node was restoring."""
    await pair.nodes.calm_down()
    pair.nodes.clock.now += timedelta(minutes=1)
    return await pair.settled()


async def hear(reader: Station, sender: Station) -> list[str]:
    """Let one node hear another; gives what was said in private."""
    heard = []
    for place, news in (await sender.news_for(reader)).items():
        for said in news:
            await reader.hear(sender, said)
            heard += [said.kind] * (place.kind == PRIVATE)
    return heard


@pytest.mark.parametrize("lost", LOST)
async def test_what_was_exchanged_since_the_backup_stays_exchanged(
    pair: Apart, server_url: str, lost: str
) -> None:
    """Receipts say who holds what, whoever has forgotten it."""
    offer = await pair.offered()

    async def they_swap() -> None:
        await pair.take(offer)
        await pair.nodes.calm_down()
        assert await pair.holders() == pair.swapped

    await lose(LOST[lost](pair), server_url, they_swap)
    assert await at_rest(pair) == pair.swapped


@pytest.mark.parametrize("lost", ["the host", "the giver's home"])
async def test_an_offer_made_since_the_backup_is_known_again_or_over(
    pair: Apart, server_url: str, lost: str
) -> None:
    """The host hears of it once more; a home that has forgotten it says no to a swap for it."""
    offers: list[UUID] = []

    async def wren_offers() -> None:
        offers.append(await pair.offered())

    await lose(LOST[lost](pair), server_url, wren_offers)
    await pair.nodes.calm_down()
    await pair.take(offers[0])
    assert await at_rest(pair) == (pair.swapped if lost == "the host" else pair.as_before)


@pytest.mark.parametrize("lost", LOST)
async def test_what_was_under_way_is_settled_or_nothing(
    pair: Apart, server_url: str, lost: str
) -> None:
    """A node is lost at the moment when both homes have kept the time and nobody has decided."""
    offer = await pair.offered()
    await pair.take(offer)
    assert await hear(pair.host, pair.robins_home) == ["exchange.asked"]
    assert await hear(pair.wrens_home, pair.host) == ["exchange.proposed"]

    async def the_host_decides() -> None:
        assert await hear(pair.host, pair.wrens_home) == ["exchange.agreed"]
        assert await pair.holders() == pair.swapped

    await lose(LOST[lost](pair), server_url, the_host_decides)
    assert await standing_wrong(pair.nodes) == []
    assert await at_rest(pair) in (pair.swapped, pair.as_before)


@pytest.mark.parametrize("lost", LOST)
async def test_an_offer_taken_back_is_over_also_where_that_was_forgotten(
    pair: Apart, server_url: str, lost: str
) -> None:
    offer = await pair.offered()

    async def wren_takes_it_back() -> None:
        await pair.take_back(offer)
        await pair.nodes.calm_down()

    await lose(LOST[lost](pair), server_url, wren_takes_it_back)
    await pair.nodes.calm_down()
    assert await refusal(pair.take(offer)) == ["offer-over"]
    assert await at_rest(pair) == pair.as_before
    assert {await pair.offer_at(station, offer) for station in pair.nodes.all} <= {
        "withdrawn",
        "lapsed",
    }


async def test_an_offer_of_the_host_that_it_has_forgotten_is_over_once_somebody_asks(
    nodes: ThreeNodes, server_url: str
) -> None:
    host, east, _west = nodes.all
    pair = await apart(nodes, host, east)
    offers: list[UUID] = []

    async def wren_offers() -> None:
        offers.append(await pair.offered())

    await lose(host, server_url, wren_offers)
    await nodes.calm_down()
    await pair.take(offers[0])
    await nodes.calm_down()
    assert await pair.told(east, pair.robin) == ["swap-refused"]
    assert await at_rest(pair) == pair.as_before
    assert await refusal(pair.take(offers[0])) == ["offer-over"]


async def test_an_offer_that_a_restored_home_never_sent_is_sent_again(
    pair: Apart, server_url: str
) -> None:
    """What a home said before its backup is gone with its feed, unless it was heard."""
    offer = await pair.offer()

    async def nothing() -> None:
        """Let no time pass."""

    await lose(pair.wrens_home, server_url, nothing)
    await pair.nodes.calm_down()
    assert await pair.offer_at(pair.host, offer) == "open"
    await pair.take(offer)
    assert await at_rest(pair) == pair.swapped


async def test_an_offer_that_a_restored_host_never_sent_is_sent_again(
    nodes: ThreeNodes, server_url: str
) -> None:
    host, east, _west = nodes.all
    pair = await apart(nodes, host, east)
    offer = await pair.offer()

    async def nothing() -> None:
        """Let no time pass."""

    await lose(host, server_url, nothing)
    await nodes.calm_down()
    await pair.take(offer)
    assert await at_rest(pair) == pair.swapped
