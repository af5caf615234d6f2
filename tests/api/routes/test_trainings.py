"""The passport and the accounts on tools, as programs see them."""

from typing import Any

import pytest

from database.session import door
from federation.pools.actions import join_pool
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming, with_handle
from tests.rota.world import NOW, SHARE

LAW = {"name": "law", "issued": "2026-01-01", "expires": "2099-12-31"}
ACCOUNT = "operator account under the display handle"


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def stranger_of(evening: Evening) -> Somebody:
    """Give a coordinator of another member of the pool."""
    other = await evening.node.somebody("coordinator", project_id=await evening.node.project())
    async with door(evening.node.engine) as session:
        await join_pool(session, other.asker, evening.pool.id, SHARE, NOW)
    return other


async def answer(
    evening: Evening, who: Somebody, method: str, path: str, body: Any = None
) -> tuple[int, str]:
    """Give the status, and the code of a refusal."""
    asked = await evening.node.web.request(method, f"/api/v1{path}", headers=who.bearer, json=body)
    return asked.status_code, asked.json().get("code", "") if asked.content else ""


async def trainings_seen(evening: Evening, who: Somebody) -> list[tuple[str, str, str]]:
    seen = await evening.node.web.get("/api/v1/trainings", headers=who.bearer)
    assert seen.status_code == 200
    return [(one["person"], one["name"], one["standing"]) for one in seen.json()["items"]]


async def test_a_training_is_attested_seen_by_its_own_people_only_and_withdrawn(
    evening: Evening,
) -> None:
    worker, coordinator = evening.worker, evening.coordinator
    colleague, _ = await evening.colleague()
    other = await stranger_of(evening)
    path = f"/people/{worker.id}/trainings"
    made = await evening.node.web.post(f"/api/v1{path}", headers=coordinator.bearer, json=LAW)
    assert made.status_code == 201
    training = made.json()
    assert training == LAW | {
        "id": training["id"],
        "person": str(worker.id),
        "standing": "valid",
    }
    row = (str(worker.id), "law", "valid")
    assert await trainings_seen(evening, worker) == [row]
    assert await trainings_seen(evening, coordinator) == [row]
    assert await trainings_seen(evening, colleague) == []
    assert await trainings_seen(evening, other) == []
    withdrawn = f"/trainings/{training['id']}"
    assert await answer(evening, other, "DELETE", withdrawn) == (404, "not-found")
    assert await answer(evening, colleague, "DELETE", withdrawn) == (404, "not-found")
    assert await answer(evening, worker, "DELETE", withdrawn) == (403, "not-allowed")
    assert await answer(evening, worker, "POST", path, LAW) == (403, "not-allowed")
    assert await answer(evening, other, "POST", path, LAW) == (404, "not-found")
    assert await answer(evening, coordinator, "DELETE", withdrawn) == (204, "")
    assert await trainings_seen(evening, worker) == [(str(worker.id), "law", "withdrawn")]


@pytest.mark.parametrize(
    ("changed", "answered"),
    [
        ({"expires": "2025-12-31"}, (422, "end-before-start")),
        ({"name": " "}, (400, "invalid-request")),
        ({"issued": "yesterday"}, (400, "wrong-type")),
        ({"issued": "1999-12-31"}, (400, "invalid-request")),
        ({"note": "x"}, (400, "unknown-field")),
    ],
)
async def test_a_training_that_cannot_be_is_refused(
    evening: Evening, changed: dict[str, str], answered: tuple[int, str]
) -> None:
    path = f"/people/{evening.worker.id}/trainings"
    assert await answer(evening, evening.coordinator, "POST", path, LAW | changed) == answered
    assert await trainings_seen(evening, evening.worker) == []


async def test_what_a_pool_asks_for_decides_who_may_sit_there(evening: Evening) -> None:
    path, other = f"/pools/{evening.pool.slug}/trainings", await stranger_of(evening)
    body = {"trainings": ["law"], "from": coming(0).date().isoformat()}
    assert await answer(evening, evening.worker, "PUT", path, body) == (403, "not-allowed")
    stranger = await evening.node.somebody("coordinator")
    assert await answer(evening, stranger, "PUT", path, body) == (404, "not-found")
    told = await evening.node.web.put(
        f"/api/v1{path}", headers=evening.coordinator.bearer, json=body
    )
    assert (told.status_code, told.json()) == (200, {"shifts": 1})
    claim = f"/seats/{evening.shift.lead}/claims"
    assert await answer(evening, evening.worker, "POST", claim) == (422, "claim-refused")
    await answer(
        evening, evening.coordinator, "POST", f"/people/{evening.worker.id}/trainings", LAW
    )
    assert await answer(evening, evening.worker, "POST", claim) == (201, "")
    # any member on the host's node plans the pool, as everywhere
    again = await answer(evening, other, "PUT", path, body | {"channel": "nowhere"})
    assert again == (404, "not-found")


async def test_a_tools_owner_grants_and_withdraws_accounts(evening: Evening) -> None:
    other = await stranger_of(evening)
    theirs, handle = await with_handle(evening.node, evening.pool, other)
    channel = f"/pools/{evening.pool.slug}/channels/live-chat"
    account = f"{channel}/accounts/{handle}"
    owner = evening.coordinator
    assert await answer(evening, owner, "PUT", account) == (409, "no-account-needed")
    assert await answer(evening, owner, "PUT", f"{channel}/account", {"needs": ACCOUNT}) == (
        204,
        "",
    )
    claim = f"/seats/{evening.shift.lead}/claims"
    assert await answer(evening, theirs, "POST", claim) == (422, "claim-refused")
    for who, refusal in (
        (other, (403, "not-the-tools-owner")),
        (theirs, (403, "not-allowed")),
        (await evening.node.somebody("coordinator"), (404, "not-found")),
    ):
        assert await answer(evening, who, "PUT", account) == refusal
        assert await answer(evening, who, "DELETE", account) == refusal
    assert await answer(evening, owner, "PUT", account) == (204, "")
    assert await answer(evening, theirs, "POST", claim) == (201, "")
    seen = await evening.node.web.get(f"/api/v1{channel}/accounts", headers=owner.bearer)
    granted = {one["handle"]: one["granted_at"] is not None for one in seen.json()["items"]}
    assert granted == {evening.handle: False, handle: True}
    assert await answer(evening, other, "GET", f"{channel}/accounts") == (404, "not-found")
    assert await answer(evening, owner, "PUT", f"{channel}/accounts/nobody") == (404, "not-found")
    assert await answer(evening, owner, "DELETE", account) == (204, "")
    assert await answer(evening, owner, "DELETE", account) == (404, "not-found")
