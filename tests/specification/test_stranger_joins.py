"""A node that was built from the page alone joins one of ours over a socket, and reads from it."""

import asyncio
from pathlib import Path

from database.session import door
from federation.feeds.actions import append
from federation.feeds.queries import PAGE_EVENTS
from federation.partners.actions import confirm_words
from federation.partners.models import Partner
from tests.api.peers.nodes import ADMINISTRATOR, clock, make_link, running
from tests.specification.event_examples import EXAMPLES
from tests.specification.stranger_speaks import Stranger

KIND = "claim.ended"


async def test_a_node_built_from_the_page_joins_and_reads(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path, "North") as north:
        another = Stranger(clock())
        words = await asyncio.to_thread(another.join, await make_link(north))
        async with door(north.engine) as session:
            typed = " ".join(words)
            await confirm_words(
                session, asker=ADMINISTRATOR, node_id=another.id, typed=typed, now=clock()
            )
            for _ in range(PAGE_EVENTS + 1):
                await append(session, "private", another.id, KIND, EXAMPLES[KIND], now=clock())
        await asyncio.to_thread(another.sign_in)
        async with door(north.engine) as session:
            partner = await session.get_one(Partner, another.id)
            assert (partner.state, partner.name) == ("joined", "Another")

        listed = await asyncio.to_thread(another.feeds)
        [feed] = listed["feeds"]
        assert (feed["kind"], feed["subject"]) == ("private", another.id)
        events = await asyncio.to_thread(another.read, feed)
        assert events == [(KIND, EXAMPLES[KIND])] * (PAGE_EVENTS + 1)
