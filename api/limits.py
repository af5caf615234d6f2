"""How much one client may send and how often it may ask."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from api.errors import NotText, TooLarge, TooMany
from api.problems import MEDIA_TYPE, extra_headers, problem_of
from api.settings import Settings
from federation.errors import Refusal

UNLIMITED = ("/health/live", "/health/ready")


def share_of(scope: Scope) -> str:
    """Name whose share a request counts in: an IPv4 address, or the /64 of an IPv6 client."""
    client = scope.get("client")
    return share_of_address(client[0] if client else "0.0.0.0")  # noqa: S104 -- nobody's address


@lru_cache(maxsize=4096)
def share_of_address(text: str) -> str:
    """Name the share of an address as it is written."""
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, 64), strict=False))


class Shares:
    """Counts requests per client and minute; forgets everybody when the minute is over."""

    def __init__(self, per_minute: int) -> None:
        """Begin with nobody counted."""
        self.per_minute = per_minute
        self.minute = 0
        self.asked: dict[str, int] = {}

    def take(self, client: str, seconds: float) -> bool:
        """Count one request at a moment in seconds; False when the client's share is used up."""
        minute = int(seconds // 60)
        if minute != self.minute:
            self.minute, self.asked = minute, {}
        asked = self.asked.get(client, 0) + 1
        self.asked[client] = asked
        return asked <= self.per_minute


def require_share(shares: Shares, client: str, now: datetime) -> None:
    """Count one request of a client that has said who it is; refuse it beyond its share."""
    seconds = now.timestamp()
    if not shares.take(client, seconds):
        raise TooMany(60 - int(seconds) % 60)


def announced_length(scope: Scope) -> int:
    """Give the length that the client announces; Litestar counts what it does not announce."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def refusal_for(scope: Scope, settings: Settings) -> Refusal | None:
    """Say what is wrong with a request's outside, whatever its address would do with it."""
    if announced_length(scope) > settings.request_bytes:
        return TooLarge()
    if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
        return NotText("", "The address holds a NUL character.")
    return None


async def refuse(send: Send, refusal: Refusal) -> None:
    """Answer a problem without asking the application."""
    body = msgspec.json.encode(problem_of(refusal))
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        **extra_headers(refusal),
    }
    await send(
        {
            "type": "http.response.start",
            "status": refusal.status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})


def limited(
    app: ASGIApp, settings: Settings, shares: Shares, seconds: Callable[[], float]
) -> ASGIApp:
    """Let through what is within the limits."""

    async def within_limits(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"] in UNLIMITED:
            await app(scope, receive, send)
        elif not shares.take(share_of(scope), seconds()):
            await refuse(send, TooMany())
        elif refusal := refusal_for(scope, settings):
            await refuse(send, refusal)
        else:
            await app(scope, receive, send)

    return within_limits
