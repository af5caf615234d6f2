"""The one way out to addresses that others gave us: guarded in its transport, for every request.

https only, and http to loopback in development; no private address after resolution; no redirects;
caps on size and time, on what is unpacked as well; compression only from who was asked for it.
"""

import asyncio
import bz2
import socket
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol

import httpx2

LARGEST_BODY = 2**21
SECONDS = 10
CONNECT_SECONDS = 3
KEPT_SECONDS = 60
"""Longer than from one poll of a partner to the next, and shorter than our own server waits."""
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
COMPATIBLE = IPv6Network("::/96")
"""IPv4 addresses as they were once written; the two that are left of them are no public ones."""


class OutboundRefused(httpx2.TransportError):
    """An address to which nothing is sent, or an answer that is not taken."""


def may_reach(address: IPv4Address | IPv6Address, *, development: bool) -> bool:
    """Tell whether a resolved address is public, or loopback in development."""
    if isinstance(address, IPv6Address):
        if address.sixtofour or address.teredo or any(address in each for each in NAT64):
            return False
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return development
    if isinstance(address, IPv6Address) and (address.is_site_local or address in COMPATIBLE):
        return False
    return address.is_global and not address.is_multicast


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, largest: int) -> None:
        self._inner = inner
        self._left = largest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise OutboundRefused("The answer is too large.")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Decompressor(Protocol):
    """What zlib and bz2 have in common."""

    @property
    def eof(self) -> bool: ...
    def decompress(self, chunk: bytes, most: int, /) -> bytes: ...


UNPACK: Mapping[str, Callable[[], _Decompressor]] = {
    "gzip": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
    "x-bzip2": bz2.BZ2Decompressor,
}
PACKED = ", ".join(UNPACK)


class _Unpacked(httpx2.AsyncByteStream):
    """Unpacks as it reads, never more than is allowed: a small answer may hide a huge one."""

    def __init__(self, inner: httpx2.AsyncByteStream, coding: str, largest: int) -> None:
        self._inner = inner
        self._left = largest
        self._unpacking = UNPACK[coding]()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            try:
                unpacked = self._unpacking.decompress(chunk, self._left + 1)
            except (zlib.error, OSError, EOFError) as error:
                raise OutboundRefused("The answer is not packed as it says.") from error
            self._left -= len(unpacked)
            if self._left < 0:
                raise OutboundRefused("The answer is too large.")
            yield unpacked
        if not self._unpacking.eof:
            raise OutboundRefused("The answer breaks off.")

    async def aclose(self) -> None:
        await self._inner.aclose()


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Resolves a name itself and connects to the address that it has checked: no rebinding."""

    def __init__(
        self,
        *,
        development: bool,
        largest: int = LARGEST_BODY,
        redirects: bool = False,
        packed: bool = False,
    ) -> None:
        self._development = development
        self._largest = largest
        self._redirects = redirects
        self._packed = packed
        kept = httpx2.Limits(max_keepalive_connections=10, keepalive_expiry=KEPT_SECONDS)
        self._inner = httpx2.AsyncHTTPTransport(retries=0, limits=kept)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send to a checked address; the name stays in Host and in the TLS handshake."""
        addresses = await self._addresses(request.url)
        host = request.url.host
        if not self._packed:
            request.headers["accept-encoding"] = "identity"
        failure: httpx2.ConnectError | None = None
        for address in addresses:
            direct = httpx2.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                received = await self._inner.handle_async_request(direct)
            except httpx2.ConnectError as error:
                failure = error
            else:
                return await self._checked_or_closed(received)
        raise failure or OutboundRefused("This address has no answer.")

    async def _checked_or_closed(self, received: httpx2.Response) -> httpx2.Response:
        """Let go of the connection of an answer that is refused: nobody will read it to its end."""
        try:
            return self._checked(received)
        except BaseException:
            await received.aclose()
            raise

    async def _addresses(self, url: httpx2.URL) -> list[IPv4Address | IPv6Address]:
        """Resolve; one forbidden address among several refuses the name."""
        addresses = await _resolved(url)
        plain_allowed = self._development and all(address.is_loopback for address in addresses)
        if url.scheme != "https" and not (url.scheme == "http" and plain_allowed):
            raise OutboundRefused("Only https leaves this node.")
        if not all(may_reach(address, development=self._development) for address in addresses):
            raise OutboundRefused("This address is not a public one.")
        return sorted(set(addresses), key=lambda address: (address.version, address.packed))

    def _checked(self, response: httpx2.Response) -> httpx2.Response:
        headers = response.headers
        if response.is_redirect and not self._redirects:
            raise OutboundRefused("Partners do not redirect.")
        coding = headers.get("content-encoding", "identity")
        if coding != "identity" and not (self._packed and coding in UNPACK):
            raise OutboundRefused("The answer is compressed, which was not asked for.")
        if int(headers.get("content-length", "0")) > self._largest:
            raise OutboundRefused("The answer is too large.")
        stream = response.stream
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise OutboundRefused("The answer cannot be read.")
        capped: httpx2.AsyncByteStream = _Capped(stream, self._largest)
        if coding in UNPACK:
            capped = _Unpacked(capped, coding, self._largest)
            for spent in ("content-encoding", "content-length"):
                headers.pop(spent, None)
        return httpx2.Response(
            response.status_code, headers=headers, stream=capped, extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


async def _resolved(url: httpx2.URL) -> list[IPv4Address | IPv6Address]:
    with suppress(ValueError):
        # an address needs nobody who resolves it
        return [ip_address(url.host)]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, url.port or 443, type=socket.SOCK_STREAM
        )
    except OSError as error:
        raise httpx2.ConnectError("The name cannot be resolved.") from error
    return [ip_address(entry[4][0]) for entry in found]


def guarded_client(
    *,
    development: bool,
    largest: int = LARGEST_BODY,
    redirects: bool = False,
    packed: bool = False,
) -> httpx2.AsyncClient:
    """Make a client; its environment's proxies and credentials are left alone.

    It never follows a redirect by itself; with `redirects` its caller gets to see them. With
    `packed` it asks for gzip.
    """
    transport = GuardedTransport(
        development=development, largest=largest, redirects=redirects, packed=packed
    )
    client = httpx2.AsyncClient(
        transport=transport,
        timeout=httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "netreach", "accept-encoding": "gzip"},
    )
    # what they say by default is what their absence says (RFC 9110, 12.5.1; RFC 9112, 9.3)
    for said_anyway in ("accept", "connection"):
        del client.headers[said_anyway]
    return client
