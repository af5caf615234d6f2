"""Two nodes without sockets: what one says in its feeds is carried to the other by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.rota_events import rota_events
from federation.errors import NotHereYet, Refusal
from federation.feeds.models import Feed, FeedEvent
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.canonical import admit
from federation.partners.rules.signatures import public_part
from federation.partners.sender import Sender
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.restoring.queries import is_restoring
from tests.rota.world import NOW, SHARE, ExamplePool, Planned, Worker, a_pool, a_project, a_worker

PRIVATE = "private"
POISON = (Refusal, msgspec.ValidationError, IntegrityError, DataError, ValueError)


class Said(NamedTuple):
    """One event of a feed, as it is read by a partner."""

    feed_kind: str
    subject: str
    seq: int
    kind: str
    payload: bytes
    epoch: str = ""

    @property
    def content(self) -> dict[str, Any]:
        return admit(self.payload)

    def saying(self, **changed: Any) -> Self:
        return self._replace(payload=msgspec.json.encode(self.content | changed, order="sorted"))


@dataclass
class Side:
    """One node: a database, in which every door is a savepoint, and its keys."""

    session: AsyncSession
    keys: NodeKeys
    read: dict[tuple[str, str, str], int] = field(default_factory=dict)
    parked: list[tuple["Side", Said]] = field(default_factory=list)
    unread: set[tuple[str, str]] = field(default_factory=set)
    """Feeds, by kind and subject, that a test leaves alone."""

    @property
    def id(self) -> str:
        return self.keys.node_id

    @asynccontextmanager
    async def door(self) -> AsyncIterator[AsyncSession]:
        """Do one transaction's worth; objects do not outlive it, as in the programs."""
        try:
            async with self.session.begin_nested():
                yield self.session
        finally:
            self.session.expunge_all()

    async def do(self, action: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async with self.door() as session:
            return await action(session)

    async def meet(self, other: "Side") -> None:
        """Know the other node, its keys pinned."""
        async with self.door() as session:
            session.add(
                Partner(
                    node_id=other.id,
                    name=other.id,
                    base_url="https://partner.test",
                    state="joined",
                    document="",
                    document_version=1,
                    keys={"head": [public_part(other.keys.by_role["head"])]},
                    words=[],
                    we_grant=[],
                    they_grant=[],
                    met_at=NOW,
                )
            )

    async def said(self, *kinds: str) -> list[Said]:
        """Read all that this node has said, or only some kinds of event."""
        rows = await self.session.execute(
            select(
                Feed.kind,
                Feed.subject,
                FeedEvent.seq,
                FeedEvent.kind,
                FeedEvent.payload,
                Feed.epoch,
            )
            .join(Feed, (Feed.id == FeedEvent.feed_id) & (Feed.epoch == FeedEvent.epoch))
            .order_by(Feed.kind, Feed.subject, FeedEvent.seq)
        )
        told = [Said(*row[:4], row[4] or b"", row[5]) for row in rows]
        return [one for one in told if not kinds or one.kind in kinds]

    async def hear(self, sender: "Side", said: Said, now: datetime = NOW) -> str | None:
        """Apply one event; gives the code of what was wrong with it, as a quarantine would."""
        heard_from = Sender(sender.id, "Partner", said.feed_kind, said.subject)
        try:
            async with self.door() as session:
                apply = rota_events(self.keys)[said.kind]
                await apply(session, heard_from, said.content, now)
                await session.flush()
        except POISON as error:
            return error.code if isinstance(error, Refusal) else type(error).__name__
        return None

    async def waits_for_restore(self) -> bool:
        return await is_restoring(self.session)

    async def catch_up(self, sender: "Side", now: datetime = NOW) -> list[str | None]:
        """Apply all that is new in the feeds that this node may read; gives what went wrong.

        What waits for something else is tried again each time.
        """
        waiting, self.parked = self.parked, []
        for said_by, said in waiting:
            if await self.hear(said_by, said, now) == NotHereYet.code:
                self.parked.append((said_by, said))
        wrong = []
        for said in await sender.said():
            feed = (said.feed_kind, said.subject, said.epoch)
            if said.feed_kind == PRIVATE and said.subject != self.id:
                continue
            if (said.feed_kind, said.subject) in self.unread:
                continue
            if said.seq > self.read.get(feed, 0):
                self.read[feed] = said.seq
                wrong.append(await self.hear(sender, said, now))
                if wrong[-1] == NotHereYet.code and await self.waits_for_restore():
                    self.parked.append((sender, said))
                    wrong.pop()
        return [code for code in wrong if code is not None]


@dataclass(frozen=True)
class TwoNodes:
    """A pool hosted at `host`, in which a project of `home` takes part."""

    host: Side
    home: Side
    pool: ExamplePool
    coordinator: Asker

    async def worker(self, *roles: str, **limits: Any) -> Worker:
        """Take in a worker at home whom the host knows by handle."""
        worker: Worker = await self.home.do(
            lambda session: a_worker(session, self.pool.id, self.coordinator, *roles, **limits)
        )
        await self.exchange()
        return worker

    async def shift(self, make: Callable[[AsyncSession], Awaitable[Planned]]) -> Planned:
        """Add a shift at the host that home has heard of."""
        shift: Planned = await self.host.do(make)
        await self.exchange()
        return shift

    async def exchange(self, now: datetime = NOW) -> None:
        """Let both hear one another until nothing is left to say."""
        before = None
        while before != (self.host.read, self.home.read):
            before = (dict(self.host.read), dict(self.home.read))
            assert await self.host.catch_up(self.home, now) == []
            assert await self.home.catch_up(self.host, now) == []


async def two_nodes(host: Side, home: Side) -> TwoNodes:
    await host.meet(home)
    await home.meet(host)
    async with host.door() as session:
        pool = await a_pool(session, await a_project(session, "northern"))
        partner = await session.get_one(Partner, home.id)
        partner.we_grant = [f"shifts:{pool.id}"]
    await home.catch_up(host)
    async with home.door() as session:
        coordinator = await a_project(session, "southern")
        await join_pool(session, coordinator, pool.id, SHARE, NOW)
    nodes = TwoNodes(host, home, pool, coordinator)
    await nodes.exchange()
    return nodes


async def private_kinds(side: Side) -> list[str]:
    return [said.kind for said in await side.said() if said.feed_kind == PRIVATE]


async def of_claim(side: Side, kind: str, claim: UUID) -> Said:
    """Find the newest event of a kind about one claim."""
    return [one for one in await side.said(kind) if one.content["claim"] == str(claim)][-1]
