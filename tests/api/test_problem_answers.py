"""Everything that is refused answers in one form, with a code of its own, and changes nothing."""

from typing import Any
from uuid import UUID

import pytest
from litestar import get
from sqlalchemy import func, select

from api.parts import Session, current_time
from database.outbox import OutboxRow
from federation.access.models import ApiToken
from tests.api.conftest import Node


async def tokens(node: Node, person_id: UUID) -> int:
    counted = select(func.count()).where(ApiToken.person_id == person_id)
    async with node.engine.connect() as connection:
        return await connection.scalar(counted) or 0


async def test_a_token_tells_whom_it_speaks_for(node: Node) -> None:
    ann = await node.somebody("worker", "supervisor", project_id=await node.project("quayside-me"))
    answer = await node.web.get("/api/v1/me", headers=ann.bearer)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "id": str(ann.id),
            "project": "quayside-me",
            "roles": ["supervisor", "worker"],
            "languages": ["en"],
            "scopes": ["read", "write"],
            "handles": [],
        },
    )


BODIES = [
    (b'{"label": "x", "colour": "red"}', 400, "unknown-field", "colour"),
    (b'{"label": 5}', 400, "wrong-type", "label"),
    (b'{"label": "x", "days": "5"}', 400, "wrong-type", "days"),
    (b'{"label": "x", "scopes": ["read", 1]}', 400, "wrong-type", "scopes[1]"),
    (b"[]", 400, "wrong-type", ""),
    (b"{}", 400, "missing-field", "label"),
    (b'{"label": ""}', 400, "invalid-request", "label"),
    (b'{"label": "  "}', 400, "invalid-request", "label"),
    (b'{"label": "x", "days": 0}', 400, "invalid-request", "days"),
    (b'{"label": "x", "days": 1e400}', 400, "invalid-request", "days"),
    (b'{"label": "\\u0000"}', 400, "not-text", ""),
    (b'{"label": "\xff"}', 400, "not-json", ""),
    (b'{"label": "\\ud800"}', 400, "not-json", ""),
    (b'{"label": ', 400, "not-json", ""),
    (b"[" * 100_000, 400, "wrong-type", ""),
    (b"", 400, "missing-field", ""),
    (b'{"label": "x", "scopes": ["admin"]}', 400, "wrong-type", "scopes[0]"),
    (b'{"label": "x", "scopes": []}', 400, "invalid-request", "scopes"),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), BODIES)
async def test_a_bad_body_has_its_own_code(
    node: Node, body: bytes, status: int, code: str, field: str
) -> None:
    ann = await node.somebody("worker")
    headers = {**ann.bearer, "Content-Type": "application/json"}
    answer = await node.web.post("/api/v1/me/tokens", content=body, headers=headers)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["code"], problem.get("field", "")) == (status, code, field)
    assert problem["status"] == status
    assert await tokens(node, ann.id) == 1


ADDRESSES = [
    ("GET", "/nowhere", 404, "not-found"),
    ("GET", "/api/v1/nowhere", 404, "not-found"),
    ("DELETE", "/api/v1/me/tokens/not-an-id", 404, "not-found"),
    ("DELETE", "/api/v1/me/tokens/0197a000-0000-7000-8000-000000000000", 404, "not-found"),
    ("PUT", "/api/v1/me", 405, "method-not-allowed"),
    ("GET", "/api/v1/me?x=%00", 400, "not-text"),
    ("GET", "/api/v1/me?colour=red", 400, "unknown-field"),
    ("GET", "/api/v1/me/tokens?now=2027-01-01", 400, "unknown-field"),
    ("GET", "/api/v1/%00", 400, "not-text"),
]


@pytest.mark.parametrize(("method", "address", "status", "code"), ADDRESSES)
async def test_a_bad_address_has_its_own_code(
    node: Node, method: str, address: str, status: int, code: str
) -> None:
    ann = await node.somebody("worker")
    answer = await node.web.request(method, address, headers=ann.bearer)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_wrong_method_names_the_right_ones(node: Node) -> None:
    answer = await node.web.put("/api/v1/me")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "OPTIONS"}


async def test_options_name_every_method_of_an_address(node: Node) -> None:
    answer = await node.web.options("/api/v1/me/tokens")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, OPTIONS, POST")


async def test_another_kind_of_body_is_refused(node: Node) -> None:
    ann = await node.somebody("worker")
    answer = await node.web.post("/api/v1/me/tokens", data={"label": "x"}, headers=ann.bearer)
    assert (answer.status_code, answer.json()) == (
        415,
        {
            "status": 415,
            "code": "unsupported-media-type",
            "title": "Send the body as JSON, with Content-Type: application/json.",
        },
    )


async def test_a_browser_gets_a_page_for_a_problem(node: Node) -> None:
    async with node.browser() as browser:
        page = await browser.get("/nowhere")
        program = await browser.get("/api/v1/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>There is nothing here, or it is not yours to see.</h1>" in page.text
    assert "<nav " in page.text
    assert program.headers["content-type"] == "application/problem+json"


@get("/broken", opt={"exclude_from_csrf": True}, include_in_schema=False)
async def broken() -> None:
    """Fail as a fault of ours would."""
    raise RuntimeError("The secret is 1234")


async def test_a_fault_of_ours_is_told_without_detail(node: Node) -> None:
    node.app.register(broken)
    answer = await node.web.get("/broken")
    assert (answer.status_code, answer.json()) == (
        500,
        {
            "status": 500,
            "code": "failed",
            "title": "Something went wrong here, and nothing was changed. Try again later.",
        },
    )


async def test_a_commit_that_fails_is_no_success(node: Node) -> None:
    @get("/doubled", opt={"exclude_from_csrf": True}, include_in_schema=False)
    async def doubled(session: Session) -> dict[str, Any]:
        for _ in range(2):
            session.add(
                OutboxRow(
                    kind="poke",
                    key="same",
                    payload={},
                    due=current_time(),
                    asked=1,
                    attempts=0,
                    leased_until=None,
                    last_error=None,
                )
            )
        return {"answered": "too early"}

    node.app.register(doubled)
    answer = await node.web.get("/doubled")
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    async with node.engine.connect() as connection:
        assert await connection.scalar(select(func.count()).where(OutboxRow.key == "same")) == 0
