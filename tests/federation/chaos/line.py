"""The line to a node: a proxy before it that does to requests and answers what bad lines do.

A node is known by the address of its line. What happens to the next requests is told beforehand, by
their order, so that the same seed spoils the same ones.
"""

import asyncio
import gzip
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tests.api.odd_server import endless, says

Moment = Literal["coming", "asked", "answered"]
"""How far a request has got: to the line, to the node, or back with an answer."""
Fate = Literal[
    "lost",
    "answer lost",
    "twice",
    "late",
    "old answer",
    "cut off",
    "forged",
    "a friendly page",
    "a huge answer",
    "a gzip bomb",
    "elsewhere",
    "drip by drip",
]
END = b"\r\n\r\n"
PAGE = b"<html>This domain is for sale</html>"
BOMB = gzip.compress(bytes(10_000_000))
FIRST_EVENT = re.compile(rb'("seq":\d+,"kind":")\w')
LENGTH = re.compile(rb"content-length: \d+", re.IGNORECASE)
PRIVATE_PLACE = "http://169.254.169.254/latest/meta-data"
DRIP_SECONDS = 0.2


def _look_away(_: Moment) -> None:
    """See nothing."""


class Exchanged(NamedTuple):
    """What went over the line, byte for byte."""

    asked: bytes
    answered: bytes
    asker: str
    """The name of the node that asked."""


@dataclass
class Line:
    """What stands between a node, which listens on the port `node`, and all others."""

    address: str
    node: int = 0
    coming: deque[Fate | None] = field(default_factory=deque)
    """What happens to the next requests; nothing to those for which there is None."""
    cut_off: set[str] = field(default_factory=set)
    """Who cannot be heard here at all."""
    asker: str = ""
    """Who asks now: one does at a time."""
    happened: Counter[str] = field(default_factory=Counter)
    recorded: list[Exchanged] | None = None
    open: set[asyncio.Task[None]] = field(default_factory=set)
    """Who is being served now; a drip never ends by itself."""
    watch: Callable[[Moment], None] = _look_away
    """Sees each request that reaches the node, and may do away with whoever speaks."""
    _late: list[bytes] = field(default_factory=list)
    _old: dict[bytes, bytes] = field(default_factory=dict)

    async def close(self) -> None:
        """Break off whatever is still going over it."""
        left = list(self.open)
        for each in left:
            each.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def clear(self) -> None:
        """Be a good line again, that has forgotten what went over it."""
        self.coming.clear()
        self.cut_off.clear()
        self._late.clear()
        self._old.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = asyncio.current_task()
        assert here is not None
        self.open.add(here)
        try:
            asked = await _request(reader)
            if self.asker not in self.cut_off:
                await self._meet_fate(asked, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.happened["broken off"] += 1
        finally:
            writer.close()
            self.open.discard(here)

    async def _meet_fate(self, asked: bytes, writer: asyncio.StreamWriter) -> None:
        fate = self.coming.popleft() if self.coming else None
        late, self._late = self._late, []
        if fate is None:
            writer.write(await self.ask(asked))
        else:
            self.happened[fate] += 1
            await FATES[fate](self, asked, writer)
        for one in late:
            await self.ask(one)

    async def ask(self, asked: bytes) -> bytes:
        """Carry a request to the node, and give its whole answer."""
        self.watch("coming")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.node)
        try:
            writer.write(asked)
            await writer.drain()
            self.watch("asked")
            answered = await reader.read()
        finally:
            writer.close()
        self.watch("answered")
        if asked.startswith(b"GET "):
            # what stores answers on the way gives them to anybody, but never a token to another
            self._old[_about(asked)] = answered
        if self.recorded is not None:
            self.recorded.append(Exchanged(asked, answered, self.asker))
        return answered

    def keep_for_later(self, asked: bytes) -> None:
        self._late.append(asked)

    def old_answer(self, asked: bytes) -> bytes | None:
        return self._old.get(_about(asked))


async def _request(reader: asyncio.StreamReader) -> bytes:
    """Read a whole request, and ask for an answer that ends with its connection."""
    head = await reader.readuntil(END)
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    first, _, rest = head.partition(b"\r\n")
    return b"%s\r\nconnection: close\r\n%s%s" % (first, rest, await reader.readexactly(length))


def _about(asked: bytes) -> bytes:
    """Name what is asked for, whatever its parameters are."""
    return asked.partition(b"\r\n")[0].split(b"?")[0].removesuffix(b" HTTP/1.1")


async def _lost(_line: Line, _asked: bytes, _writer: asyncio.StreamWriter) -> None:
    """Reach nobody."""


async def _answer_lost(line: Line, asked: bytes, _writer: asyncio.StreamWriter) -> None:
    await line.ask(asked)


async def _twice(line: Line, asked: bytes, writer: asyncio.StreamWriter) -> None:
    await line.ask(asked)
    writer.write(await line.ask(asked))


async def _late(line: Line, asked: bytes, _writer: asyncio.StreamWriter) -> None:
    """Arrive after the request that follows, when nobody waits for an answer any more."""
    line.keep_for_later(asked)


async def _old_answer(line: Line, asked: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(line.old_answer(asked) or await line.ask(asked))


async def _cut_off(line: Line, asked: bytes, writer: asyncio.StreamWriter) -> None:
    head, _, body = (await line.ask(asked)).partition(END)
    writer.write(head + END + body[: len(body) // 2] if body else head[:-1])


async def _forged(line: Line, asked: bytes, writer: asyncio.StreamWriter) -> None:
    """Say of a page's first event that it is of another kind; a head vouches for each of them."""
    head, _, body = (await line.ask(asked)).partition(END)
    packed = b"content-encoding: gzip" in head.lower()
    body = FIRST_EVENT.sub(rb"\1x", gzip.decompress(body) if packed else body, count=1)
    body = gzip.compress(body) if packed else body
    writer.write(LENGTH.sub(b"content-length: %d" % len(body), head) + END + body)


async def _drip(_line: Line, _asked: bytes, writer: asyncio.StreamWriter) -> None:
    """Say a byte now and then, so that no wait for a byte is ever too long."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000" + END)
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)


def _always(answering: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> "Happens":
    async def answer(_line: Line, _asked: bytes, writer: asyncio.StreamWriter) -> None:
        await answering(writer)

    return answer


Happens = Callable[[Line, bytes, asyncio.StreamWriter], Awaitable[None]]
FATES: dict[Fate, Happens] = {
    "lost": _lost,
    "answer lost": _answer_lost,
    "twice": _twice,
    "late": _late,
    "old answer": _old_answer,
    "cut off": _cut_off,
    "forged": _forged,
    "a friendly page": _always(
        says(f"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {len(PAGE)}", PAGE)
    ),
    "a huge answer": _always(endless("200 OK")),
    "a gzip bomb": _always(
        says(f"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {len(BOMB)}", BOMB)
    ),
    "elsewhere": _always(says(f"HTTP/1.1 302 Found\nLocation: {PRIVATE_PLACE}\nContent-Length: 0")),
    "drip by drip": _drip,
}
QUICK: tuple[Fate, ...] = tuple(fate for fate in FATES if fate != "drip by drip")
"""Those after which nobody waits ten seconds to be sure."""


@asynccontextmanager
async def a_line() -> AsyncIterator[Line]:
    """Open a line whose node is told later."""
    line = Line("")
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    async with server:
        line.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield line
        finally:
            await line.close()
