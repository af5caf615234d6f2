"""Answers to partners, packed where they say that they can unpack: most of a page is repetition."""

import asyncio
import bz2
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import State

GZIP, BZIP2 = "gzip", "x-bzip2"
SMALLEST = 200
"""Bytes; below it packing costs more than it saves."""
LARGE = 20_000
"""Bytes; from here on bzip2 finds what repeats much better than gzip, whose window is short."""
PACKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pack")
"""Large pages are packed beside the event loop, and few at once, so that others are answered."""


async def packed(request: Request[Any, Any, State], told: msgspec.Struct) -> Response[bytes]:
    """Write an answer as JSON, packed (RFC 9110, 8.4.1) for who accepts it."""
    raw = msgspec.json.encode(told)
    accepted = request.headers.get("accept-encoding", "")
    wanted = {coding.split(";")[0].strip() for coding in accepted.split(",")}
    if BZIP2 in wanted and len(raw) >= LARGE:
        return _as(BZIP2, await _beside(bz2.compress, raw))
    if GZIP in wanted and len(raw) >= SMALLEST:
        # no time in it: the same page is the same bytes
        pack = partial(gzip.compress, mtime=0)
        return _as(GZIP, await _beside(pack, raw) if len(raw) >= LARGE else pack(raw))
    return Response(raw, media_type="application/json")


async def _beside(pack: Callable[[bytes], bytes], raw: bytes) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(PACKERS, pack, raw)


def _as(coding: str, body: bytes) -> Response[bytes]:
    return Response(body, media_type="application/json", headers={"Content-Encoding": coding})
