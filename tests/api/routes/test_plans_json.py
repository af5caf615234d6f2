from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from api.parts import current_time
from api.worker.planning import make_plan
from database.outbox import OutboxRow
from database.session import door
from federation.people.models import Handle
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.plans.actions import propose_from_plan
from rota.plans.models import PoolPlan
from rota.sign_up.proposals import decide_proposal
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def call(
    evening: Evening, method: str, path: str, who: Somebody | None = None, body: Any = None
) -> Response:
    extra = {} if body is None else {"json": body}
    asker = who or evening.coordinator
    return await evening.node.web.request(method, f"/api/v1{path}", headers=asker.bearer, **extra)


async def open_to_all(evening: Evening, *people: Somebody) -> None:
    """Everybody is available on the evening of the shift."""
    starts = evening.shift.starts - timedelta(hours=1)
    window = Weekly(starts.weekday(), starts.time(), 300, "UTC", 1)
    async with door(evening.node.engine) as session:
        for who in people:
            await set_availability(session, who.asker, who.id, [window], current_time())


def span(evening: Evening) -> dict[str, str]:
    first = evening.shift.starts.date() - timedelta(days=1)
    return {"from": first.isoformat(), "until": (first + timedelta(days=4)).isoformat()}


async def team(evening: Evening) -> list[tuple[Somebody, str]]:
    second, supervisor = await evening.colleague(), await evening.colleague("supervisor")
    found = [(evening.worker, evening.handle), second, supervisor]
    await open_to_all(evening, *(who for who, _ in found))
    return found


async def made(evening: Evening, plan: str) -> None:
    async with door(evening.node.engine) as session:
        payload = await session.scalar(select(OutboxRow.payload).where(OutboxRow.key == plan))
    assert payload is not None
    await make_plan(evening.node.engine, payload, 3)


async def carried_out(evening: Evening, plan: str) -> None:
    """Do what the worker process does after a plan is published."""
    async with door(evening.node.engine) as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.key.startswith(plan)))
        jobs = [row.payload for row in rows if row.kind == "propose"]
        for job in jobs:
            await propose_from_plan(session, job, current_time())
    for job in jobs:
        async with door(evening.node.engine) as session:
            await decide_proposal(session, job["claim"], current_time())


async def test_from_the_order_over_the_difference_to_a_repair(evening: Evening) -> None:
    people = await team(evening)
    path = f"/pools/{evening.pool.slug}"
    ordered = await call(evening, "POST", f"{path}/plans", body=span(evening))
    assert ordered.status_code == 202, ordered.text
    plan = ordered.json()["id"]
    assert (ordered.json()["state"], ordered.json()["difference"]) == ("ordered", None)
    await made(evening, plan)
    draft = (await call(evening, "GET", f"/plans/{plan}")).json()
    assert draft["state"] == "draft"
    changes = draft["difference"]["changes"]
    assert [each["role"] for each in changes] == ["lead", "second", "supervisor"]
    assert {each["after"] for each in changes} == {
        f"{handle} ({evening.project})" for _, handle in people
    }
    assert draft["difference"]["opens"] == [str(evening.shift.id)]
    assert draft["difference"]["open_minutes_after"] == 120
    published = await call(evening, "POST", f"/plans/{plan}/publish")
    assert (published.status_code, published.json()["state"]) == (200, "published")
    await carried_out(evening, plan)
    none = await call(evening, "POST", f"{path}/repairs")
    assert (none.status_code, none.json()["code"]) == (409, "nothing-to-repair")

    gone = people[0][0]
    claims = (await call(evening, "GET", "/claims", gone)).json()["items"]
    left = await call(evening, "DELETE", f"/claims/{claims[0]['id']}", gone)
    assert left.status_code == 204
    spare, display = await evening.colleague()
    await open_to_all(evening, spare)
    repair = (await call(evening, "POST", f"{path}/repairs")).json()
    await made(evening, repair["id"])
    told = (await call(evening, "GET", f"/plans/{repair['id']}")).json()
    assert told["purpose"] == "repair"
    (change,) = told["difference"]["changes"]
    assert change["after"] == f"{display} ({evening.project})"
    assert change["given_up_by"] == f"{people[0][1]} ({evening.project})"
    listed = (await call(evening, "GET", f"{path}/plans")).json()
    assert [each["id"] for each in listed["items"]] == [repair["id"], plan]


async def test_a_plan_can_be_stopped_while_it_is_made(evening: Evening) -> None:
    path = f"/pools/{evening.pool.slug}/plans"
    plan = (await call(evening, "POST", path, body=span(evening))).json()["id"]
    stopped = await call(evening, "POST", f"/plans/{plan}/stop", body={"keep": True})
    assert (stopped.status_code, stopped.json()["stopping"]) == (202, "keep")
    missing = await call(evening, "POST", f"/plans/{plan}/stop", body={})
    assert (missing.status_code, missing.json()["code"]) == (400, "missing-field")
    await made(evening, plan)
    late = await call(evening, "POST", f"/plans/{plan}/stop", body={"keep": False})
    assert (late.status_code, late.json()["code"]) == (409, "plan-not-running")


async def test_a_scenario_is_exported_without_any_id_of_the_database(evening: Evening) -> None:
    people = await team(evening)
    path = f"/pools/{evening.pool.slug}/plans"
    plan = (await call(evening, "POST", path, body=span(evening))).json()["id"]
    exports = [await call(evening, "GET", f"/plans/{plan}/scenario") for _ in range(2)]
    async with door(evening.node.engine) as session:
        kept = (await session.get_one(PoolPlan, plan)).scenario
        handles = list(
            await session.scalars(select(Handle.id).where(Handle.pool_id == evening.pool.id))
        )
    known = {
        *map(str, handles),
        *(str(who.id) for who, _ in people),
        *(each["id"] for each in (*kept["workers"], *kept["shifts"])),
    }
    assert not [name for answer in exports for name in known if name in answer.text]
    one, other = ({each["id"] for each in answer.json()["workers"]} for answer in exports)
    assert len(one) == len(other) == 3
    assert not one & other


async def test_a_question_is_asked_and_read_by_those_who_plan(evening: Evening) -> None:
    path = f"/pools/{evening.pool.slug}/what-ifs"
    body = {**span(evening), "change": {"kind": "project-leaves", "project": evening.project}}
    asked = await call(evening, "POST", path, body=body)
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "ordered"
    again = await call(evening, "GET", f"/what-ifs/{asked.json()['id']}")
    assert again.json() == asked.json()
    nobody = {**body, "change": {"kind": "project-leaves", "project": "nobody"}}
    refused = await call(evening, "POST", path, body=nobody)
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing-to-change")
    backwards = {**body, "until": body["from"]}
    assert (await call(evening, "POST", path, body=backwards)).status_code == 400


async def test_days_that_no_calendar_could_hold_are_refused(evening: Evening) -> None:
    path = f"/pools/{evening.pool.slug}"
    change = {"kind": "project-leaves", "project": evening.project}
    for first, until in (("0001-01-01", "0001-01-05"), ("9999-12-29", "9999-12-31")):
        days = {"from": first, "until": until}
        asked = {**days, "change": change}
        for where, body in ((f"{path}/plans", days), (f"{path}/what-ifs", asked)):
            answer = await call(evening, "POST", where, body=body)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request"), where


async def test_a_question_about_a_time_without_an_offset_is_refused(evening: Evening) -> None:
    change = {"kind": "add-session", "like": str(evening.shift.id), "start": "2027-01-05T20:00:00"}
    body = {**span(evening), "change": change}
    asked = await call(evening, "POST", f"/pools/{evening.pool.slug}/what-ifs", body=body)
    assert asked.status_code == 400, asked.text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "add-worker", "like": "anybody", "hours": 8}, "unknown-field"),
        ({"kind": "project-leaves", "project": "one", "from": "2027-01-05"}, "unknown-field"),
        ({"kind": "project-joins", "like": "one", "hours": 8}, "unknown-field"),
        (
            {"kind": "add-session", "like": "one", "start": "2027-01-05T20:00:00Z", "end": ""},
            "unknown-field",
        ),
        (
            {"kind": "add-session", "like": "one", "start": "9999-12-31T23:00:00Z"},
            "invalid-request",
        ),
        (
            {"kind": "add-session", "like": "one", "start": "0001-01-01T00:00:00Z"},
            "invalid-request",
        ),
    ],
)
async def test_a_question_with_what_nobody_reads_or_no_calendar_holds_is_refused(
    evening: Evening, change: dict[str, Any], code: str
) -> None:
    if change["kind"] == "add-session":
        change = change | {"like": str(evening.shift.id)}
    body = {**span(evening), "change": change}
    asked = await call(evening, "POST", f"/pools/{evening.pool.slug}/what-ifs", body=body)
    assert (asked.status_code, asked.json().get("code")) == (400, code)


async def test_workers_and_strangers_see_and_change_no_plan(evening: Evening, node: Node) -> None:
    path = f"/pools/{evening.pool.slug}"
    plan = (await call(evening, "POST", f"{path}/plans", body=span(evening))).json()["id"]
    change = {"kind": "project-leaves", "project": evening.project}
    asked = await call(
        evening, "POST", f"{path}/what-ifs", body={**span(evening), "change": change}
    )
    stranger = await node.somebody("coordinator", project_id=await node.project())
    for who, status in ((evening.worker, 403), (stranger, 404)):
        for method, address, body in (
            ("GET", f"{path}/plans", None),
            ("POST", f"{path}/plans", span(evening)),
            ("POST", f"{path}/repairs", None),
            ("GET", f"/plans/{plan}", None),
            ("POST", f"/plans/{plan}/stop", {"keep": True}),
            ("POST", f"/plans/{plan}/publish", None),
            ("GET", f"/plans/{plan}/scenario", None),
            ("POST", f"{path}/what-ifs", {**span(evening), "change": change}),
            ("GET", f"/what-ifs/{asked.json()['id']}", None),
        ):
            answer = await call(evening, method, address, who, body)
            assert answer.status_code == status, (method, address, answer.text)
            assert evening.handle not in answer.text
