"""What a partner promises beyond all measure changes nothing of how it is asked again."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from api.peers.client import PartnerClient, PartnerUnreachableError
from api.retry_after import asked_again_at
from database.session import door
from federation.partners.models import Partner
from tests.api.odd_server import hostile, says
from tests.api.peers.nodes import RunningNode, clock

Pair = tuple[RunningNode, RunningNode]


@pytest.mark.parametrize("seconds", [10**15, -(10**15), 0])
async def test_a_token_for_ever_is_used_for_an_hour(two_nodes: Pair, seconds: int) -> None:
    north, south = two_nodes
    body = f'{{"access_token":"opaque","expires_in":{seconds}}}'.encode()
    async with hostile(says(f"HTTP/1.1 200 OK\nContent-Length: {len(body)}", body)) as elsewhere:
        async with door(north.engine) as session:
            await session.execute(update(Partner).values(base_url=elsewhere.rstrip("/")))
        client = PartnerClient(
            north.node, await north.partner(south), development=True, clock=clock
        )
        # the answer to what follows is the same, and no list of feeds
        with pytest.raises(PartnerUnreachableError):
            await client.feeds()
        await client.close()


def test_a_date_that_no_calendar_has_is_none() -> None:
    now = clock()
    odd = "Fri, 01 Jan 99999999999999999999 00:00:00 GMT"
    assert asked_again_at(odd, now, timedelta(minutes=10)) is None
