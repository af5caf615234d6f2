"""What the floor does around every answer: caps, guards, counts, and what it never writes down."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from httpx2 import ASGITransport, AsyncClient
from litestar import get
from structlog.testing import capture_logs

from api.limits import Shares, share_of
from api.observation import GUARDS, POLICY, PUBLIC
from api.settings import Settings
from tests.api.conftest import ADDRESS, Node, node_on

LARGE = b'{"label": "' + b"x" * 2_000_000 + b'"}'


async def test_a_body_of_two_megabytes_is_refused_unread(node: Node) -> None:
    ann = await node.somebody("worker")
    headers = {**ann.bearer, "Content-Type": "application/json"}
    answer = await node.web.post("/api/v1/me/tokens", content=LARGE, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_body_that_announces_no_length_is_counted(node: Node) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(LARGE), 100_000):
            yield LARGE[start : start + 100_000]

    ann = await node.somebody("worker")
    headers = {**ann.bearer, "Content-Type": "application/json"}
    answer = await node.web.post("/api/v1/me/tokens", content=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@asynccontextmanager
async def client_at(node: Node, address: str) -> AsyncIterator[AsyncClient]:
    app: Any = node.app
    transport = ASGITransport(app=app, client=(address, 50000))
    async with AsyncClient(transport=transport, base_url=ADDRESS) as web:
        yield web


async def test_each_client_has_its_own_share(settings: Settings) -> None:
    small = msgspec.structs.replace(settings, requests_per_minute=3)
    async with (
        node_on(small) as node,
        client_at(node, "192.0.2.1") as one,
        client_at(node, "192.0.2.2") as two,
    ):
        answers = [(await one.get("/nowhere")).status_code for _ in range(4)]
        last = await one.get("/api/v1/me")
        # the minute may turn between two requests, so the share itself is tested below
        assert set(answers) <= {404, 429}
        if last.status_code == 429:
            assert last.json()["code"] == "too-many-requests"
            assert last.headers["retry-after"] == "60"
            assert last.headers["content-type"] == "application/problem+json"
            assert last.headers["x-content-type-options"] == "nosniff"
        assert (await two.get("/nowhere")).status_code == 404
        for _ in range(5):
            assert (await one.get("/health/live")).status_code == 200


def test_a_share_lasts_a_minute_and_forgets() -> None:
    shares = Shares(per_minute=2)
    assert [shares.take("a", at) for at in (60, 61, 119.9)] == [True, True, False]
    assert shares.take("b", 119.9)
    assert shares.take("a", 120)
    assert shares.asked == {"a": 1}


@pytest.mark.parametrize(
    ("client", "share"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 1), "2001:db8:1:2::/64"),
        (("testclient", 1), "unknown"),
        (None, "0.0.0.0"),  # noqa: S104 -- a name for those without address, nothing listens
    ],
)
def test_a_share_belongs_to_an_address(client: tuple[str, int] | None, share: str) -> None:
    scope: Any = {"client": client}
    assert share_of(scope) == share


@pytest.mark.parametrize("path", ["/api/v1/me", "/nowhere", "/sign-in/no-link", "/health/live"])
async def test_every_answer_is_guarded(node: Node, path: str) -> None:
    answer = await node.web.get(path)
    assert {name: answer.headers[name] for name in GUARDS} == GUARDS
    assert len(answer.headers["x-request-id"]) == 32
    assert "access-control-allow-origin" not in answer.headers


async def test_a_node_reached_in_secret_is_never_asked_in_clear_again(
    node: Node, settings: Settings
) -> None:
    """A node tried out on a machine of one's own, without a certificate, does not ask for it."""
    told = "strict-transport-security"
    assert (await node.web.get("/nowhere")).headers[told] == "max-age=31536000"
    plain = msgspec.structs.replace(settings, base_url="http://127.0.0.1:8000")
    async with node_on(plain) as local:
        assert told not in (await local.web.get("/nowhere")).headers


async def test_a_page_with_a_script_of_ours_lets_it_in_and_is_guarded_as_all_others(
    node: Node,
) -> None:
    answer = await node.web.get("/sign-in")
    policy = f"{POLICY}; script-src 'self'; connect-src 'self'"
    guards = GUARDS | {"Content-Security-Policy": policy}
    assert {name: answer.headers[name] for name in guards} == guards


@pytest.mark.parametrize(
    ("path", "open_to_all"),
    [
        ("/open/quayside.json", True),
        ("/widget.js", True),
        ("/open/quayside", False),
        ("/open/quayside.ics", False),
        ("/api/v1/open/x.json", False),
        ("/api/v1/me", False),
    ],
)
def test_only_what_is_public_may_be_read_by_other_sites(path: str, *, open_to_all: bool) -> None:
    assert bool(PUBLIC.fullmatch(path)) is open_to_all


async def test_static_files_may_be_kept(node: Node) -> None:
    answer = await node.web.get("/static/netreach.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "max-age=3600, public")
    outside = await node.web.get("/static/..%2Frendering.py")
    assert outside.status_code == 404


async def test_head_answers_what_get_would_without_a_body(node: Node) -> None:
    shown, asked = await node.web.get("/sign-in"), await node.web.head("/sign-in")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == shown.headers["content-type"]


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as entries:
        yield entries


async def test_a_log_line_names_the_route_and_no_secret(node: Node, logged: list[Any]) -> None:
    ann = await node.somebody("worker", name="Zelda Unmistakable")
    secret = await node.sign_in_link(ann.id)
    async with node.signed_in(ann.id) as browser:
        await browser.get(f"/sign-in/{secret}")
    await node.web.get("/calendar/abcdefghijklmnop.ics")
    answer = await node.web.get(f"/api/v1/me?q={secret}", headers=ann.bearer)
    assert logged[-1] == {
        "event": "answered",
        "log_level": "info",
        "request": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/api/v1/me",
        "status": 400,
        "milliseconds": logged[-1]["milliseconds"],
    }
    written = json.dumps(logged)
    assert "/sign-in/{secret}" in written
    for hidden in (secret, ann.token, "abcdefghijklmnop", "Zelda", str(ann.id)):
        assert hidden not in written


@get("/quoting", opt={"exclude_from_csrf": True}, include_in_schema=False)
async def quoting() -> None:
    """Fail with a message that quotes somebody."""
    raise RuntimeError("Zelda Unmistakable has the number 07700 900000")


async def test_a_fault_is_logged_by_place_without_its_message(
    node: Node, logged: list[Any]
) -> None:
    node.app.register(quoting)
    await node.web.get("/quoting")
    failed, answered = logged
    assert (failed["event"], failed["error"]) == ("failed", "RuntimeError")
    assert failed["frames"][-1].endswith(" quoting")
    assert (answered["route"], answered["status"]) == ("/quoting", 500)
    assert "Zelda" not in json.dumps(logged)


async def test_metrics_count_routes_not_addresses(settings: Settings) -> None:
    async with node_on(settings) as node:
        await node.web.get("/sign-in/a-very-secret-thing")
        await node.web.get("/an-address-typed-by-hand")
        await node.web.request("BREW", "/sign-in")
        answer = await node.web.get("/metrics")
        shown = answer.text
    assert answer.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
    for line in (
        'netreach_requests_total{method="GET",route="/sign-in/{secret}",status="404"} 1.0',
        'netreach_requests_total{method="GET",route="unmatched",status="404"} 1.0',
        'netreach_requests_total{method="other",route="unmatched",status="405"} 1.0',
    ):
        assert line in shown
    assert "a-very-secret-thing" not in shown
    assert "typed-by-hand" not in shown


async def test_metrics_are_for_loopback_or_the_token(settings: Settings, tmp_path: Path) -> None:
    del tmp_path
    told = msgspec.structs.replace(settings, metrics_token="metrics-secret")
    async with node_on(told) as node, client_at(node, "192.0.2.1") as stranger:
        refused = await stranger.get("/metrics")
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
        for token, status in (("metrics-secret", 200), ("wrong", 403), ("", 403)):
            headers = {"Authorization": f"Bearer {token}"}
            assert (await stranger.get("/metrics", headers=headers)).status_code == status
    async with node_on(settings) as node, client_at(node, "192.0.2.1") as stranger:
        empty = await stranger.get("/metrics", headers={"Authorization": "Bearer "})
        assert empty.status_code == 403
