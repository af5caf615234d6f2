"""Answers to partners, packed where they say that they can unpack: most of a page is repetition."""

import gzip
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import State

SMALLEST = 200
"""Bytes; below it packing costs more than it saves."""
LEVEL = 6


def packed(request: Request[Any, Any, State], told: msgspec.Struct) -> Response[bytes]:
    """Write an answer as JSON, in gzip (RFC 9110, 8.4.1.3) for who accepts it."""
    raw = msgspec.json.encode(told)
    accepted = request.headers.get("accept-encoding", "")
    wanted = {coding.split(";")[0].strip() for coding in accepted.split(",")}
    if "gzip" not in wanted or len(raw) < SMALLEST:
        return Response(raw, media_type="application/json")
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    # no time in it: the same page is the same bytes
    return Response(
        gzip.compress(raw, LEVEL, mtime=0), media_type="application/json", headers=headers
    )
