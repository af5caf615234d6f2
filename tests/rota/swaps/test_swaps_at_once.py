"""An exchange across nodes and something else in the same moment, on connections of their own.

Whichever comes first, the other one sees it: the outcome is one of two, and all nodes say the same.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from rota.leave.actions import enter_leave
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.sign_up.actions import release_claim
from rota.swaps.exchange import accept_offer
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from tests.rota.station import Station
from tests.rota.swaps.apart import Apart, at, refusal
from tests.rota.three_nodes import ThreeNodes
from tests.rota.two_nodes import PRIVATE
from tests.rota.world import Planned, Worker, a_worker

ROUNDS = range(2)
HAPPENS = [
    ("drop-out", 0),
    ("drop-out", 1),
    ("leave", 0),
    ("removal", 1),
    ("move", 0),
    ("call-off", 1),
]
"""What happens in the same moment, and which of the two begins."""


async def hear(reader: Station, sender: Station, kind: str) -> list[str]:
    """Let one node hear another up to a word, which it hears with what comes after it."""
    [news] = [
        news for place, news in (await sender.news_for(reader)).items() if place.kind == PRIVATE
    ]
    assert news[0].kind == kind
    for said in news:
        await reader.hear(sender, said)
    return []


async def at_once(round_: int, *acts: Awaitable[list[str]]) -> list[list[str]]:
    """Do all of it in one moment, in each round another one first; gives what was refused."""
    turned = acts if round_ % 2 == 0 else acts[::-1]
    said = await asyncio.gather(*turned)
    return said if round_ % 2 == 0 else said[::-1]


async def change(
    pair: Apart, what: str, home: Station, worker: Worker, claim: UUID, shift: Planned
) -> list[str]:
    """Do to somebody's seat, or to its session, what happens in the same moment."""

    async def act(session: AsyncSession) -> Any:
        now, coordinator = pair.now, pair.nodes.pool.coordinator
        if what == "drop-out":
            return await release_claim(session, worker.asker, claim, now)
        if what == "leave":
            starts, ends = shift.starts, shift.starts + timedelta(hours=1)
            return await enter_leave(
                session, worker.asker, worker.id, starts, ends, now, give_back=True
            )
        if what == "removal":
            return await let_go(session, OPERATOR, person_id=worker.id, now=now)
        if what == "call-off":
            return await cancel_shift(session, coordinator, shift.id, now)
        planned = await session.get_one(Shift, shift.id)
        half = timedelta(minutes=30)
        draft = ShiftDraft(
            starts=planned.starts + half,
            ends=planned.ends + half,
            staffing=await staffing_of_shift(session, planned),
        )
        return await change_shift(session, coordinator, shift.id, draft, now)

    return await refusal(home.do(act))


async def somebody_new(nodes: ThreeNodes, place: int) -> None:
    """Take somebody in at the host, who may be let go without others missing them."""
    async with door(nodes.host.engine) as session:
        worker = await a_worker(
            session, nodes.pool.id, nodes.pool.coordinator, "worker", "supervisor"
        )
    nodes.people["host"].insert(place, worker)
    await nodes.calm_down()


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("givers", ["host", "west"])
async def test_of_two_takers_one_here_and_one_abroad_one_gets_the_seat(
    nodes: ThreeNodes, givers: str, round_: int
) -> None:
    pair = await at(nodes, givers, "east")
    offer = await pair.offered(one_way=True)
    here = nodes.people["host"][2]
    await pair.take(offer, gives=None)
    _, refused = await at_once(
        round_,
        hear(pair.host, pair.robins_home, "exchange.asked"),
        refusal(pair.host.do(lambda session: accept_offer(session, here.asker, offer, pair.now))),
    )
    got = here.handle if refused == [] else pair.robin.handle
    assert refused in ([], ["offer-over"])
    assert await pair.settled() == {"tuesday": got, "wednesday": pair.robin.handle}
    told = ["swap-refused"] if refused == [] else ["swapped"]
    assert await pair.told(pair.robins_home, pair.robin) == told


@pytest.mark.parametrize(("what", "round_"), HAPPENS)
async def test_a_wish_from_abroad_against_what_happens_to_the_offered_seat(
    nodes: ThreeNodes, what: str, round_: int
) -> None:
    """The giver is at home at the host, so that seats change hands as the wish is heard."""
    if what == "removal":
        await somebody_new(nodes, 0)
    pair = await at(nodes, "host", "east")
    offer = await pair.offered()
    await pair.take(offer)
    _, refused = await at_once(
        round_,
        hear(pair.host, pair.robins_home, "exchange.asked"),
        change(pair, what, pair.host, pair.wren, pair.wrens, pair.tuesday),
    )
    if what == "removal":
        nodes.people["host"].remove(pair.wren)
    only_robin = {"wednesday": pair.robin.handle}
    outcomes = {
        "drop-out": (pair.swapped, only_robin),
        "leave": (pair.swapped, only_robin),
        "removal": ({"tuesday": pair.robin.handle}, only_robin),
        "move": (pair.swapped, pair.as_before),
        "call-off": ({"wednesday": pair.wren.handle}, only_robin),
    }
    assert refused in ([], ["claim-over"])
    exchanged = await pair.exchanged(offer)
    assert (refused == ["claim-over"]) == (exchanged and what == "drop-out")
    assert await pair.settled() == outcomes[what][0 if exchanged else 1]


@pytest.mark.parametrize(("what", "round_"), HAPPENS)
async def test_a_yes_from_abroad_against_what_happens_to_the_seat_given_for_it(
    nodes: ThreeNodes, what: str, round_: int
) -> None:
    """The taker is at home at the host; the giver's home has said yes, which arrives now."""
    if what == "removal":
        await somebody_new(nodes, 1)
    pair = await at(nodes, "west", "host")
    offer = await pair.offered()
    await pair.take(offer)
    await hear(pair.wrens_home, pair.host, "exchange.proposed")
    _, refused = await at_once(
        round_,
        hear(pair.host, pair.wrens_home, "exchange.agreed"),
        change(pair, what, pair.host, pair.robin, pair.robins, pair.wednesday),
    )
    if what == "removal":
        nodes.people["host"].remove(pair.robin)
    only_wren = {"tuesday": pair.wren.handle}
    outcomes = {
        "drop-out": (pair.swapped, only_wren),
        "leave": (pair.swapped, only_wren),
        "removal": ({"wednesday": pair.wren.handle}, only_wren),
        "move": (pair.swapped, pair.as_before),
        "call-off": ({"tuesday": pair.robin.handle}, only_wren),
    }
    assert refused in ([], ["claim-over"])
    exchanged = await pair.exchanged(offer)
    assert (refused == ["claim-over"]) == (exchanged and what == "drop-out")
    assert await pair.settled() == outcomes[what][0 if exchanged else 1]


@pytest.mark.parametrize("round_", ROUNDS)
async def test_a_yes_against_a_drop_out_from_another_node(nodes: ThreeNodes, round_: int) -> None:
    pair = await at(nodes, "west", "east")
    offer = await pair.offered()
    await pair.take(offer)
    await hear(pair.host, pair.robins_home, "exchange.asked")
    await hear(pair.wrens_home, pair.host, "exchange.proposed")
    await pair.robin_gives_up()
    await at_once(
        round_,
        hear(pair.host, pair.wrens_home, "exchange.agreed"),
        hear(pair.host, pair.robins_home, "claim.cancelled"),
    )
    moved = {"wednesday": pair.wren.handle}
    stayed = {"tuesday": pair.wren.handle}
    assert await pair.settled() == (moved if await pair.exchanged(offer) else stayed)


@pytest.mark.parametrize("round_", ROUNDS)
async def test_a_home_says_yes_for_who_offered_or_they_give_it_up(
    nodes: ThreeNodes, round_: int
) -> None:
    """A drop-out comes first, also when a yes was said a moment before: both times are given up."""
    pair = await at(nodes, "west", "east")
    offer = await pair.offered()
    await pair.take(offer)
    await hear(pair.host, pair.robins_home, "exchange.asked")
    _, refused = await at_once(
        round_,
        hear(pair.wrens_home, pair.host, "exchange.proposed"),
        change(pair, "drop-out", pair.wrens_home, pair.wren, pair.wrens, pair.tuesday),
    )
    assert refused == []
    stayed = {"wednesday": pair.robin.handle}
    moved = {"tuesday": pair.robin.handle}
    assert await pair.settled() == (moved if await pair.exchanged(offer) else stayed)


@pytest.mark.parametrize("round_", ROUNDS)
async def test_the_hosts_word_against_a_drop_out_at_home(nodes: ThreeNodes, round_: int) -> None:
    """Who gives up what they gave a moment ago, and did not know yet, gives up both."""
    pair = await at(nodes, "host", "east")
    offer = await pair.offered()
    await pair.take(offer)
    await hear(pair.host, pair.robins_home, "exchange.asked")
    _, refused = await at_once(
        round_,
        hear(pair.robins_home, pair.host, "exchange.answered"),
        change(pair, "drop-out", pair.robins_home, pair.robin, pair.robins, pair.wednesday),
    )
    both = {"wednesday": pair.wren.handle}
    assert refused in ([], ["claim-over"])
    assert await pair.settled() == (both if refused == [] else pair.swapped)
