"""What went wrong in other projects, told over two running nodes; each is named by its number."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import func, select

from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import FeedEvent
from federation.partners.models import Partner
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project
from rota.claims.models import Claim
from rota.shifts.models import Seat
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import DAY, pool_of_two, pull_now, set_aside
from tests.api.peers.test_room_in_a_pool import handle
from tests.api.peers.test_texts_between_nodes import projects, publish, withdraw
from tests.api.peers.test_token_endpoint import ask, claims_for, form
from tests.protocols.example_texts import NOW, Members

__all__ = ["projects"]
Pair = tuple[RunningNode, RunningNode]


async def test_07_an_old_copy_brings_no_withdrawn_text_back(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    """North says again, byte for byte, what it has withdrawn, as an old copy of it would."""
    north, south = two_nodes
    ours, theirs = projects
    published = await publish(north, ours)
    await pull_now(south, north)
    async with door(south.engine) as session:
        await adopt(session, theirs.coordinator, urn=published.urn, now=NOW)
    await withdraw(north, ours, published)
    await pull_now(south, north)
    async with door(north.engine) as session:
        said = {"manifest": published.manifest.decode(), "signature": published.signature}
        await append(
            session, "project/releases", str(ours.project), "release.stated", said, now=clock()
        )
    await pull_now(south, north)
    assert await set_aside(south) == []
    async with door(south.engine) as session:
        shown = await text_of_project(session, theirs.project, published.urn)
    assert shown is not None
    assert (shown.manifest, shown.emergency) == (None, {"en": "Close the chat."})


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (10, "It is from the future. Compare the clocks."),
        (-10, "It has expired. Compare the clocks of both nodes."),
    ],
)
async def test_20_whose_clock_is_ten_minutes_off_is_told_so(
    two_nodes: Pair, minutes: int, sentence: str
) -> None:
    north, south = two_nodes
    at = int(clock().timestamp()) + 60 * minutes
    answer = await ask(north, form(south, claims_for(south, north, iat=at, exp=at + 60)))
    assert (answer.status_code, answer.json()) == (
        401,
        {"error": "invalid_client", "error_description": sentence},
    )


async def test_21_a_claim_that_is_said_again_has_no_second_effect(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    claim = await shared.claim(wren, evening.lead)
    again = wish(claim, evening.lead, wren.handle)
    for _ in range(3):
        await shared.south_says("claim.requested", **again)
    assert await holders(shared.north, [evening.lead]) == {evening.lead: 1}
    await shared.give_back(wren, claim)
    # nor does it take the seat once more that was given back since
    await shared.south_says("claim.requested", **again)
    assert await holders(shared.north, [evening.lead]) == {}
    assert await holders(shared.south, [evening.lead]) == {}


async def test_28_of_many_who_want_one_seat_each_twice_one_gets_it(two_nodes: Pair) -> None:
    """2,000 on 100 seats are among the benchmarks."""
    shared = await pool_of_two(two_nodes)
    seats = [shift.lead for shift in await shared.shifts(4)]
    people = [handle(shared) for _ in range(8)]
    wishes = [wish(uuid4(), seat, UUID(one["id"])) for seat in seats for one in people]
    async with door(shared.south.engine) as session:
        for one in people:
            await append(session, "private", shared.north.id, "handle.stated", one, now=clock())
        for one in wishes * 2:
            await append(session, "private", shared.north.id, "claim.requested", one, now=clock())
    await asyncio.gather(*(pull_now(shared.north, shared.south) for _ in range(3)))
    assert await set_aside(shared.north) == []
    assert await holders(shared.north, seats) == dict.fromkeys(seats, 1)
    async with door(shared.north.engine) as session:
        assert await session.scalar(select(func.count()).select_from(Claim)) == len(wishes)
        answers = await session.scalars(
            select(FeedEvent.payload).where(FeedEvent.kind == "claim.answered")
        )
        told = Counter(b'"state":"held"' in (one or b"") for one in answers)
    assert told[True] in {len(seats), 2 * len(seats)}


@pytest.mark.parametrize("host", ["elsewhere.example", "south", "127.0.0.1:1"])
async def test_35_what_a_proxy_calls_this_node_decides_nothing(two_nodes: Pair, host: str) -> None:
    """An assertion is for the address in this node's document, however the request came here."""
    north, south = two_nodes
    shown = {"host": host, "x-forwarded-host": host, "x-forwarded-proto": "https"}

    async def opens(**changes: Any) -> int:
        claims = claims_for(south, north, jti=uuid4().hex, **changes)
        async with httpx2.AsyncClient(trust_env=False, headers=shown) as http:
            url = f"{north.node.base_url}/fed/v1/token"
            return (await http.post(url, data=form(south, claims))).status_code

    assert await opens() == 200
    assert await opens(aud=f"https://{host}") == 401
    assert await opens(aud=f"http://{host}") == 401
    async with door(north.engine) as session:
        known = await session.get_one(Partner, south.id)
        assert known.base_url == south.node.base_url


def wish(claim: UUID, seat: UUID, of: UUID) -> dict[str, Any]:
    return {
        "claim": str(claim),
        "seat": str(seat),
        "handle": str(of),
        "answer_by": (clock() + DAY).isoformat(),
    }


async def holders(node: RunningNode, seats: list[UUID]) -> dict[UUID, int]:
    """Count who holds each seat; one that nobody holds is left out."""
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Seat.id, func.count())
            .join(Claim, Claim.seat_id == Seat.id)
            .where(Seat.id.in_(seats), Claim.state == "held")
            .group_by(Seat.id)
        )
        return dict(rows.all())
