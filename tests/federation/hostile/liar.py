"""A partner whose keys are real and whose words are not: it was joined, and now it lies.

It speaks the wire by itself, as the second reading of the page does, serves what it likes at its
own address, and counts who comes there.
"""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.specification.stranger import decoded, encoded, written
from tests.specification.stranger_reads import beginning, linked, recalls_hash
from tests.specification.stranger_speaks import Stranger, signed

EPOCH = "01940000-0000-7000-8000-000000000066"
HEAD = "netreach-head+jws"
Said = dict[str, Any]
Lie = Callable[[Said], Said]


def honest(said: Said) -> Said:
    return said


@dataclass
class Liar(Stranger):
    """One private feed for one reader; what is told of it may be changed on the way."""

    reader: str = ""
    feed: str = field(default_factory=lambda: str(uuid4()))
    epoch: str = EPOCH
    events: list[Said] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    changes_head: Lie = honest
    """Before it is signed."""
    changes_page: Lie = honest
    """After that."""
    head_key: Ed25519PrivateKey | None = None
    replays: Said | None = None
    """A whole page of before, in the place of all others."""
    asked: Counter[str] = field(default_factory=Counter)
    assertions: list[str] = field(default_factory=list)
    """What partners have shown to sign in here."""

    def be_honest(self) -> None:
        self.changes_head = self.changes_page = honest
        self.head_key = self.replays = None

    def say(self, kind: str, payload: str) -> None:
        """Say whatever bytes these are; they are chained as all others."""
        event = {
            "seq": len(self.events) + 1,
            "kind": kind,
            "at": self.now.isoformat(timespec="microseconds"),
            "salt": encoded(secrets.token_bytes(16)),
            "payload": payload,
        }
        digest, reached = linked(self._hash_at(len(self.events)), self.epoch, event)
        self.events.append(event | {"digest": digest})
        self.hashes.append(reached)

    def _hash_at(self, seq: int) -> bytes:
        if seq:
            return self.hashes[seq - 1]
        return decoded(beginning({"feed": self.feed, "epoch": self.epoch}))

    def page(self, after: int) -> Said:
        """Give what follows a place, as far as this partner tells the truth."""
        if self.replays is not None:
            return self.replays
        end = len(self.events)
        head = {
            "feed": self.feed,
            "epoch": self.epoch,
            "seq": end,
            "hash": encoded(self._hash_at(end)),
            "last": end,
            "recalls_hash": recalls_hash([]),
            "at": self.now.isoformat(),
            "expires": (self.now + timedelta(hours=24)).isoformat(),
        }
        key = self.head_key or self.keys["head"]
        told = {
            "head": signed(key, HEAD, self.changes_head(head)),
            "recalls": [],
            "events": self.events[after:],
        }
        return self.changes_page(told)

    def answer(self, path: str, body: bytes) -> Said | None:
        """Answer as a node would; None is 204."""
        inside = urlsplit(path)
        self.asked[inside.path] += 1
        asked = {name: one[0] for name, one in parse_qs(inside.query).items()}
        if inside.path == "/fed/v1/token":
            self.assertions.append(parse_qs(body.decode())["client_assertion"][0])
            return {"access_token": "opaque", "expires_in": 600, "token_type": "Bearer"}
        if inside.path == "/fed/v1/feeds":
            line = {"id": self.feed, "kind": "private", "subject": self.reader, "epoch": self.epoch}
            return {"feeds": [line], "granted": [], "document_version": 1}
        if inside.path.startswith("/fed/v1/feeds/"):
            return self.page(int(asked.get("after", ":0").partition(":")[2]))
        if inside.path == "/.well-known/netreach-node":
            told: Said = json.loads(self.document())
            return told
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = [line.partition(":") for line in head.split("\r\n")[1:]]
            length = [int(value) for name, _, value in fields if name.lower() == "content-length"]
            body = await reader.readexactly(sum(length))
            told = self.answer(head.split(" ")[1], body)
            writer.write(_response(told))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.asked["broken off"] += 1
        finally:
            writer.close()


def _response(told: Said | None) -> bytes:
    status = "200 OK" if told is not None else "204 No Content"
    raw = written(told) if told is not None else b""
    head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


@asynccontextmanager
async def a_liar(now: datetime) -> AsyncIterator[Liar]:
    liar = Liar(now)
    server = await asyncio.start_server(liar.serve, "127.0.0.1", 0)
    async with server:
        liar.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield liar
