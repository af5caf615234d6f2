import pytest
from httpx2 import Response

from api.parts import current_time
from database.session import door
from federation.pools.settings import set_consent
from rota.cover.follow import follow_seat
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def post(evening: Evening, who: Somebody, path: str, body: object = None) -> Response:
    address = f"/api/v1/{path}"
    if body is None:
        return await evening.node.web.post(address, headers=who.bearer)
    return await evening.node.web.post(address, headers=who.bearer, json=body)


async def test_a_worker_waits_is_offered_the_seat_and_takes_it(evening: Evening) -> None:
    web, seat = evening.node.web, evening.shift.lead
    colleague, _ = await evening.colleague()
    claim = (await post(evening, evening.worker, f"seats/{seat}/claims")).json()["id"]
    waits = await post(evening, colleague, f"seats/{seat}/waiting")
    entry = waits.json()
    assert (waits.status_code, entry) == (
        201,
        {"id": entry["id"], "seat": str(seat), "state": "waiting", "place": 1},
    )
    listed = (await web.get("/api/v1/waiting", headers=colleague.bearer)).json()["items"]
    assert [(each["id"], each["role"], each["place"]) for each in listed] == [
        (entry["id"], "lead", 1)
    ]
    others = (await web.get("/api/v1/waiting", headers=evening.worker.bearer)).json()["items"]
    assert others == []
    await web.delete(f"/api/v1/claims/{claim}", headers=evening.worker.bearer)
    async with door(evening.node.engine) as session:
        await follow_seat(session, seat, current_time())
    claims = (await web.get("/api/v1/claims", headers=colleague.bearer)).json()["items"]
    [offer] = [each for each in claims if each["state"] == "proposed"]
    foreign = await post(evening, evening.worker, f"claims/{offer['id']}/acceptance")
    assert foreign.status_code == 404
    taken = await post(evening, colleague, f"claims/{offer['id']}/acceptance")
    assert (taken.status_code, taken.json()["state"]) == (201, "held")
    again = await post(evening, colleague, f"claims/{offer['id']}/acceptance")
    assert (again.status_code, again.json()["code"]) == (409, "offer-ended")


async def test_a_place_is_given_up_and_a_free_seat_is_not_waited_for(evening: Evening) -> None:
    seat = evening.shift.lead
    colleague, _ = await evening.colleague()
    free = await post(evening, colleague, f"seats/{seat}/waiting")
    assert (free.status_code, free.json()["code"]) == (409, "seat-free")
    await post(evening, evening.worker, f"seats/{seat}/claims")
    entry = (await post(evening, colleague, f"seats/{seat}/waiting")).json()["id"]
    path = f"/api/v1/waiting/{entry}"
    answers = [
        (await evening.node.web.delete(path, headers=who.bearer)).status_code
        for who in (evening.worker, colleague, colleague)
    ]
    assert answers == [404, 204, 409]


async def test_a_coordinator_decides_where_the_pool_wants_it(evening: Evening) -> None:
    web = evening.node.web
    async with door(evening.node.engine) as session:
        pool = evening.pool.id
        await set_consent(session, evening.coordinator.asker, pool, current_time(), needed=True)
    claims = []
    for role in ("lead", "second"):
        colleague, handle = await evening.colleague()
        asked = await post(evening, colleague, f"seats/{evening.shift.seats[role]}/claims")
        assert (asked.status_code, asked.json()["state"]) == (202, "requested")
        claims.append((asked.json()["id"], handle))
    listed = await web.get("/api/v1/consents", headers=evening.coordinator.bearer)
    found = {(each["claim"], each["worker"]) for each in listed.json()["items"]}
    assert found == set(claims)
    not_theirs = await web.get("/api/v1/consents", headers=evening.worker.bearer)
    assert not_theirs.status_code == 403
    (first, _), (second, _) = claims
    yes = await post(evening, evening.coordinator, f"claims/{first}/consent", {"yes": True})
    assert (yes.status_code, yes.json()["state"]) == (200, "held")
    bare = await post(evening, evening.coordinator, f"claims/{second}/consent", {"yes": False})
    assert (bare.status_code, bare.json()["code"]) == (422, "reason-missing")
    no = {"yes": False, "reason": "Too many this week."}
    refused = await post(evening, evening.coordinator, f"claims/{second}/consent", no)
    assert (refused.json()["state"], refused.json()["reasons"]) == (
        "refused",
        [{"code": "consent-refused", "text": "Too many this week."}],
    )
