"""Sees every request from outside: names it, times it, logs and counts it, guards its headers."""

import re
import secrets
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from api.logs import frames
from api.metrics import Metrics

PUBLIC = re.compile(r"/open/[^/]+\.json|/widget\.js")
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WITH_SCRIPT = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""For pages with one of our own scripts, which asks nobody but this node."""
IN_FRAMES = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For what stands in frames of other sites, without a button that others could have pressed."""
GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",
}
FOR_ALL_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


ENCRYPTED_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""For a node whose own address is encrypted: a browser then never asks it in clear again."""


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Write headers as they go over the wire, once: this is done with every answer."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


RAW_GUARDS, RAW_FOR_ALL_SITES = _raw(GUARDS), _raw(FOR_ALL_SITES)
RAW_ENCRYPTED_ONLY = _raw(ENCRYPTED_ONLY)
PARTNERS = "/fed/v1/"
RAW_FOR_PARTNERS = _raw(
    {name: GUARDS[name] for name in ("X-Content-Type-Options", "Cache-Control")}
)
"""No browser shows what a partner's token opens; a poll is asked thousands of times a day."""


def route_of(scope: Scope) -> str:
    """Give the route's template: the path itself may hold a secret, and is never written down."""
    return str(scope.get("path_template") or "unmatched")


def methods_at(scope: Scope) -> str:
    """Name every method of an address; Litestar names those of one of its handlers only."""
    routes = (route for route in scope["litestar_app"].routes if isinstance(route, HTTPRoute))
    found = {m for route in routes if route.path_format == route_of(scope) for m in route.methods}
    return ", ".join(sorted(found))


def guard(message: HTTPResponseStartEvent, path: str, request_id: str) -> None:
    """Add the headers that protect people; a handler that sets one itself keeps its own."""
    given = list(message["headers"])
    own = {name.lower() for name, _ in given}
    if path.startswith(PARTNERS):
        message["headers"] = given + [one for one in RAW_FOR_PARTNERS if one[0] not in own]
        return
    given += [header for header in RAW_GUARDS if header[0] not in own]
    given.append((b"x-request-id", request_id.encode()))
    if PUBLIC.fullmatch(path):
        given += RAW_FOR_ALL_SITES
    message["headers"] = given


class Observed:
    """Wraps the application, so that also what no route answers is seen and guarded."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, encrypted: bool) -> None:
        """Wrap `app`, whose answers `metrics` counts and whose address may be `encrypted`."""
        self.app = app
        self.metrics = metrics
        self.encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and write down how it went."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        request_id, started, status = secrets.token_hex(16), time.perf_counter(), 500
        begun: float | None = None
        method, path = str(scope["method"]), scope["path"]
        # whatever answers GET answers HEAD (RFC 9110, 9.1)
        inner = cast("Scope", {**scope, "method": "GET"}) if method == "HEAD" else scope

        async def guarded(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                # an answer may then go on for minutes
                status, begun = message["status"], time.perf_counter()
                guard(message, path, request_id)
                if self.encrypted:
                    message["headers"] = [*message["headers"], *RAW_ENCRYPTED_ONLY]
                if method == "OPTIONS" and status == HTTPStatus.NO_CONTENT:
                    headers = MutableScopeHeaders.from_message(message)
                    headers["Allow"] = methods_at(inner)
            elif message["type"] == "http.response.body" and method == "HEAD":
                message["body"] = b""
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self.app(inner, receive, guarded)
            except Exception as error:
                structlog.get_logger().error(
                    "broken off", error=type(error).__name__, frames=frames(error)
                )
                raise
            finally:
                seconds = (begun or time.perf_counter()) - started
                self._note(method, route_of(inner), status, seconds)

    def _note(self, method: str, route: str, status: int, seconds: float) -> None:
        self.metrics.count(method, route, status, seconds)
        structlog.get_logger().info(
            "answered",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )
