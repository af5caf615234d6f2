"""A domain that was sold goes on answering 200: nothing that it says counts as the partner's."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from api.peers.client import PartnerUnreachableError
from database.outbox import OutboxRow
from database.session import door
from federation.partners.actions import POKE
from federation.partners.models import Partner
from tests.api.odd_server import hostile, says
from tests.api.peers.nodes import RunningNode
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say

Pair = tuple[RunningNode, RunningNode]
PAGE = b"<html>This domain is for sale</html>"
EMPTY = says("HTTP/1.1 200 OK\nContent-Length: 0")
FRIENDLY = says(f"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {len(PAGE)}", PAGE)


@pytest.fixture(params=[FRIENDLY, EMPTY], ids=["a friendly page", "an empty page"])
async def sold(two_nodes: Pair, request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Give two nodes that know one another's tokens, when the second's domain has been sold."""
    north, south = two_nodes
    north.apply["greeting"] = note_in("greeting")
    await say(south, north, {"n": 1})
    await pull_now(north, south)
    async with hostile(request.param) as elsewhere:
        (await north.client(south)).base_url = elsewhere.rstrip("/")
        async with door(north.engine) as session:
            moved = update(Partner).values(base_url=elsewhere.rstrip("/"), last_heard_at=None)
            await session.execute(moved)
        yield north, south


async def test_15_a_poke_that_any_page_answers_has_failed(sold: Pair) -> None:
    north, south = sold
    await say(north, south, {"n": 2})
    await north.loop.work_off()
    async with door(north.engine) as session:
        found = await session.scalars(select(OutboxRow.last_error).where(OutboxRow.kind == POKE))
        assert list(found) == ["The answer is not a node's."]
    assert (await north.partner(south)).last_heard_at is None


async def test_15_a_poll_that_any_page_answers_confirms_nothing(sold: Pair) -> None:
    north, south = sold
    [before] = await north.cursors()
    with pytest.raises(PartnerUnreachableError, match=r"^The answer is not a node's\.$"):
        await pull_now(north, south)
    [after] = await north.cursors()
    assert (after.checked_at, after.seq) == (before.checked_at, 1)
    assert (await north.partner(south)).last_heard_at is None
    assert await heard(north) == [{"n": 1}]
