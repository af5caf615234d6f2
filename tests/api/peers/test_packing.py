"""Pages are packed for those who ask for it, and nobody else waits meanwhile."""

import asyncio
import bz2
import gzip
from collections.abc import Callable
from threading import Event

import msgspec
import pytest
from litestar.testing import RequestFactory

from api.peers.packing import LARGE, PACKERS, packed


class Page(msgspec.Struct):
    words: str


UNPACK: dict[str | None, Callable[[bytes], bytes]] = {
    "x-bzip2": bz2.decompress,
    "gzip": gzip.decompress,
    None: bytes,
}
SMALL, BIG = Page("a page " * 100), Page("a page " * LARGE)


async def answer(page: Page, accepted: str) -> tuple[str | None, bytes]:
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    response = await packed(request, page)
    return response.headers.get("Content-Encoding"), response.content


@pytest.mark.parametrize(
    ("page", "accepted", "coding"),
    [
        (BIG, "x-bzip2, gzip", "x-bzip2"),
        (BIG, "gzip;q=1", "gzip"),
        (SMALL, "x-bzip2, gzip", "gzip"),
        (BIG, "br", None),
        (Page("short"), "gzip", None),
    ],
)
async def test_a_page_is_packed_as_its_reader_accepts(
    page: Page, accepted: str, coding: str | None
) -> None:
    said, body = await answer(page, accepted)

    assert (said, UNPACK[said](body)) == (coding, msgspec.json.encode(page))


async def test_others_are_answered_while_large_pages_wait_to_be_packed() -> None:
    """Two are packed at once; a partner that asks for many holds up its own pages alone."""
    may_go_on = Event()
    busy = [PACKERS.submit(may_go_on.wait) for _ in range(2)]
    try:
        large = [asyncio.create_task(answer(BIG, coding)) for coding in ("x-bzip2", "gzip")]
        small = asyncio.create_task(answer(SMALL, "gzip"))
        done, _ = await asyncio.wait({*large, small}, return_when=asyncio.FIRST_COMPLETED)
        assert done == {small}
        assert small.result() == ("gzip", gzip.compress(msgspec.json.encode(SMALL), mtime=0))
    finally:
        may_go_on.set()
    bodies = [body for _, body in await asyncio.gather(*large)]
    assert [bz2.decompress(bodies[0]), gzip.decompress(bodies[1])] == [msgspec.json.encode(BIG)] * 2
    assert [each.result() for each in busy] == [True, True]
