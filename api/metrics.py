"""Counts requests by route template, for Prometheus; nothing in it tells who or what exactly."""

import secrets
from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from federation.errors import NotAllowed

SAID_AS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
"""The framework names the character set of every text; twice, Prometheus refuses the answer."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """One application's figures; a registry of its own lets several live in one process."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "netreach_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "netreach_request_seconds",
            "Time from request to the start of its answer",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        known = method if method in METHODS else "other"
        self.requests.labels(known, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)


def may_read(request: Request[Any, Any, State]) -> bool:
    """Tell whether it is this machine itself that asks, or somebody with the metrics token."""
    token = request.app.state.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and secrets.compare_digest(given.encode(), token.encode()):
        return True
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@get("/metrics", opt={"exclude_from_csrf": True}, include_in_schema=False, sync_to_thread=False)
def metrics(request: Request[Any, Any, State], state: State) -> Response[bytes]:
    """Show the figures in Prometheus' text format."""
    if not may_read(request):
        raise NotAllowed("Metrics are for this machine itself and for the metrics token.")
    shown: Metrics = state.metrics
    return Response(generate_latest(shown.registry), media_type=SAID_AS)
