from datetime import timedelta

import pytest

from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def test_a_coordinator_divides_a_shift(evening: Evening) -> None:
    node, shift = evening.node, evening.shift
    taken = await node.web.post(f"/api/v1/seats/{shift.lead}/claims", headers=evening.worker.bearer)
    assert taken.status_code == 201
    at = shift.starts + timedelta(hours=1)
    path = f"/api/v1/shifts/{shift.id}/split"
    divided = await node.web.post(
        path, headers=evening.coordinator.bearer, json={"at": at.isoformat()}
    )
    assert divided.status_code == 201
    first, second = divided.json()["first"], divided.json()["second"]
    assert first["id"] == str(shift.id)
    assert first["end"] == second["start"]
    assert [part["debrief_minutes"] for part in (first, second)] == [0, 15]
    assert [part["briefing_minutes"] for part in (first, second)] == [15, 0]
    states = [{seat["role"]: seat["state"] for seat in part["seats"]} for part in (first, second)]
    assert states == [{"lead": "held", "second": "open", "supervisor": "open"}] * 2
    claims = await node.web.get("/api/v1/claims", headers=evening.worker.bearer)
    assert len(claims.json()["items"]) == 2


async def test_who_may_not_plan_the_pool_divides_nothing(evening: Evening) -> None:
    node, shift = evening.node, evening.shift
    body = {"at": (shift.starts + timedelta(hours=1)).isoformat()}
    path = f"/api/v1/shifts/{shift.id}/split"
    stranger = await node.somebody("coordinator")
    for who, status, code in (
        (evening.worker, 403, "not-allowed"),
        (stranger, 404, "not-found"),
    ):
        answer = await node.web.post(path, headers=who.bearer, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    late = {"at": (shift.starts + timedelta(hours=5)).isoformat()}
    refused = await node.web.post(path, headers=evening.coordinator.bearer, json=late)
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot-split")
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["outside-shift"]
