import asyncio
import bz2
import gzip
import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import httpx2
import msgspec
import pytest

from api.peers import outbound
from api.peers.client import PartnerRefusedError, PartnerUnreachableError, answer, read
from api.peers.outbound import LARGEST_BODY, OutboundRefused, guarded_client, may_reach
from api.peers.wire import FeedList
from api.server import serve
from api.settings import Settings
from tests.api.odd_server import endless, hostile, says


@pytest.mark.parametrize(
    ("address", "in_production", "in_development"),
    [
        ("93.184.215.14", True, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("10.0.0.1", False, False),
        ("172.16.3.4", False, False),
        ("192.168.1.1", False, False),
        ("169.254.169.254", False, False),
        ("100.64.0.1", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 -- an address to refuse, nothing listens
        ("224.0.0.1", False, False),
        ("::ffff:10.0.0.1", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fc00::1", False, False),
        ("fe80::1", False, False),
        ("64:ff9b::a00:1", False, False),
        ("2002:a00:1::1", False, False),
        ("64:ff9b:1::a00:1", False, False),
        ("fec0::1", False, False),
        ("::10.0.0.1", False, False),
        ("::", False, False),
    ],
)
def test_22_which_addresses_may_be_reached(
    address: str, *, in_production: bool, in_development: bool
) -> None:
    parsed = ip_address(address)
    assert may_reach(parsed, development=False) is in_production
    assert may_reach(parsed, development=True) is in_development


@pytest.mark.parametrize(
    ("url", "development"),
    [
        ("https://127.0.0.1/", False),
        ("https://localhost/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:127.0.0.1]/", False),
        ("https://10.0.0.1/", True),
        ("https://169.254.169.254/latest/meta-data", True),
        ("https://2130706433/", False),
        ("https://0x7f.1/", False),
        ("http://93.184.215.14/", False),
        ("http://93.184.215.14/", True),
        ("ftp://127.0.0.1/", True),
    ],
)
async def test_22_no_socket_is_opened_where_it_must_not(url: str, *, development: bool) -> None:
    async with guarded_client(development=development) as http:
        with pytest.raises((OutboundRefused, httpx2.UnsupportedProtocol)):
            await http.get(url)


async def test_plain_http_to_loopback_is_for_development_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as quiet:
        quiet.setblocking(False)  # noqa: FBT003 -- the socket's own signature
        port = quiet.getsockname()[1]
        async with guarded_client(development=False) as http:
            with pytest.raises(OutboundRefused):
                await http.get(f"http://127.0.0.1:{port}/")
        with pytest.raises(BlockingIOError):
            quiet.accept()


async def test_22_redirects_are_refused() -> None:
    redirect = "HTTP/1.1 302 Found\nLocation: https://elsewhere.example/\nContent-Length: 0"
    async with hostile(says(redirect)) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerUnreachableError, match="OutboundRefused"):
            await answer(http, "GET", url)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    ],
    ids=["redirect", "packed", "too large", "no number"],
)
async def test_22_an_answer_that_is_refused_holds_no_connection(head: bytes) -> None:
    """A partner that answers so to each poll would else use up all that may be open at once."""
    let_go = asyncio.Event()

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        if await reader.read() == b"":
            let_go.set()
        writer.close()

    server = await asyncio.start_server(redirect, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, guarded_client(development=True) as http:
        with pytest.raises(PartnerUnreachableError):
            await answer(http, "GET", url)
        async with asyncio.timeout(10):
            await let_go.wait()


@pytest.mark.parametrize("status", ["200 OK", "500 Error"])
async def test_23_a_body_without_end_is_cut_off(status: str) -> None:
    async with hostile(endless(status)) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerUnreachableError, match="OutboundRefused"):
            await answer(http, "GET", url)


@pytest.mark.parametrize("status", ["200 OK", "500 Error"])
async def test_23_a_body_announced_as_too_large_is_not_begun(status: str) -> None:
    head = f"HTTP/1.1 {status}\nContent-Length: 100000000"
    async with hostile(says(head, b"x")) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerUnreachableError, match="OutboundRefused"):
            await answer(http, "GET", url)


async def test_23_compression_is_neither_asked_for_nor_accepted() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    head = f"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {len(bomb)}"
    async with hostile(says(head, bomb)) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerUnreachableError, match="OutboundRefused"):
            await answer(http, "GET", url)


BOMB = bytes(10_000_000)
Pack = Callable[[bytes], bytes]
PACKED_BODIES: dict[str, Pack] = {"gzip": gzip.compress, "x-bzip2": bz2.compress}


@pytest.mark.parametrize("coding", PACKED_BODIES)
async def test_23_what_a_partner_packs_is_unpacked_up_to_the_cap(coding: str) -> None:
    body = PACKED_BODIES[coding](b"x" * LARGEST_BODY)
    head = f"HTTP/1.1 200 OK\nContent-Encoding: {coding}\nContent-Length: {len(body)}"
    async with (
        hostile(says(head, body)) as url,
        guarded_client(development=True, packed=True) as http,
    ):
        assert await answer(http, "GET", url) == b"x" * LARGEST_BODY


@pytest.mark.parametrize("coding", PACKED_BODIES)
@pytest.mark.parametrize(
    "spoilt",
    [
        lambda pack: pack(BOMB),
        lambda pack: pack(b"x" * (LARGEST_BODY + 1)),
        lambda pack: pack(b"some words")[:-4],
        lambda pack: pack(b"some words")[1:],
    ],
    ids=["bomb", "one byte too many", "broken off", "not packed"],
)
async def test_23_a_packed_answer_that_is_not_right_is_no_answer(
    coding: str, spoilt: Callable[[Pack], bytes]
) -> None:
    body = spoilt(PACKED_BODIES[coding])
    head = f"HTTP/1.1 200 OK\nContent-Encoding: {coding}\nContent-Length: {len(body)}"
    async with (
        hostile(says(head, body)) as url,
        guarded_client(development=True, packed=True) as http,
    ):
        with pytest.raises(PartnerUnreachableError):
            await answer(http, "GET", url)


async def test_a_length_that_is_no_number_is_a_failure() -> None:
    head = "HTTP/1.1 200 OK\nContent-Length: many"
    async with hostile(says(head)) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerUnreachableError):
            await answer(http, "GET", url)


async def test_15_a_friendly_page_with_status_200_is_a_failure() -> None:
    body = b"<html>This domain is for sale</html>"
    head = f"HTTP/1.1 200 OK\nContent-Length: {len(body)}"
    async with hostile(says(head, body)) as url, guarded_client(development=True) as http:
        raw = await answer(http, "GET", url)
    with pytest.raises(PartnerUnreachableError):
        read(raw, FeedList)


@pytest.mark.parametrize(
    "more",
    [
        {"granted": ["shifts:" + "a" * 94]},
        {"granted": ["shifts:a"] * 5_001},
        {"withheld": ["claim:a"] * 5_001},
        {"pools": [{}] * 1_001},
    ],
)
def test_a_list_longer_than_any_node_needs_is_a_failure(more: dict[str, Any]) -> None:
    """What it grants is kept with the partner, and written anew with every list."""
    honest = {"feeds": [], "granted": ["shifts:a"], "document_version": 1}
    assert read(msgspec.json.encode(honest), FeedList).granted == ["shifts:a"]
    with pytest.raises(PartnerUnreachableError):
        read(msgspec.json.encode(honest | more), FeedList)


async def test_a_refusal_keeps_its_code_and_nothing_else() -> None:
    body = b'{"code":"not-found","title":"A name"}'
    head = f"HTTP/1.1 404 Not Found\nContent-Length: {len(body)}"
    async with hostile(says(head, body)) as url, guarded_client(development=True) as http:
        with pytest.raises(PartnerRefusedError) as refused:
            await answer(http, "GET", url)
    assert str(refused.value) == "404 not-found"


def test_a_connection_outlives_the_time_between_two_polls() -> None:
    """And the one who asks lets go of it first, so that no poll meets one that is closing."""
    polls = Settings(database_url="").poll_seconds
    assert polls < outbound.KEPT_SECONDS < serve.KEPT_SECONDS
