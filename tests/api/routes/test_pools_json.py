from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from api.parts import current_time
from database.session import door
from federation.pools.actions import join_pool
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming
from tests.rota.world import NOW, SHARE


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def read(evening: Evening, who: Somebody, **query: str) -> Any:
    path = f"/api/v1/pools/{evening.pool.slug}/shifts"
    answer = await evening.node.web.get(path, params=query, headers=who.bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refusal(evening: Evening, who: Somebody, **query: str) -> tuple[int, str, str]:
    path = f"/api/v1/pools/{evening.pool.slug}/shifts"
    answer = await evening.node.web.get(path, params=query, headers=who.bearer)
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    return answer.status_code, told["code"], told.get("field", "")


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    assert found.utcoffset() is not None
    return found


async def test_pools_are_those_of_the_own_project(evening: Evening) -> None:
    answer = await evening.node.web.get("/api/v1/pools", headers=evening.worker.bearer)
    assert answer.status_code == 200
    assert answer.json() == {
        "items": [
            {
                "id": str(evening.pool.id),
                "slug": evening.pool.slug,
                "name": "Evening chat",
                "zone": "Europe/London",
                "host": None,
            }
        ],
        "next": None,
    }


async def test_shifts_are_in_the_words_of_the_contract(evening: Evening) -> None:
    async with door(evening.node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    told = await read(evening, evening.worker)
    (shift,) = told["items"]
    assert told["next"] is None
    assert moment(shift.pop("start")) == evening.shift.starts
    assert moment(shift.pop("end")) == evening.shift.starts + timedelta(hours=2)
    assert shift == {
        "id": str(evening.shift.id),
        "channel": "live-chat",
        "zone": "Europe/London",
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "languages": ["en"],
        "theme": "Health",
        "open": False,
        "seats": [
            {
                "id": str(evening.shift.lead),
                "role": "lead",
                "state": "held",
                "holder": {"handle": evening.handle, "project": evening.project},
            },
            *(
                {
                    "id": str(evening.shift.seats[role]),
                    "role": role,
                    "state": "open",
                    "holder": None,
                }
                for role in ("second", "supervisor")
            ),
        ],
    }


async def test_who_may_not_know_sees_no_holder(evening: Evening) -> None:
    async with door(evening.node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    colleague, _display = await evening.colleague()
    path = f"/api/v1/pools/{evening.pool.slug}/shifts"
    answer = await evening.node.web.get(path, headers=colleague.bearer)
    lead = answer.json()["items"][0]["seats"][0]
    assert lead == {
        "id": str(evening.shift.lead),
        "role": "lead",
        "state": "held",
        "holder": None,
    }
    assert evening.handle not in answer.text
    seen = await read(evening, evening.coordinator)
    assert seen["items"][0]["seats"][0]["holder"]["handle"] == evening.handle


async def test_another_projects_pool_is_not_found(evening: Evening) -> None:
    stranger = await evening.node.somebody("coordinator", "worker")
    assert await refusal(evening, stranger) == (404, "not-found", "")
    answer = await evening.node.web.get("/api/v1/pools", headers=stranger.bearer)
    assert answer.json() == {"items": [], "next": None}
    async with door(evening.node.engine) as session:
        await join_pool(session, stranger.asker, evening.pool.id, SHARE, NOW)
    assert len((await read(evening, stranger))["items"]) == 1


async def test_without_a_token_nothing_is_told(evening: Evening) -> None:
    for path in ("/api/v1/pools", f"/api/v1/pools/{evening.pool.slug}/shifts"):
        answer = await evening.node.web.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")


async def test_a_span_includes_its_start_and_excludes_its_end(evening: Evening) -> None:
    starts = evening.shift.starts
    (later,) = await evening.more_shifts([starts + timedelta(days=3)])
    for begins, until, found in (
        (starts, starts + timedelta(days=3), [evening.shift.id]),
        (starts + timedelta(seconds=1), starts + timedelta(days=3, seconds=1), [later.id]),
    ):
        span = {"from": begins.isoformat(), "until": until.isoformat()}
        told = await read(evening, evening.worker, **span)
        assert [item["id"] for item in told["items"]] == [str(each) for each in found]


async def test_a_date_begins_at_midnight_of_the_pool(node: Node) -> None:
    """In July London is an hour ahead of UTC."""
    evening = await an_evening(node, datetime.fromisoformat("2027-07-06T22:30:00+00:00"))
    night = datetime.fromisoformat("2027-07-06T23:30:00+00:00")
    (after,) = await evening.more_shifts([night])
    told = await read(evening, evening.worker, **{"from": "2027-07-07", "until": "2027-07-08"})
    assert [item["id"] for item in told["items"]] == [str(after.id)]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"from": "2027-01-05T19:00:00"}, "naive-time", "from"),
        ({"from": "soon"}, "wrong-type", "from"),
        ({"from": "2027-02-30"}, "invalid-request", "from"),
        ({"from": "2027-01-05", "until": "2027-01-05"}, "invalid-request", "until"),
        ({"from": "2027-01-05", "until": "2027-01-04"}, "invalid-request", "until"),
        ({"from": "2027-01-05", "until": "2028-06-01"}, "invalid-request", "until"),
        ({"from": "9999-12-31"}, "invalid-request", "from"),
        ({"from": "0001-01-01", "until": "0001-01-02"}, "invalid-request", "from"),
        ({"cursor": "nonsense"}, "invalid-request", "cursor"),
        ({"cursor": "ÄÖ"}, "invalid-request", "cursor"),
        ({"cursor": "kqMyMDI="}, "invalid-request", "cursor"),
    ],
)
async def test_a_query_that_cannot_be_is_refused(
    evening: Evening, query: dict[str, str], code: str, field: str
) -> None:
    assert await refusal(evening, evening.worker, **query) == (400, code, field)


async def test_a_naive_cursor_is_refused(evening: Evening) -> None:
    naive = urlsafe_b64encode(msgspec.msgpack.encode(("2027-01-05T19:00:00", uuid4())))
    assert await refusal(evening, evening.worker, cursor=naive.decode()) == (
        400,
        "invalid-request",
        "cursor",
    )


async def test_long_lists_come_in_pages_without_gap_or_repeat(evening: Evening) -> None:
    """Many shifts at one moment: the cursor names the last one, not only its time."""
    async with door(evening.node.engine) as session:
        template = await session.get_one(Shift, evening.shift.id)
        same = {
            column.name: getattr(template, column.name)
            for column in Shift.__table__.columns
            if column.name not in {"id", "starts", "ends"}
        }
        starts, ends = coming(72), coming(73)
        many = [Shift(starts=starts, ends=ends, **same) for _ in range(402)]
        session.add_all(many)
    until = (coming(72) + timedelta(days=2)).isoformat()
    found: list[str] = []
    cursor: str | None = None
    sizes = []
    while True:
        query = {"until": until} | ({"cursor": cursor} if cursor else {})
        told = await read(evening, evening.worker, **query)
        sizes.append(len(told["items"]))
        found += [item["id"] for item in told["items"]]
        if (cursor := told["next"]) is None:
            break
    assert sizes == [200, 200, 3]
    assert found == [str(evening.shift.id), *sorted(str(shift.id) for shift in many)]
