"""Two nodes on real sockets in one process, whose workers die and whose messages get lost."""

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.peers.joining import accept_invitation
from api.settings import Settings
from api.worker.jobs import ask_for_standing_work
from api.worker.loop import Loop, current_time
from api.worker.workshop import open_workshop
from database.session import door, make_engine
from federation.partners.actions import confirm_words
from federation.partners.invitations.actions import invite
from federation.partners.keys import Node, NodeKeys
from federation.permissions.rules import Asker

Fate = Literal["lost", "answer-lost", "twice"]
UNSENT = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"1")],
}


class Died(BaseException):
    """What kill -9 looks like from within: nothing may catch it and carry on."""


class ConnectionCut(Exception):
    """The server's side of a lost message."""


@dataclass
class Life:
    """One worker's life, which may end just before or just after one of its commits."""

    commits: int | None = None
    dies: Literal["before", "after"] = "before"
    over: bool = False

    def bind(self, engine: AsyncEngine) -> None:
        event.listen(engine.sync_engine, "begin", self._begin)
        event.listen(engine.sync_engine, "commit", self._commit)

    def _begin(self, _: Any) -> None:
        if self.over:
            raise Died

    def _commit(self, _: Any) -> None:
        if self.over:
            raise Died
        if self.commits is None:
            return
        if self.commits == 0:
            self.over = True
            if self.dies == "before":
                raise Died
        self.commits -= 1


@dataclass
class Weather:
    """Stands before a node's application and spoils what partners ask, in the order told."""

    app: ASGIApp
    coming: deque[Fate] = field(default_factory=deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = scope["type"] == ScopeType.HTTP and scope["path"].startswith("/fed/v1/")
        fate = self.coming.popleft() if told and self.coming else None
        if fate is None:
            await self.app(scope, receive, send)
            return
        said = await _all_of(receive)
        if fate != "lost":
            await self.app(dict(scope), _again(said), _nowhere)  # type: ignore[arg-type]  # a copy
        if fate == "twice":
            await self.app(scope, _again(said), send)
            return
        await send(UNSENT)  # type: ignore[arg-type]  # a literal's keys
        raise ConnectionCut


async def _all_of(receive: Receive) -> Message:
    body = b""
    while True:
        message: Any = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            whole: Any = {"type": "http.request", "body": body, "more_body": False}
            return whole  # type: ignore[no-any-return]


def _again(message: Message) -> Receive:
    left = [message]

    async def receive() -> Any:
        return left.pop() if left else {"type": "http.disconnect"}

    return receive


async def _nowhere(_: Message) -> None:
    """Take an answer that nobody gets."""


@dataclass(kw_only=True)
class MortalNode:
    """A node that serves; `people` is the engine through which its people act."""

    settings: Settings
    node: Node
    people: AsyncEngine
    weather: Weather

    async def work(self, life: Life, *, restarted: bool = True) -> None:
        """Let a new worker process do all that is due, or what it can in its life."""
        engine = make_engine(self.settings.database_url, connections=8)
        life.bind(engine)
        workshop = open_workshop(self.settings, engine, self.node, current_time)
        before = asyncio.all_tasks()
        try:
            if restarted:
                await ask_for_standing_work(workshop)
            await Loop(workshop).work_off()
        except Died:
            # what else it did at the same time dies at its next touch of the database
            if left := asyncio.all_tasks() - before:
                await asyncio.wait(left)
        finally:
            await workshop.close()
            await engine.dispose()


@asynccontextmanager
async def mortal(url: str, folder: Path, name: str) -> AsyncIterator[MortalNode]:
    """Serve one node until the test ends."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        settings = Settings(
            database_url=url,
            base_url=f"http://127.0.0.1:{sock.getsockname()[1]}",
            node_name=name,
            keys=folder,
            development=True,
            requests_per_minute=1_000_000,
            partner_requests_per_minute=1_000_000,
            database_connections=4,
        )
        NodeKeys.create(folder)
        weather = Weather(create_app(settings))
        config = uvicorn.Config(weather, log_config=None, access_log=False, lifespan="on")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        people = make_engine(url, connections=3)
        node = Node.open(folder, name=name, base_url=settings.base_url)
        try:
            yield MortalNode(settings=settings, node=node, people=people, weather=weather)
        finally:
            server.should_exit = True
            await serving
            await people.dispose()


async def join(inviter: MortalNode, newcomer: MortalNode, asker: Asker) -> None:
    """Bring two nodes together, as two administrators would."""
    async with door(inviter.people) as session:
        link = await invite(session, asker=asker, node=inviter.node, now=current_time())
    partner = await accept_invitation(
        newcomer.people,
        newcomer.node,
        asker=asker,
        link_text=str(link),
        now=current_time(),
        development=True,
    )
    for here, there in ((inviter, newcomer), (newcomer, inviter)):
        async with door(here.people) as session:
            await confirm_words(
                session,
                asker=asker,
                node_id=there.node.node_id,
                typed=" ".join(partner.words),
                now=current_time(),
            )
    for node in (inviter, newcomer, inviter):
        await node.work(Life())
