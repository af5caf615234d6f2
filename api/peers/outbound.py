"""The one way out to addresses that others gave us: guarded in its transport, for every request.

https only, and http to loopback in development; no private address after resolution; no redirects;
no compression; caps on size and time.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx2

LARGEST_BODY = 2**21
SECONDS = 10
CONNECT_SECONDS = 3
NAT64 = IPv6Network("64:ff9b::/96")


class OutboundRefused(httpx2.TransportError):
    """An address to which nothing is sent, or an answer that is not taken."""


def may_reach(address: IPv4Address | IPv6Address, *, development: bool) -> bool:
    """Tell whether a resolved address is public, or loopback in development."""
    if isinstance(address, IPv6Address):
        if address.sixtofour or address.teredo or address in NAT64:
            return False
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return development
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


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Resolves a name itself and connects to the address that it has checked: no rebinding."""

    def __init__(
        self, *, development: bool, largest: int = LARGEST_BODY, redirects: bool = False
    ) -> None:
        self._development = development
        self._largest = largest
        self._redirects = redirects
        self._inner = httpx2.AsyncHTTPTransport(retries=0)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send to a checked address; the name stays in Host and in the TLS handshake."""
        addresses = await self._addresses(request.url)
        host = request.url.host
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
                return self._checked(await self._inner.handle_async_request(direct))
            except httpx2.ConnectError as error:
                failure = error
        raise failure or OutboundRefused("This address has no answer.")

    async def _addresses(self, url: httpx2.URL) -> list[IPv4Address | IPv6Address]:
        """Resolve; one forbidden address among several refuses the name."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                url.host, url.port or 443, type=socket.SOCK_STREAM
            )
        except OSError as error:
            raise httpx2.ConnectError("The name cannot be resolved.") from error
        addresses = [ip_address(entry[4][0]) for entry in found]
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
        if headers.get("content-encoding", "identity") != "identity":
            raise OutboundRefused("The answer is compressed, which was not asked for.")
        if int(headers.get("content-length", "0")) > self._largest:
            raise OutboundRefused("The answer is too large.")
        stream = response.stream
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise OutboundRefused("The answer cannot be read.")
        return httpx2.Response(
            response.status_code,
            headers=headers,
            stream=_Capped(stream, self._largest),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


def guarded_client(
    *, development: bool, largest: int = LARGEST_BODY, redirects: bool = False
) -> httpx2.AsyncClient:
    """Make a client; its environment's proxies and credentials are left alone.

    It never follows a redirect by itself; with `redirects` its caller gets to see them.
    """
    return httpx2.AsyncClient(
        transport=GuardedTransport(development=development, largest=largest, redirects=redirects),
        timeout=httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "netreach"},
    )
