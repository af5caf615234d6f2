from tests.api.conftest import Node
from tests.api.evening import an_evening


async def test_a_pool_asks_for_reviewed_texts(node: Node) -> None:
    evening = await an_evening(node)
    path = f"/api/v1/pools/{evening.pool.slug}/text-rule"
    coordinator, worker = evening.coordinator.bearer, evening.worker.bearer
    stranger = (await node.somebody("coordinator")).bearer
    asked = {"lived_experience": True}

    before = await node.web.get(path, headers=worker)
    refused = await node.web.put(path, headers=worker, json=asked)
    hidden = await node.web.get(path, headers=stranger)
    unknown = await node.web.put(path, headers=stranger, json=asked)
    changed = await node.web.put(path, headers=coordinator, json=asked)
    after = await node.web.get(path, headers=worker)

    assert (before.json(), after.json()) == ({"lived_experience": False}, asked)
    assert (refused.status_code, hidden.status_code, unknown.status_code) == (403, 404, 404)
    assert changed.status_code == 200
