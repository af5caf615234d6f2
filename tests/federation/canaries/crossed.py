"""Every byte that went over a line, unpacked, and what is written in it once more in base64url."""

import base64
import bz2
import gzip
import re
from collections.abc import Iterable, Iterator

from tests.federation.chaos.line import END, Exchanged

ENCODED = re.compile(rb"[A-Za-z0-9_-]{16,}")
UNPACK = {b"gzip": gzip.decompress, b"x-bzip2": bz2.decompress}
KIND = re.compile(rb'"kind":"([a-z-]+\.[a-z-]+)"')


def said_in(recorded: Iterable[Exchanged]) -> Iterator[bytes]:
    """Give requests and answers as they are meant, heads and bodies."""
    for one in recorded:
        yield from _with_what_is_inside(one.asked)
        head, _, body = one.answered.partition(END)
        yield from _with_what_is_inside(head + END + _unpacked(head, body))


def body_of(answered: bytes) -> bytes:
    """Give an answer's body as it is meant."""
    head, _, body = answered.partition(END)
    return _unpacked(head, body)


def _unpacked(head: bytes, body: bytes) -> bytes:
    for coding, unpack in UNPACK.items():
        if b"content-encoding: " + coding in head.lower():
            return unpack(body)
    return body


def _with_what_is_inside(raw: bytes) -> Iterator[bytes]:
    """Give a message, and what its signed statements say: they are written in base64url."""
    yield raw
    for found in ENCODED.finditer(raw):
        text = found.group()
        if len(text) % 4 != 1:
            yield base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def kinds_in(messages: Iterable[bytes]) -> set[str]:
    return {kind.decode() for each in messages for kind in KIND.findall(each)}
