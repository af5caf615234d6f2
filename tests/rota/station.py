"""One node of a story: its people act, it reads what was carried to it, its worker works."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import event, false, or_, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.jobs import JOBS
from api.worker.workshop import Workshop
from database import leases
from database.leases import Open, Work
from database.session import door
from federation.errors import NotHereYet, Refusal
from federation.feeds.models import Feed, FeedEvent
from federation.partners.models import Partner
from federation.partners.rules.canonical import admit
from federation.partners.rules.signatures import public_part
from federation.partners.sender import Sender
from federation.restoring.actions import begin_restore, mark_restored
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from tests.postgres import administration
from tests.rota.two_nodes import POISON, PRIVATE, Said
from tests.rota.world import NOW

NOT_RUN = ("poke", "pull", "sweep", "plan", "tell", "send", "confirm", "read")
"""Kinds of work, by how they begin, that reach out of the node: here tests carry the messages."""


class CrashedError(Exception):
    """A process ended before its transaction could commit."""


class Place(NamedTuple):
    """A feed that a node reads."""

    sender: str
    kind: str
    subject: str
    epoch: str


class Backup(NamedTuple):
    """A copy of a node's database, with what the database of a real one says of its reading."""

    database: str
    read: dict[Place, int]
    parked: list[tuple[Sender, Said]]


@dataclass
class Clock:
    """What time it is on all three nodes."""

    now: datetime


@dataclass
class Station:
    """One node: what its people do, what it hears, what its worker does."""

    name: str
    engine: AsyncEngine
    workshop: Workshop
    clock: Clock
    read: dict[Place, int] = field(default_factory=dict)
    parked: list[tuple[Sender, Said]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    restored_with: set[tuple[UUID, str]] = field(default_factory=set)
    """The live claims that the last backup brought back."""
    shown: tuple[str, list[tuple[object, ...]]] | None = None
    """A board and its mark, when they were last looked at."""

    @property
    def id(self) -> str:
        return self.workshop.node.node_id

    async def do(
        self, act: Callable[[AsyncSession], Awaitable[Any]], *, crash: bool = False
    ) -> Any:
        """Do one transaction's worth, or all of it but its commit."""
        async with door(self.engine) as session:
            done = await act(session)
            if crash:
                raise CrashedError
            return done

    async def meet(self, other: "Station") -> None:
        async with door(self.engine) as session:
            session.add(
                Partner(
                    node_id=other.id,
                    name=other.name,
                    base_url="https://partner.test",
                    state="joined",
                    document="",
                    document_version=1,
                    keys={"head": [public_part(other.workshop.node.keys.by_role["head"])]},
                    words=[],
                    we_grant=[],
                    they_grant=[],
                    met_at=NOW,
                )
            )

    async def news_for(self, reader: "Station", *, again: bool = False) -> dict[Place, list[Said]]:
        """Give what a reader has not heard yet, by feed, in order; or everything `again`."""
        async with door(self.engine) as session:
            read = await session.execute(
                select(Feed).where((Feed.kind != PRIVATE) | (Feed.subject == reader.id))
            )
            places = {
                feed.id: Place(self.id, feed.kind, feed.subject, feed.epoch)
                for feed in read.scalars()
            }
            unread = [
                (FeedEvent.feed_id == feed)
                & (FeedEvent.epoch == place.epoch)
                & (FeedEvent.seq > (0 if again else reader.read.get(place, 0)))
                for feed, place in places.items()
            ]
            rows = await session.execute(
                select(FeedEvent.feed_id, FeedEvent.seq, FeedEvent.kind, FeedEvent.payload)
                .where(or_(false(), *unread))
                .order_by(FeedEvent.feed_id, FeedEvent.seq)
            )
            news: dict[Place, list[Said]] = {}
            for feed, seq, kind, payload in rows:
                place = places[feed]
                said = Said(place.kind, place.subject, seq, kind, payload or b"", place.epoch)
                news.setdefault(place, []).append(said)
        return dict(sorted(news.items(), key=lambda entry: entry[0][1:3]))

    async def hear(self, sender: "Station", said: Said, *, crash: bool = False) -> bool:
        """Apply one event, whose place is kept in the same transaction; what is early is parked.

        False where the process ended before its commit: the event is still to be read.
        """
        heard_from = Sender(sender.id, sender.name, said.feed_kind, said.subject)
        try:
            await self._apply(heard_from, said, crash=crash)
        except CrashedError:
            return False
        except NotHereYet:
            self.parked.append((heard_from, said))
        place = Place(sender.id, said.feed_kind, said.subject, said.epoch)
        self.read[place] = max(said.seq, self.read.get(place, 0))
        return True

    async def try_parked(self) -> None:
        waiting, self.parked = self.parked, []
        for heard_from, said in waiting:
            try:
                await self._apply(heard_from, said)
            except NotHereYet:
                self.parked.append((heard_from, said))

    async def _apply(self, heard_from: Sender, said: Said, *, crash: bool = False) -> None:
        apply = self.workshop.reader.apply[said.kind]
        try:
            async with door(self.engine) as session:
                await apply(session, heard_from, admit(said.payload), self.clock.now)
                if crash:
                    raise CrashedError
        except NotHereYet:
            raise
        except POISON as error:
            code = error.code if isinstance(error, Refusal) else repr(error)
            self.wrong.append(f"{self.name} cannot read {said.kind} {said.payload!r}: {code}")

    async def back_up(self, server_url: str, name: str) -> Backup:
        """Copy the whole database, and with it how far this node has read."""
        await self.engine.dispose()
        async with administration(server_url) as connection:
            await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {self.database}"))
        return Backup(name, dict(self.read), list(self.parked))

    async def restore(self, server_url: str, backup: Backup) -> None:
        """Put a backup in the place of the database, as the command does: marked, then begun."""
        await self.engine.dispose()
        async with administration(server_url) as connection:
            await connection.execute(text(f"DROP DATABASE {self.database} WITH (FORCE)"))
            await connection.execute(
                text(f"CREATE DATABASE {self.database} TEMPLATE {backup.database}")
            )
        self.read, self.parked = dict(backup.read), list(backup.parked)
        async with door(self.engine) as session:
            await mark_restored(session, self.clock.now)
        self.restored_with = await self.live_claims()
        async with door(self.engine) as session:
            await begin_restore(session, self.clock.now)

    @property
    def database(self) -> str:
        return str(self.engine.url.database)

    async def epoch_of(self, said: Said) -> str:
        """Give the epoch in which a feed is now: words of an older one are read by nobody."""
        of = (Feed.kind == said.feed_kind, Feed.subject == said.subject)
        async with door(self.engine) as session:
            return str(await session.scalar(select(Feed.epoch).where(*of)))

    async def live_claims(self) -> set[tuple[UUID, str]]:
        async with door(self.engine) as session:
            rows = await session.execute(select(Claim.id, Claim.state).where(Claim.state.in_(LIVE)))
            return {(claim, state) for claim, state in rows}

    async def work(self, most: int | None = None, *, dies: bool = False) -> int:
        """Do what is due, at most so many pieces; gives how many there were.

        A worker that `dies` does so once before the work commits, and once after that.
        """
        kinds = {kind: Open(0, again=True) for kind in JOBS if not kind.startswith(NOT_RUN)}
        done = 0
        while most is None or done < most:
            row = (await leases.lease(self.engine, kinds, self.clock.now)).work
            if row is None:
                return done
            if dies:
                await self._die_over(row)
            again = await JOBS[row.kind].run(self.workshop, row.payload)
            if again is None:
                await leases.done(self.engine, row)
            else:
                await leases.again(self.engine, row, again)
            done += 1
        return done

    async def _die_over(self, row: Work) -> None:
        """Do one piece of work up to its first commit, and then all of it without saying so."""
        event.listen(self.engine.sync_engine, "commit", _crash)
        with suppress(CrashedError):
            await JOBS[row.kind].run(self.workshop, row.payload)
        event.remove(self.engine.sync_engine, "commit", _crash)
        await JOBS[row.kind].run(self.workshop, row.payload)


def _crash(_: object) -> None:
    raise CrashedError
