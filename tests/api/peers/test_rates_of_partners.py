"""How often one partner may ask, from whatever address; who is told so rests as it is told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from api.limits import Shares
from api.peers.client import PartnerRefusedError, answer
from api.peers.outbound import guarded_client
from api.worker.loop import LONGEST_REST, rests_until
from database import outbox
from database.outbox import OutboxRow
from database.session import door
from federation.partners.actions import PULL
from tests.api.odd_server import hostile, says
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_pulling_feeds import heard, note_in, say

Pair = tuple[RunningNode, RunningNode]


class StillShares(Shares):
    """Shares of a minute that does not end."""

    def take(self, client: str, seconds: float) -> bool:
        del seconds
        return super().take(client, 0)


@pytest.fixture
async def asked(two_nodes: Pair) -> AsyncIterator[StillShares]:
    """Let north's partners ask three times each, until the test is over."""
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await south.workshop.close()
    shares, before = StillShares(3), north.app.state["partner_shares"]
    north.app.state["partner_shares"] = shares
    yield shares
    north.app.state["partner_shares"] = before


async def ask_to_pull(at: RunningNode, other: RunningNode) -> None:
    async with door(at.engine) as session:
        await outbox.put(session, PULL, {"node_id": other.id}, now=clock(), key=other.id)


async def pulling(node: RunningNode) -> OutboxRow:
    async with door(node.engine) as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind == PULL))
        return rows.one()


async def test_36_a_partner_has_a_share_of_its_own_and_is_told_when_it_is_used_up(
    two_nodes: Pair, asked: StillShares
) -> None:
    north, south = two_nodes
    client = await south.client(north)
    for _ in range(2):
        await client.feeds()
    before = clock()
    with pytest.raises(PartnerRefusedError, match=r"^429 too-many-requests$") as refused:
        await client.feeds()
    assert asked.asked == {south.id: 4}
    assert 1 <= int(refused.value.retry_after) <= 60
    left = 60 - before.second
    assert int(refused.value.retry_after) in {left, left - 1, 60, 59}


async def test_36_who_was_told_so_rests_and_then_reads_everything(
    two_nodes: Pair, asked: StillShares
) -> None:
    north, south = two_nodes
    await say(north, south, {"n": 1})
    asked.asked[south.id] = 3
    await ask_to_pull(south, north)
    begun = clock()
    await south.loop.work_off()
    rests = await pulling(south)
    assert rests.last_error == "429 too-many-requests"
    assert rests.leased_until == rests.due
    assert begun < rests.due <= begun + timedelta(seconds=70)
    await ask_to_pull(south, north)
    asked.asked.clear()
    await south.loop.work_off()
    assert (await heard(south), asked.asked) == ([], {})

    usual = south.workshop.clock
    south.workshop.clock = lambda: clock() + timedelta(seconds=75)
    try:
        await south.loop.work_off()
    finally:
        south.workshop.clock = usual
    assert await heard(south) == [{"n": 1}]


@pytest.mark.parametrize("said", ["120", "Mon, 04 Jan 2027 13:30:00 GMT"])
async def test_a_refusal_keeps_when_to_ask_again(said: str) -> None:
    busy = says(f"HTTP/1.1 429 Busy\nretry-after: {said}\ncontent-length: 0")
    async with hostile(busy) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerRefusedError) as refused:
            await answer(http, "GET", url)
    assert (refused.value.status, refused.value.retry_after) == (429, said)


@pytest.mark.parametrize(
    ("said", "rests"),
    [
        ("120", timedelta(seconds=120)),
        ("999999", LONGEST_REST),
        ("Mon, 04 Jan 2027 12:01:30 GMT", timedelta(seconds=90)),
        ("soon", None),
    ],
)
def test_nobody_is_left_alone_for_longer_than_ten_minutes(
    said: str, rests: timedelta | None
) -> None:
    noon = datetime(2027, 1, 4, 12, tzinfo=UTC)
    until = rests_until(PartnerRefusedError(429, "too-many-requests", said), noon)
    assert until == (rests and noon + rests)
