"""An exchange across nodes comes to one end, whoever dies between which steps, whatever is lost.

Each step dies once before its commit and is done again; each private word is heard twice, as by a
reader that dies after its commit. What never arrives is let go when its time is over.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from rota.sign_up.actions import GRACE
from tests.rota.standing import standing_wrong
from tests.rota.station import Station
from tests.rota.swaps.apart import PLACES, Apart, at, refusal
from tests.rota.three_nodes import ThreeNodes
from tests.rota.two_nodes import PRIVATE, Said


async def unheard(reader: Station, sender: Station) -> list[Said]:
    return [said for news in (await sender.news_for(reader)).values() for said in news]


async def hear_all(reader: Station, sender: Station) -> list[str]:
    """Let one node hear another, and nobody else anybody; gives what was said in private."""
    news = await unheard(reader, sender)
    for said in news:
        await reader.hear(sender, said)
    return [said.kind for said in news if said.feed_kind == PRIVATE]


async def stumble(nodes: ThreeNodes) -> None:
    """Do what happens by itself until nothing is left, with a death before and after each step."""
    moved = True
    while moved:
        moved = False
        for reader, sender in nodes.pairs():
            for said in await unheard(reader, sender):
                assert not await reader.hear(sender, said, crash=True)
                await reader.hear(sender, said)
                if said.feed_kind == PRIVATE:
                    await reader.hear(sender, said)
                assert await standing_wrong(nodes) == []
                moved = True
        for station in nodes.all:
            await station.try_parked()
            moved = await station.work(1, dies=True) > 0 or moved


@pytest.mark.parametrize("kind", ["swap", "gift"])
@pytest.mark.parametrize(("wrens", "robins"), PLACES)
async def test_whoever_dies_between_any_two_steps_the_seats_change_hands(
    nodes: ThreeNodes, wrens: str, robins: str, kind: str
) -> None:
    pair, one_way = await at(nodes, wrens, robins), kind == "gift"
    offer = await pair.offer(one_way=one_way)
    await stumble(nodes)
    await pair.take(offer, **({"gives": None} if one_way else {}))
    await stumble(nodes)
    both = {"tuesday": pair.robin.handle, "wednesday": pair.robin.handle}
    assert await pair.settled() == (both if one_way else pair.swapped)
    assert await pair.told(pair.wrens_home, pair.wren) == ["swapped"]
    # who takes a gift at the host has it at once, and need not be told
    at_once = one_way and pair.robins_home is pair.host
    assert await pair.told(pair.robins_home, pair.robin) == ([] if at_once else ["swapped"])


@pytest.mark.parametrize(("wrens", "robins"), PLACES[1:3])
async def test_everything_said_again_afterwards_changes_nothing(
    nodes: ThreeNodes, wrens: str, robins: str
) -> None:
    pair = await at(nodes, wrens, robins)
    before = {sender.id: await said_by(nodes, sender) for sender in nodes.all}
    await pair.take(await pair.offered())
    await nodes.calm_down()
    for reader, sender in nodes.pairs():
        for said in await said_by(nodes, sender):
            if said not in before[sender.id] and said.subject == reader.id:
                await reader.hear(sender, said)
    assert await pair.settled() == pair.swapped


async def said_by(nodes: ThreeNodes, sender: Station) -> list[Said]:
    """Read all private words of a node, whether they were heard or not."""
    everybody = [station for station in nodes.all if station is not sender]
    return [
        said
        for reader in everybody
        for news in (await sender.news_for(reader, again=True)).values()
        for said in news
        if said.feed_kind == PRIVATE
    ]


# words that never arrive, or too late


async def test_who_hears_nothing_from_the_host_is_free_again(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    taken = await two_homes.take(offer)
    assert taken.claim is not None
    two_homes.nodes.clock.now = taken.claim.answer_by + GRACE
    await two_homes.robins_home.work()
    assert await two_homes.booked(two_homes.robins_home, two_homes.robin) == {
        two_homes.seats["wednesday"]
    }
    # the host hears of all of it now, too late
    assert await two_homes.settled() == two_homes.as_before


async def test_without_the_givers_word_both_keep_what_they_have(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    taken = await two_homes.take(offer)
    assert taken.claim is not None
    host, givers_home = two_homes.host, two_homes.wrens_home
    assert await hear_all(host, two_homes.robins_home) == ["exchange.asked"]
    two_homes.nodes.clock.now = taken.claim.answer_by
    await host.work()
    assert await hear_all(two_homes.robins_home, host) == ["exchange.answered"]
    assert await two_homes.booked(two_homes.robins_home, two_homes.robin) == {
        two_homes.seats["wednesday"]
    }
    assert await two_homes.told(two_homes.robins_home, two_homes.robin) == ["swap-refused"]
    # the giver's home comes back, and says no to what is over
    assert await hear_all(givers_home, host) == ["exchange.proposed", "exchange.answered"]
    assert await two_homes.settled() == two_homes.as_before
    assert await two_homes.told(givers_home, two_homes.wren) == []


async def test_a_yes_that_comes_too_late_changes_nothing(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    taken = await two_homes.take(offer)
    assert taken.claim is not None
    host, givers_home = two_homes.host, two_homes.wrens_home
    await hear_all(host, two_homes.robins_home)
    assert await hear_all(givers_home, host) == ["exchange.proposed"]
    assert await two_homes.booked(givers_home, two_homes.wren) == set(two_homes.seats.values())
    two_homes.nodes.clock.now = taken.claim.answer_by
    assert await hear_all(host, givers_home) == ["exchange.agreed"]
    assert await two_homes.settled() == two_homes.as_before


# words in another order


async def test_a_withdrawal_before_its_wish_wins(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    taken = await two_homes.take(offer)
    assert taken.claim is not None
    await two_homes.robin_gives_up(taken.claim.id)
    home, host = two_homes.robins_home, two_homes.host
    asked, withdrawn = await unheard(host, home)
    assert [asked.kind, withdrawn.kind] == ["exchange.asked", "exchange.withdrawn"]
    await host.hear(home, withdrawn)
    await host.hear(home, asked)
    assert await two_homes.settled() == two_homes.as_before


async def test_a_drop_out_before_the_wish_that_gives_the_seat_wins(two_homes: Apart) -> None:
    offer = await two_homes.offered()
    await two_homes.take(offer)
    await two_homes.robin_gives_up()
    home, host = two_homes.robins_home, two_homes.host
    news = await unheard(host, home)
    assert [said.kind for said in news] == [
        "exchange.asked",
        "claim.cancelled",
        "claim.cancelled",
    ]
    for said in reversed(news):
        await host.hear(home, said)
    assert await two_homes.settled() == {"tuesday": two_homes.wren.handle}


async def test_an_offer_taken_back_before_it_arrives_is_not_to_be_had(two_homes: Apart) -> None:
    offer = await two_homes.offer()
    await two_homes.take_back(offer)
    offered, withdrawn = await unheard(two_homes.host, two_homes.wrens_home)
    assert [offered.kind, withdrawn.kind] == ["swap.offered", "swap.withdrawn"]
    await two_homes.host.hear(two_homes.wrens_home, withdrawn)
    await two_homes.host.hear(two_homes.wrens_home, offered)
    assert await two_homes.offer_at(two_homes.host, offer) == "withdrawn"
    await two_homes.nodes.calm_down()
    assert await refusal(two_homes.take(offer)) == ["offer-over"]
    assert await two_homes.settled() == two_homes.as_before


Ending = Callable[[Apart], Awaitable[None]]


async def _robin_withdraws(pair: Apart) -> None:
    """Let the one who took it up think again, though the host has settled already."""
    await pair.robin_gives_up(await pair.robin_waits_for())


async def _robin_goes_away(pair: Apart) -> None:
    """Let robin need Tuesday for something else meanwhile, and withdraw for it."""
    await _robin_withdraws(pair)
    await pair.robin_is_away(pair.tuesday.starts)


async def _wren_drops_out(pair: Apart) -> None:
    await pair.wren_gives_up()


async def _robin_drops_out(pair: Apart) -> None:
    await pair.robin_gives_up()


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        (_robin_withdraws, "swapped"),
        (_robin_goes_away, "wren on wednesday"),
        (_robin_drops_out, "wren on wednesday"),
        (_wren_drops_out, "robin on tuesday"),
    ],
)
async def test_what_comes_after_the_host_has_settled_is_of_the_seats_as_they_are_then(
    two_homes: Apart, ends: Ending, left: str
) -> None:
    """Host and homes meet again when all was said, and nobody is at two places or at none."""
    offer = await two_homes.offered()
    await two_homes.take(offer)
    host, givers_home = two_homes.host, two_homes.wrens_home
    assert await hear_all(host, two_homes.robins_home) == ["exchange.asked"]
    assert await hear_all(givers_home, host) == ["exchange.proposed"]
    assert await hear_all(host, givers_home) == ["exchange.agreed"]
    assert await two_homes.holders() == two_homes.swapped
    assert await two_homes.holders(two_homes.robins_home) == {"wednesday": two_homes.robin.handle}
    await ends(two_homes)
    assert await standing_wrong(two_homes.nodes) == []
    assert (
        await two_homes.settled()
        == {
            "swapped": two_homes.swapped,
            "wren on wednesday": {"wednesday": two_homes.wren.handle},
            "robin on tuesday": {"tuesday": two_homes.robin.handle},
        }[left]
    )


async def test_time_that_passes_is_no_answer(two_homes: Apart) -> None:
    """An hour later, with everything lost meanwhile, it goes on where it stood."""
    offer = await two_homes.offered()
    await two_homes.take(offer)
    two_homes.nodes.clock.now += timedelta(hours=1)
    for station in two_homes.nodes.all:
        await station.work()
    assert await two_homes.holders() == two_homes.as_before
    assert await two_homes.settled() == two_homes.swapped
