"""Whatever is wrong with a request has a code of its own, and no table is other than before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.parts import current_time
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.people.rules import OPERATOR
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import Evening, an_evening
from tests.rota.world import everything

LARGE = b'"' + b"x" * 2_000_000 + b'"'
NOT_UTF_8 = b"\xff\xfe{}"
LEAVE = {"start": "2027-01-05T19:00:00Z", "end": "2027-01-06T19:00:00Z"}
PATTERN = {
    "channel": "live-chat",
    "series": "tue-19",
    "weekday": 1,
    "starts": "19:00",
    "minutes": 120,
    "zone": "Europe/London",
    "first_day": "2027-01-05",
    "until": "2027-01-12",
    "seats": ["lead", "second", "supervisor"],
}
HASH = {"text_hash": "0" * 64, "language": "en"}

POSTS = [
    "/api/v1/me/tokens",
    "/api/v1/seats/{seat}/claims",
    "/api/v1/shifts/{shift}/check-in",
    "/api/v1/leave",
    "/api/v1/pools/{pool}/patterns",
    "/api/v1/calendars",
    "/api/v1/protocols/{unknown}/acknowledgements",
]


@pytest.fixture(scope="module")
async def evening(node: Node) -> Evening:
    """Give what all of this module tries in vain to change, and a claim that somebody holds."""
    evening = await an_evening(node)
    async with door(node.engine) as session:
        await claim_seat(
            session, evening.worker.asker, evening.shift.seats["second"], current_time()
        )
    return evening


@pytest.fixture
async def known(evening: Evening) -> dict[str, Any]:
    """Give the ids that addresses name; `others` belong to somebody of another project."""
    other = await an_evening(evening.node)
    async with door(evening.node.engine) as session:
        held = await claim_seat(session, other.worker.asker, other.shift.lead, current_time())
    return {
        "seat": evening.shift.lead,
        "taken": evening.shift.seats["second"],
        "shift": evening.shift.id,
        "pool": evening.pool.slug,
        "other_seat": other.shift.seats["second"],
        "other_shift": other.shift.id,
        "other_pool": other.pool.slug,
        "other_claim": held.id,
        "unknown": uuid4(),
    }


@pytest.fixture
async def unchanged(evening: Evening, known: dict[str, Any]) -> AsyncIterator[None]:
    """Compare all tables before and after."""
    del known
    for somebody in (evening.worker, evening.coordinator):
        # the day of a token's last use is noted at its first
        await evening.node.web.get("/api/v1/me", headers=somebody.bearer)
    before = await tables(evening)
    yield
    assert await tables(evening) == before


async def tables(evening: Evening) -> dict[str, list[Any]]:
    async with door(evening.node.engine) as session:
        return await everything(session)


async def sent(
    evening: Evening, known: dict[str, Any], method: str, path: str, **sent: Any
) -> tuple[int, str]:
    who: Somebody = evening.coordinator if "/patterns" in path else evening.worker
    headers = {**who.bearer, **sent.pop("headers", {})}
    answer = await evening.node.web.request(method, path.format_map(known), headers=headers, **sent)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (LARGE, 413, "too-large"),
        (NOT_UTF_8, 400, "not-json"),
        (b"{", 400, "not-json"),
        (b'{"colour": "\\u0000"}', 400, "not-text"),
        (b'{"colour": "red"}', 400, "unknown-field"),
        (b"[]", 400, "wrong-type"),
    ],
    ids=["2-mb", "not-utf-8", "cut-off", "nul", "unknown-field", "wrong-type"],
)
async def test_a_body_that_cannot_be_read(
    evening: Evening, known: dict[str, Any], path: str, content: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    told = await sent(evening, known, "POST", path, content=content, headers=headers)
    # where a field is missing as well, either may be named
    assert told == (status, code) or (code == "unknown-field" and told == (400, "missing-field"))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/v1/leave", {**LEAVE, "colour": 1}, 400, "unknown-field"),
        ("POST", "/api/v1/leave", {"start": LEAVE["start"]}, 400, "missing-field"),
        ("POST", "/api/v1/leave", {**LEAVE, "start": 5}, 400, "wrong-type"),
        ("POST", "/api/v1/leave", {**LEAVE, "end": "2027-01-06T19:00:00"}, 400, "naive-time"),
        ("POST", "/api/v1/leave", {**LEAVE, "end": LEAVE["start"]}, 422, "end-before-start"),
        (
            "POST",
            "/api/v1/leave",
            {**LEAVE, "end": "2026-01-01T00:00:00Z"},
            422,
            "end-before-start",
        ),
        (
            "POST",
            "/api/v1/leave",
            {**LEAVE, "start": "0001-01-01T00:00:00+14:00"},
            400,
            "invalid-request",
        ),
        ("POST", "/api/v1/pools/{pool}/patterns", {**PATTERN, "zone": "Mars"}, 422, "unknown-zone"),
        ("POST", "/api/v1/pools/{pool}/patterns", {**PATTERN, "x": 1}, 400, "unknown-field"),
        ("POST", "/api/v1/pools/{pool}/patterns", {**PATTERN, "weekday": 1.5}, 400, "wrong-type"),
        (
            "POST",
            "/api/v1/pools/{pool}/patterns",
            {**PATTERN, "last_day": "2027-01-04"},
            422,
            "wrong-pattern",
        ),
        ("POST", "/api/v1/pools/{other_pool}/patterns", PATTERN, 404, "not-found"),
        ("POST", "/api/v1/seats/{seat}/claims", {"worker": 5}, 400, "wrong-type"),
        ("POST", "/api/v1/seats/{taken}/claims", None, 409, "seat-taken"),
        ("POST", "/api/v1/seats/{other_seat}/claims", None, 404, "not-found"),
        ("POST", "/api/v1/seats/{unknown}/claims", None, 404, "not-found"),
        ("GET", "/api/v1/claims/{other_claim}", None, 404, "not-found"),
        ("DELETE", "/api/v1/claims/{other_claim}", None, 404, "not-found"),
        ("POST", "/api/v1/shifts/{shift}/check-in", {"busy": 1}, 400, "wrong-type"),
        ("POST", "/api/v1/shifts/{shift}/check-in", {}, 409, "too-early"),
        ("POST", "/api/v1/shifts/{other_shift}/check-in", {}, 404, "not-found"),
        ("DELETE", "/api/v1/shifts/{other_shift}/check-in", None, 404, "not-found"),
        ("DELETE", "/api/v1/me/tokens/{unknown}", None, 404, "not-found"),
        ("DELETE", "/api/v1/calendars/{unknown}", None, 404, "not-found"),
        ("POST", "/api/v1/protocols/{unknown}/acknowledgements", HASH, 404, "not-found"),
        ("GET", "/api/v1/pools/{other_pool}/shifts", None, 404, "not-found"),
        ("GET", "/api/v1/pools/{pool}/shifts?from=2027-01-05T19:00:00", None, 400, "naive-time"),
        ("GET", "/api/v1/pools/{pool}/shifts?from=yesterday", None, 400, "wrong-type"),
        ("GET", "/api/v1/pools/{pool}/shifts?since=2027-01-05", None, 400, "unknown-field"),
    ],
)
async def test_a_request_that_cannot_be_granted(
    evening: Evening,
    known: dict[str, Any],
    method: str,
    path: str,
    body: Any,
    status: int,
    code: str,
) -> None:
    more = {} if body is None else {"json": body}
    assert await sent(evening, known, method, path, **more) == (status, code)


async def test_a_page_refuses_what_is_not_ones_own(evening: Evening, known: dict[str, Any]) -> None:
    paths = (
        "/seats/{other_seat}/claim",
        "/claims/{other_claim}/release",
        "/shifts/{other_shift}/check-in",
        "/shifts/{other_shift}/end",
        "/notices/{unknown}/seen",
    )
    async with evening.node.signed_in(evening.worker.id) as browser:
        token = await form_token(browser, "/week")
        before = await tables(evening)
        for path in paths:
            answer = await browser.post(path.format_map(known), data={"_csrf_token": token})
            assert answer.status_code == 404
            assert "There is nothing here, or it is not yours to see." in answer.text
        assert await tables(evening) == before


async def test_links_that_are_spent_or_too_old_change_nothing(evening: Evening) -> None:
    node, ann = evening.node, evening.worker
    now = current_time()
    async with door(node.engine) as session:
        old = await make_sign_in_link(
            session, OPERATOR, person_id=ann.id, hours=1, now=now - timedelta(hours=2)
        )
    used = await node.sign_in_link(ann.id)
    async with node.browser() as browser:
        token = await form_token(browser, f"/sign-in/{used}")
        await browser.post(f"/sign-in/{used}", data={"_csrf_token": token})
    told = []
    async with node.browser() as browser:
        token = await form_token(browser, "/sign-in/" + await node.sign_in_link(ann.id))
        before = await tables(evening)
        for secret in (old, used, "never-made"):
            answer = await browser.post(f"/sign-in/{secret}", data={"_csrf_token": token})
            told.append((answer.status_code, answer.text.split("<code>", 1)[1].split("<", 1)[0]))
    assert told == [
        (410, "sign-in-link-expired"),
        (410, "sign-in-link-used"),
        (404, "sign-in-link-unknown"),
    ]
    assert await tables(evening) == before


async def test_claiming_twice_is_one_claim(evening: Evening) -> None:
    node, seat = evening.node, f"/api/v1/seats/{evening.shift.seats['second']}/claims"
    colleague, _handle = await evening.colleague()
    key = {"Idempotency-Key": uuid4().hex}
    lead = f"/api/v1/seats/{evening.shift.lead}/claims"
    first = await node.web.post(lead, headers={**colleague.bearer, **key})
    before = await tables(evening)
    again = await node.web.post(lead, headers={**colleague.bearer, **key})
    reused = await node.web.post(seat, headers={**colleague.bearer, **key})
    without = await node.web.post(lead, headers=colleague.bearer)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")
    assert (without.status_code, without.json()["code"]) == (409, "seat-taken")
    assert await tables(evening) == before
