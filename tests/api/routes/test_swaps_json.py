from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlalchemy import event

from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def call(
    evening: Evening, method: str, path: str, who: Somebody, body: Any = None
) -> Response:
    extra = {} if body is None else {"json": body}
    return await evening.node.web.request(method, f"/api/v1{path}", headers=who.bearer, **extra)


async def take(evening: Evening, who: Somebody, seat: object) -> str:
    answer = await call(evening, "POST", f"/seats/{seat}/claims", who)
    assert answer.status_code == 201, answer.text
    claim: str = answer.json()["id"]
    return claim


async def offers(evening: Evening, who: Somebody) -> list[dict[str, Any]]:
    answer = await call(evening, "GET", "/swaps", who)
    assert answer.status_code == 200
    assert answer.json()["next"] is None
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def times(start: Any, hours: float = 2) -> dict[str, str]:
    return {
        "start": start.isoformat().replace("+00:00", "Z"),
        "end": (start + timedelta(hours=hours)).isoformat().replace("+00:00", "Z"),
    }


async def test_a_swap_from_offer_to_exchange(evening: Evening) -> None:
    robin, _ = await evening.colleague()
    [other] = await evening.more_shifts([coming(96)])
    mine, theirs = [
        await take(evening, who, seat)
        for who, seat in ((evening.worker, evening.shift.lead), (robin, other.lead))
    ]
    made = await call(
        evening, "POST", f"/claims/{mine}/swaps", evening.worker, {"wanted": [str(other.lead)]}
    )
    assert made.status_code == 201
    offer = made.json()
    expires = (evening.shift.starts - timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    assert offer == {"id": offer["id"], "claim": mine, "one_way": False, "expires": expires}
    place = {
        "seat": str(evening.shift.lead),
        "role": "lead",
        "shift": str(evening.shift.id),
        **times(evening.shift.starts),
        "claim": None,
    }
    wanted = {
        "seat": str(other.lead),
        "role": "lead",
        "shift": str(other.id),
        **times(other.starts),
        "claim": None,
    }
    seen = {
        "id": offer["id"],
        "place": place,
        "mine": False,
        "to_me": False,
        "one_way": False,
        "giver": None,
        "expires": expires,
        "wanted": [wanted],
        "in_return": [wanted | {"claim": theirs}],
    }
    assert await offers(evening, robin) == [seen]
    assert await offers(evening, evening.worker) == [seen | {"mine": True, "in_return": []}]
    taken = await call(
        evening,
        "POST",
        f"/swaps/{offer['id']}/acceptance",
        robin,
        {"gives": theirs, "seen": place["start"]},
    )
    assert taken.status_code == 201
    made = taken.json()
    kept = {"id": made["id"], "swap": offer["id"], "at": made["at"], "claim": made["claim"]}
    assert made == kept | {"state": "held"}
    for who, seat in ((robin, evening.shift.lead), (evening.worker, other.lead)):
        held = await call(evening, "GET", "/claims", who)
        assert [claim["seat"] for claim in held.json()["items"]] == [str(seat)]
    assert await offers(evening, robin) == []


async def test_a_hand_over_to_one_person_tells_them_alone_who_offers(evening: Evening) -> None:
    robin, display = await evening.colleague()
    finch, _ = await evening.colleague()
    mine = await take(evening, evening.worker, evening.shift.lead)
    body = {"to": display, "one_way": True}
    made = await call(evening, "POST", f"/claims/{mine}/swaps", evening.worker, body)
    swap = made.json()["id"]
    assert [one["giver"] for one in await offers(evening, robin)] == [evening.handle]
    assert await offers(evening, finch) == []
    foreign = await call(evening, "POST", f"/swaps/{swap}/acceptance", finch)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not-found")
    taken = await call(evening, "POST", f"/swaps/{swap}/acceptance", robin, {})
    assert taken.status_code == 201


async def test_who_could_give_nothing_in_return_does_not_see_an_offer_to_all(
    evening: Evening,
) -> None:
    robin, _ = await evening.colleague()
    on_call, _ = await evening.colleague("supervisor")
    mine = await take(evening, evening.worker, evening.shift.lead)
    await call(evening, "POST", f"/claims/{mine}/swaps", evening.worker)
    assert await offers(evening, robin) == []
    assert await offers(evening, on_call) == []


async def test_an_offer_is_taken_back(evening: Evening) -> None:
    robin, _ = await evening.colleague()
    mine = await take(evening, evening.worker, evening.shift.lead)
    made = await call(evening, "POST", f"/claims/{mine}/swaps", evening.worker, {"one_way": True})
    path = f"/swaps/{made.json()['id']}"
    assert (await call(evening, "DELETE", path, robin)).status_code == 404
    assert (await call(evening, "DELETE", path, evening.worker)).status_code == 204
    again = await call(evening, "DELETE", path, evening.worker)
    assert (again.status_code, again.json()["code"]) == (409, "offer-over")
    assert await offers(evening, robin) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"to": "x", "urgent": True}, 400, "unknown-field"),
        ({"wanted": ["x"]}, 400, "wrong-type"),
        ({"wanted": [str(uuid4()) for _ in range(21)]}, 400, "invalid-request"),
        ({"to": "Nobody Here"}, 422, "offer-refused"),
        ({"wanted": [str(uuid4())]}, 422, "offer-refused"),
    ],
)
async def test_an_offer_that_cannot_be_is_refused(
    evening: Evening, body: Any, status: int, code: str
) -> None:
    mine = await take(evening, evening.worker, evening.shift.lead)
    answer = await call(evening, "POST", f"/claims/{mine}/swaps", evening.worker, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await offers(evening, evening.worker) == []


async def test_the_list_asks_the_database_as_often_for_three_offers_as_for_one(
    evening: Evening,
) -> None:
    robin, _ = await evening.colleague()
    more = await evening.more_shifts([coming(72), coming(96)])

    async def queries() -> int:
        asked: list[str] = []
        engine = evening.node.engine.sync_engine

        def note(*statement: Any) -> None:
            asked.append(statement[2])

        event.listen(engine, "before_cursor_execute", note)
        await offers(evening, robin)
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    counts = []
    for shift in (evening.shift, *more):
        claim = await take(evening, evening.worker, shift.lead)
        body = {"one_way": True}
        await call(evening, "POST", f"/claims/{claim}/swaps", evening.worker, body)
        await offers(evening, robin)
        counts.append(await queries())
    assert len(await offers(evening, robin)) == 3
    assert counts[0] == counts[1] == counts[2]
