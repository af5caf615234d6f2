"""Conditional answers (RFC 9110, 13): what the asker has already is not sent again.

They are bytes already, so they go to ASGI as they are, past what Litestar does to encode values.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from litestar.types import ASGIApp, Receive, Scope, Send

Afterwards = Callable[[], Awaitable[None]]


def held_tags(if_none_match: str | None) -> list[str]:
    """Read the tags that the asker holds, weak ones too, without their quotes."""
    if not if_none_match:
        return []
    return [
        tag.strip().removeprefix("W/").strip('"') for tag in if_none_match.split(",") if tag.strip()
    ]


def ready(
    body: bytes | None,
    status: int,
    headers: Mapping[str, str],
    afterwards: Afterwards | None = None,
) -> ASGIApp:
    """Send bytes that need nothing done to them; `afterwards` runs when they are sent."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    if body is not None:
        raw.append((b"content-length", str(len(body)).encode()))

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body or b"", "more_body": False})
        if afterwards is not None:
            await afterwards()

    return answer


def conditional(
    body: bytes | None,
    etag: str,
    held: list[str],
    media_type: str,
    headers: Mapping[str, str],
    afterwards: Afterwards | None = None,
) -> ASGIApp:
    """Answer 304 where the asker has this text, else 200 with it."""
    tagged = {**headers, "ETag": f'"{etag}"'}
    if body is None or etag in held or "*" in held:
        return ready(None, HTTPStatus.NOT_MODIFIED, tagged, afterwards)
    typed = {**tagged, "Content-Type": media_type}
    return ready(body, HTTPStatus.OK, typed, afterwards)
