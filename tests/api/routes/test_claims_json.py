import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import func, select, update

from database.ids import new_id
from database.session import door
from federation.partners.models import Partner
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.claims.wake import wake
from rota.sign_up.actions import lapse_claim
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening
from tests.rota.world import NOW


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def post(
    evening: Evening,
    who: Somebody,
    role: str = "lead",
    *,
    seat: UUID | None = None,
    key: str | None = None,
    body: Any = None,
) -> Response:
    headers = who.bearer | ({"Idempotency-Key": key} if key else {})
    path = f"/api/v1/seats/{seat or evening.shift.seats[role]}/claims"
    if body is None:
        return await evening.node.web.post(path, headers=headers)
    return await evening.node.web.post(path, headers=headers, json=body)


async def count(evening: Evening) -> int:
    async with door(evening.node.engine) as session:
        seats = list(evening.shift.seats.values())
        found = await session.scalar(select(func.count()).where(Claim.seat_id.in_(seats)))
    return found or 0


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_a_seat_is_taken_shown_and_given_back(evening: Evening) -> None:
    taken = await post(evening, evening.worker)
    claim = taken.json()
    path = f"/api/v1/claims/{claim['id']}"
    assert (taken.status_code, taken.headers["location"]) == (201, path)
    assert claim == {
        "id": claim["id"],
        "seat": str(evening.shift.lead),
        "state": "held",
        "answer_by": None,
        "reasons": [],
    }
    shown = await evening.node.web.get(path, headers=evening.worker.bearer)
    assert (shown.status_code, shown.json()) == (200, claim)
    given = await evening.node.web.delete(path, headers=evening.worker.bearer)
    assert (given.status_code, given.content) == (204, b"")
    shown = await evening.node.web.get(path, headers=evening.worker.bearer)
    assert shown.json() == claim | {"state": "released"}
    again = await evening.node.web.delete(path, headers=evening.worker.bearer)
    assert problem(again) == (409, "claim-over")


@pytest.mark.parametrize("body", [{}, {"worker": None}])
async def test_the_body_may_say_nothing(evening: Evening, body: Any) -> None:
    taken = await post(evening, evening.worker, body=body)
    assert (taken.status_code, taken.json()["state"]) == (201, "held")


async def test_a_coordinator_assigns_by_handle(evening: Evening) -> None:
    taken = await post(evening, evening.coordinator, body={"worker": evening.handle})
    assert (taken.status_code, taken.json()["state"]) == (201, "held")
    path = taken.headers["location"]
    for who in (evening.worker, evening.coordinator):
        shown = await evening.node.web.get(path, headers=who.bearer)
        assert (shown.status_code, shown.json()) == (200, taken.json())


async def test_a_seat_that_is_taken_is_409(evening: Evening) -> None:
    await post(evening, evening.worker)
    colleague, _handle = await evening.colleague()
    answer = await post(evening, colleague)
    assert answer.status_code == 409
    assert answer.json() == {
        "status": 409,
        "code": "seat-taken",
        "title": "Somebody else has this seat. Please look for another open one.",
    }
    assert await count(evening) == 1


async def test_a_rule_refuses_with_422_and_every_reason(evening: Evening) -> None:
    supervisor, _handle = await evening.colleague("supervisor")
    answer = await post(evening, supervisor)
    assert answer.status_code == 422
    assert answer.json() == {
        "status": 422,
        "code": "claim-refused",
        "title": "You cannot take this seat.",
        "reasons": [
            {
                "code": "role-missing",
                "text": "This seat is for a worker. Your coordinator sets roles.",
            }
        ],
    }
    assert await count(evening) == 0


async def test_a_repeated_key_answers_with_the_first_claim_as_it_stands_now(
    evening: Evening,
) -> None:
    first = await post(evening, evening.worker, key="tap-1")
    again = await post(evening, evening.worker, key="tap-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    await evening.node.web.delete(first.headers["location"], headers=evening.worker.bearer)
    after = await post(evening, evening.worker, key="tap-1")
    assert (after.status_code, after.json()) == (200, first.json() | {"state": "released"})
    assert await count(evening) == 1


async def test_the_same_key_with_another_body_is_refused(evening: Evening) -> None:
    await post(evening, evening.coordinator, key="tap-1", body={"worker": evening.handle})
    for answer in (
        await post(evening, evening.coordinator, key="tap-1"),
        await post(evening, evening.coordinator, key="tap-1", body={"worker": "Somebody Else"}),
        await post(
            evening, evening.coordinator, "second", key="tap-1", body={"worker": evening.handle}
        ),
    ):
        assert problem(answer) == (422, "idempotency-key-reused")
    assert await count(evening) == 1


async def test_many_taps_at_once_are_one_claim(evening: Evening) -> None:
    answers = await asyncio.gather(*(post(evening, evening.worker, key="tap-1") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await count(evening) == 1


async def test_many_people_at_once_are_one_holder(evening: Evening) -> None:
    people = [(await evening.colleague())[0] for _ in range(6)]
    answers = await asyncio.gather(*(post(evening, who) for who in people))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 5}
    assert await count(evening) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"worker": "x", "urgent": True}, 400, "unknown-field"),
        ({"worker": 7}, 400, "wrong-type"),
        ([], 400, "wrong-type"),
        ("lead", 400, "wrong-type"),
    ],
)
async def test_a_body_that_cannot_be_is_refused(
    evening: Evening, body: Any, status: int, code: str
) -> None:
    assert problem(await post(evening, evening.coordinator, body=body)) == (status, code)
    assert await count(evening) == 0


async def test_what_is_not_json_is_refused(evening: Evening) -> None:
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    headers = evening.worker.bearer | {"Content-Type": "application/json"}
    for content in (b"{", b"\xff\xfe", b'{"worker": "a\\u0000"}'):
        answer = await evening.node.web.post(path, headers=headers, content=content)
        assert answer.status_code == 400
    assert await count(evening) == 0


@pytest.mark.parametrize("key", ["x" * 201, ""])
async def test_a_key_has_a_length(evening: Evening, key: str) -> None:
    headers = evening.worker.bearer | {"Idempotency-Key": key}
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    answer = await evening.node.web.post(path, headers=headers)
    assert problem(answer)[0] == 400
    assert await count(evening) == 0


async def test_what_others_hold_is_not_found(evening: Evening) -> None:
    """The seats and the claim exist; the askers are signed in, some in the same project."""
    taken = await post(evening, evening.worker)
    stranger = await evening.node.somebody("worker", "coordinator")
    colleague, _handle = await evening.colleague()
    newcomer = await evening.node.somebody("worker", project_id=evening.coordinator.project_id)
    path = taken.headers["location"]
    for who in (stranger, colleague, newcomer):
        shown = await evening.node.web.get(path, headers=who.bearer)
        given = await evening.node.web.delete(path, headers=who.bearer)
        assert (problem(shown), problem(given)) == ((404, "not-found"),) * 2
    for who, body in (
        (stranger, None),
        (stranger, {"worker": evening.handle}),
        (newcomer, None),
    ):
        assert problem(await post(evening, who, "second", body=body)) == (404, "not-found")
    assert problem(await post(evening, evening.worker, seat=new_id())) == (404, "not-found")
    assert await count(evening) == 1


async def test_workers_assign_nobody(evening: Evening) -> None:
    colleague, _handle = await evening.colleague()
    answer = await post(evening, colleague, body={"worker": evening.handle})
    assert problem(answer) == (403, "not-allowed")


async def test_a_token_that_reads_takes_nothing(evening: Evening) -> None:
    reader = await evening.node.somebody(
        "coordinator", project_id=evening.coordinator.project_id, scopes=["read"]
    )
    answer = await post(evening, reader, body={"worker": evening.handle})
    assert problem(answer) == (403, "not-allowed")
    assert await count(evening) == 0


async def test_without_a_token_or_with_a_cookie_alone_nothing_changes(evening: Evening) -> None:
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    assert problem(await evening.node.web.post(path)) == (401, "sign-in-needed")
    async with evening.node.signed_in(evening.worker.id) as browser:
        answer = await browser.post(path)
    assert problem(answer) == (403, "token-needed")
    assert await count(evening) == 0


@pytest.fixture
async def hosted_elsewhere(evening: Evening) -> Evening:
    """Let another node decide the seats of this pool."""
    host = f"host-{new_id()}"
    async with door(evening.node.engine) as session:
        session.add(
            Partner(
                node_id=host,
                name="Host",
                base_url="https://host.test",
                state="joined",
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=NOW,
            )
        )
        await session.flush()
        await session.execute(update(Pool).where(Pool.id == evening.pool.id).values(host=host))
    return evening


async def answered(evening: Evening, state: str, reasons: list[dict[str, str]]) -> None:
    """Let the host's answer arrive as soon as the claim is there."""
    claim_id = None
    while claim_id is None:
        async with door(evening.node.engine) as session:
            claim_id = await session.scalar(
                select(Claim.id).where(Claim.seat_id == evening.shift.lead)
            )
    async with door(evening.node.engine) as session:
        await session.execute(
            update(Claim).where(Claim.id == claim_id).values(state=state, reasons=reasons)
        )
        await wake(session, claim_id)


async def test_an_answer_within_two_seconds_is_201(hosted_elsewhere: Evening) -> None:
    taken, _ = await asyncio.gather(
        post(hosted_elsewhere, hosted_elsewhere.worker), answered(hosted_elsewhere, "held", [])
    )
    assert (taken.status_code, taken.json()["state"]) == (201, "held")


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [("seat-taken", 409, "seat-taken"), ("language-missing", 422, "claim-refused")],
)
async def test_a_no_within_two_seconds_is_a_refusal(
    hosted_elsewhere: Evening, reason: str, status: int, code: str
) -> None:
    reasons = [{"code": reason, "text": "The host says why."}]
    answer, _ = await asyncio.gather(
        post(hosted_elsewhere, hosted_elsewhere.worker),
        answered(hosted_elsewhere, "refused", reasons),
    )
    assert problem(answer) == (status, code)
    if status == 422:
        assert answer.json()["reasons"] == reasons


async def test_without_an_answer_it_is_202_until_one_comes(hosted_elsewhere: Evening) -> None:
    evening = hosted_elsewhere
    asked = await post(evening, evening.worker, key="tap-1")
    claim = asked.json()
    path = f"/api/v1/claims/{claim['id']}"
    assert (asked.status_code, asked.headers["location"]) == (202, path)
    assert claim == {
        "id": claim["id"],
        "seat": str(evening.shift.lead),
        "state": "requested",
        "answer_by": claim["answer_by"],
        "reasons": [],
    }
    assert claim["answer_by"].endswith("Z")
    async with door(evening.node.engine) as session:
        await lapse_claim(session, UUID(claim["id"]), NOW)
    shown = await evening.node.web.get(path, headers=evening.worker.bearer)
    assert shown.json() == claim | {"state": "lapsed", "answer_by": None}
    again = await post(evening, evening.worker, key="tap-1")
    assert (again.status_code, again.json()) == (200, shown.json())
