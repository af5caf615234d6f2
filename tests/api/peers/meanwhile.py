"""Something happens at another node while one reads: after its list was given, before a page is."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from api.peers.client import PartnerClient
from api.peers.pull import pull
from api.peers.wire import FeedList
from federation.feeds.rules.heads import Page, Place
from tests.api.peers.nodes import RunningNode, clock

Act = Callable[[], Awaitable[object]]


class Interrupted(PartnerClient):
    """Asks for the list and for pages, and lets something happen before the first of a kind."""

    def between(self, kind: str, act: Act) -> None:
        self._kind, self._act = kind, act
        self._kinds: dict[UUID, str] = {}

    async def feeds(self) -> FeedList:
        listed = await super().feeds()
        self._kinds = {line.id: line.kind for line in listed.feeds}
        return listed

    async def page(self, place: Place | None, feed_id: UUID, known_recalls: str) -> Page:
        if self._kinds.pop(feed_id, "") == self._kind:
            await self._act()
        return await super().page(place, feed_id, known_recalls)


async def pull_while(at: RunningNode, other: RunningNode, act: Act, *, before: str) -> None:
    """Read all that another node says, while it does something before one feed of a kind."""
    partner = await at.partner(other)
    client = Interrupted(at.node, partner, development=True, clock=clock)
    client.between(before, act)
    try:
        await pull(at.workshop.reader, client, other.id)
    finally:
        await client.close()
