"""Asks a server on this machine over connections that stay open; run as a process of its own.

A job comes in on standard input and what happened goes out on standard output, both as JSON. It
does as little as possible for each answer, so that the server is what limits.
"""

import asyncio
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter

import msgspec

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
CLOSES = b"\r\nconnection: close"
WITHOUT_BODY = {204, 304}
CHUNK = 2**18
LONGEST_ANSWER_SECONDS = 30


class Job(msgspec.Struct):
    """Requests as they go over the wire; without `seconds` each is sent once."""

    port: int
    requests: list[bytes]
    connections: int
    seconds: float | None = None


class Load(msgspec.Struct):
    """What the server answered, by status, and how long it took."""

    answers: dict[int, int]
    seconds: float
    median_milliseconds: float
    slowest_milliseconds: float

    @property
    def total(self) -> int:
        """Count all answers."""
        return sum(self.answers.values())

    @property
    def rate(self) -> float:
        """Give answers a second."""
        return self.total / self.seconds


class Connection:
    """One connection, opened again where the server closes it after an answer."""

    def __init__(self, port: int) -> None:
        """Remember where; the first request opens it."""
        self.loop = asyncio.get_running_loop()
        self.port = port
        self.socket: socket.socket | None = None
        self.unread = b""

    async def ask(self, request: bytes) -> int:
        """Send one request and read its whole answer; give the status."""
        if self.socket is None:
            self.socket = socket.socket()
            self.socket.settimeout(0)
            await self.loop.sock_connect(self.socket, ("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.loop.sock_sendall(self.socket, request)
        async with asyncio.timeout(LONGEST_ANSWER_SECONDS):
            return await self._answer(self.socket)

    async def _answer(self, connected: socket.socket) -> int:
        found = self.unread
        while (end := found.find(END_OF_HEAD)) < 0:
            found += await self._more(connected)
        head = found[: end + 2].lower()
        status = int(head[9:12])
        whole = end + len(END_OF_HEAD) + (0 if status in WITHOUT_BODY else length_of(head))
        while len(found) < whole:
            found += await self._more(connected)
        self.unread = found[whole:]
        if CLOSES in head or head.startswith(b"http/1.0"):
            self.close()
        return status

    async def _more(self, connected: socket.socket) -> bytes:
        got = await self.loop.sock_recv(connected, CHUNK)
        if not got:
            raise ConnectionError
        return got

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.unread = None, b""


def length_of(head: bytes) -> int:
    """Read how long the body is that follows a head in small letters."""
    at = head.index(LENGTH) + len(LENGTH)
    return int(head[at : head.index(b"\r", at)])


async def _converse(
    connection: Connection, requests: Iterator[bytes], until: float, noted: list[tuple[int, float]]
) -> None:
    for request in requests:
        begun = perf_counter()
        if begun > until:
            break
        noted.append((await connection.ask(request), perf_counter() - begun))
    connection.close()


async def send(job: Job) -> Load:
    """Send a job's requests, so many at once as it has connections."""
    once = job.seconds is None
    requests = iter(job.requests) if once else cycle(job.requests)
    noted: list[tuple[int, float]] = []
    begun = perf_counter()
    until = begun + (job.seconds or float("inf"))
    async with asyncio.TaskGroup() as all_at_once:
        for _ in range(job.connections):
            task = _converse(Connection(job.port), requests, until, noted)
            all_at_once.create_task(task)
    seconds = perf_counter() - begun
    times = sorted(took for _, took in noted)
    return Load(
        answers=dict(Counter(status for status, _ in noted)),
        seconds=seconds,
        median_milliseconds=1000 * times[len(times) // 2],
        slowest_milliseconds=1000 * times[-1],
    )


def main() -> None:
    """Do the job on standard input."""
    import uvloop

    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(send(job))))


if __name__ == "__main__":
    main()
