"""Many partners in one process: each with keys, a database and our own pull, behind a small door.

Real nodes would each be two processes. What is left out is what a partner does for its own people;
what it reads, proves, keeps and says of itself between nodes is real.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from api.peers.applying import Reader
from api.peers.client import PartnerClient
from api.peers.pull import pull
from api.peers.wire import FeedLine, FeedList, Token
from benchmarks.joined import made
from benchmarks.places import free_port
from database.ids import new_id
from database.session import door, make_engine
from federation.feeds.rules import chain, heads
from federation.partners.keys import Node
from federation.partners.models import Partner
from federation.partners.rules.document import contents
from federation.partners.rules.encoding import text_of
from federation.partners.rules.handshake import JOINED
from federation.projects.models import Project
from protocols.recalls.models import Recall

END_OF_HEAD = b"\r\n\r\n"
NAME = "A" * 16
OK, NO_CONTENT = "200 OK", "204 No Content"


@dataclass
class Receiver:
    """One partner of the node `host`, which it reads when it is poked, and from time to time."""

    node: Node
    port: int
    engine: AsyncEngine
    host: Node
    poll_seconds: float
    deaf: bool = False
    poked: asyncio.Event = field(default_factory=asyncio.Event)
    recalled: int = 0
    changed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        """Begin an own private feed for the host, in which nothing is said."""
        self._feed, self._epoch = new_id(), str(new_id())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what the host asks for, on one connection until it is closed."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(END_OF_HEAD)).decode("latin-1")
                await reader.readexactly(_length(head))
                path = head.split(" ", 2)[1]
                if self.deaf and path.endswith("/poke"):
                    break
                writer.write(self._answer(path))
                await writer.drain()
        writer.close()

    def _answer(self, path: str) -> bytes:
        if path.endswith("/poke"):
            self.poked.set()
            return _response(NO_CONTENT, b"")
        if "/feeds?at=" in path:
            return _response(NO_CONTENT, b"")
        if path.endswith("/token"):
            told: msgspec.Struct = Token(access_token="t" * 43, expires_in=600)
        elif path.endswith("/feeds"):
            told = self._list()
        else:
            told = self._page()
        return _response(OK, msgspec.json.encode(told))

    def _list(self) -> FeedList:
        line = FeedLine(id=self._feed, kind="private", subject=self.host.node_id, epoch=self._epoch)
        return FeedList(feeds=[line], granted=[], document_version=1, name=NAME)

    def _page(self) -> heads.Page:
        now = current_time()
        head = heads.Head(
            feed=str(self._feed),
            epoch=self._epoch,
            seq=0,
            hash=text_of(chain.beginning(self._feed, self._epoch)),
            last=0,
            recalls_hash=heads.recalls_hash(()),
            at=now,
            expires=now + heads.HEAD_LIVES,
        )
        signed = self.node.keys.sign("head", msgspec.to_builtins(head), purpose=heads.PURPOSE)
        return heads.Page(head=signed, recalls=[], events=[])

    async def work(self, first_after: float) -> None:
        """Read the host when poked, and after the usual while; tell when something is recalled."""
        async with door(self.engine) as session:
            partner = await session.get_one(Partner, self.host.node_id)
        client = PartnerClient(self.node, partner, development=True, clock=current_time)
        reader = Reader(engine=self.engine, node_id=self.node.node_id, clock=current_time)
        wait = first_after
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.poked.wait(), wait)
                self.poked.clear()
                wait = self.poll_seconds
                await pull(reader, client, self.host.node_id)
                async with door(self.engine) as session:
                    self.recalled = (
                        await session.scalar(select(func.count()).select_from(Recall)) or 0
                    )
                self.changed()
        finally:
            await client.close()


def _length(head: str) -> int:
    lines = [line.partition(":") for line in head.splitlines()]
    return next((int(value) for name, _, value in lines if name.lower() == "content-length"), 0)


def _response(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
    length = f"Content-Length: {len(body)}\r\n" if status == OK else ""
    return f"{head}{length}\r\n".encode() + body


@asynccontextmanager
async def receivers(
    folder: Path, urls: list[str], host: Node, project: Project, poll_seconds: float
) -> AsyncIterator[list[Receiver]]:
    """Set partners up that have joined the host; their doors are open, none of them reads yet."""
    async with AsyncExitStack() as stack:
        found = []
        for number, url in enumerate(urls):
            port = free_port()
            engine = make_engine(url, connections=2)
            stack.push_async_callback(engine.dispose)
            node = made(folder / f"partner-{number}", f"http://127.0.0.1:{port}")
            receiver = Receiver(node, port, engine, host, poll_seconds)
            async with door(engine) as session:
                session.add(partner_row(host, current_time()))
                await session.flush()
                session.add(_copy(project, host.node_id))
            server = await asyncio.start_server(receiver.serve, "127.0.0.1", port)
            stack.callback(server.close)
            found.append(receiver)
        yield found


def partner_row(node: Node, now: datetime, grants: tuple[str, ...] = ()) -> Partner:
    """Give a node that has joined, as the other side keeps it."""
    document = contents(node.document)
    return Partner(
        node_id=node.node_id,
        name=node.name,
        base_url=node.base_url,
        state=JOINED,
        document=node.document,
        document_version=document.version,
        keys=document.pinned(),
        words=[],
        we_grant=list(grants),
        they_grant=[],
        met_at=now,
    )


def _copy(project: Project, node_id: str) -> Project:
    return Project(
        id=UUID(str(project.id)),
        slug=project.slug,
        name=project.name,
        region=project.region,
        jurisdiction=project.jurisdiction,
        zone=project.zone,
        languages=project.languages,
        node=node_id,
    )
