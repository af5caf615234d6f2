"""Programs' ways in: scoped, expiring, listed without their secret, ended at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.parts import current_time
from database.session import door
from federation.access.models import ApiToken
from federation.access.rules import secret_hash
from tests.api.conftest import Node, Somebody


async def me(node: Node, secret: str) -> int:
    answer = await node.web.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code


async def make(node: Node, who: Somebody, **wanted: object) -> dict[str, Any]:
    body = {"label": "phone", **wanted}
    answer = await node.web.post("/api/v1/me/tokens", json=body, headers=who.bearer)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic YTpi", "wrong"])
async def test_nobody_is_told_why_a_token_does_not_work(node: Node, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = await node.web.get("/api/v1/me", headers=headers)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert (answer.status_code, answer.json()) == (
        401,
        {
            "status": 401,
            "code": "sign-in-needed",
            "title": "Please sign in. Your coordinator can give you a sign-in link.",
        },
    )


async def test_a_token_is_made_listed_and_revoked(node: Node) -> None:
    ann = await node.somebody("worker")
    made = await make(node, ann, scopes=["read"], days=3)
    assert made["scopes"] == ["read"]
    assert await me(node, made["token"]) == 200
    listed = (await node.web.get("/api/v1/me/tokens", headers=ann.bearer)).json()
    assert [token["label"] for token in listed["items"]] == ["test", "phone"]
    assert listed["items"][1] == {
        "id": made["id"],
        "label": "phone",
        "scopes": ["read"],
        "expires": made["expires"],
        "last_used": current_time().date().isoformat(),
    }
    gone = await node.web.delete(f"/api/v1/me/tokens/{made['id']}", headers=ann.bearer)
    assert (gone.status_code, gone.content) == (204, b"")
    assert await me(node, made["token"]) == 401
    again = await node.web.delete(f"/api/v1/me/tokens/{made['id']}", headers=ann.bearer)
    assert again.status_code == 404


async def test_an_expired_token_opens_nothing(node: Node) -> None:
    ann = await node.somebody("worker")
    async with door(node.engine) as session:
        await session.execute(
            update(ApiToken)
            .where(ApiToken.secret_hash == secret_hash(ann.token))
            .values(expires_at=current_time() - timedelta(seconds=1))
        )
    assert await me(node, ann.token) == 401


async def test_a_reading_token_changes_nothing(node: Node) -> None:
    reader = await node.somebody("coordinator", scopes=["read"])
    answer = await node.web.post(
        "/api/v1/me/tokens", json={"label": "x", "scopes": ["write"]}, headers=reader.bearer
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_a_token_gives_no_more_than_it_has(node: Node) -> None:
    writer = await node.somebody("worker", scopes=["write"])
    answer = await node.web.post(
        "/api/v1/me/tokens", json={"label": "x", "scopes": ["read"]}, headers=writer.bearer
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-scope")


@pytest.mark.parametrize("role", ["worker", "coordinator"])
async def test_another_projects_tokens_do_not_exist(node: Node, role: str) -> None:
    ann, stranger = await node.somebody("worker"), await node.somebody(role)
    made = await make(node, ann)
    answer = await node.web.delete(f"/api/v1/me/tokens/{made['id']}", headers=stranger.bearer)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert await me(node, made["token"]) == 200


async def test_a_colleague_may_not_revoke_but_their_coordinator_may(node: Node) -> None:
    ann = await node.somebody("worker")
    colleague = await node.somebody("worker", project_id=ann.project_id)
    coordinator = await node.somebody("coordinator", project_id=ann.project_id)
    made = await make(node, ann)
    address = f"/api/v1/me/tokens/{made['id']}"
    assert (await node.web.delete(address, headers=colleague.bearer)).status_code == 403
    assert await me(node, made["token"]) == 200
    assert (await node.web.delete(address, headers=coordinator.bearer)).status_code == 204
    assert await me(node, made["token"]) == 401


async def test_only_hashes_are_kept(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.engine.connect() as connection:
        rows = await connection.execute(select(ApiToken).where(ApiToken.person_id == ann.id))
        assert ann.token not in repr(rows.all())


async def test_many_refusals_leave_no_connection_open(fresh_node: Node) -> None:
    for _ in range(30):
        assert await me(fresh_node, "wrong") == 401
    assert fresh_node.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool's
