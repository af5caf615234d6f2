from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from rota.bookings.models import Booking
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    evening = await an_evening(node)
    async with door(node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    return evening


async def change(evening: Evening, who: Somebody, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = await evening.node.web.patch(
        f"/api/v1/shifts/{evening.shift.id}", json=body, headers=who.bearer
    )
    return answer.status_code, answer.json()


async def call_off(evening: Evening, who: Somebody) -> tuple[int, str]:
    answer = await evening.node.web.delete(f"/api/v1/shifts/{evening.shift.id}", headers=who.bearer)
    return answer.status_code, answer.json()["code"] if answer.content else ""


async def booked(evening: Evening) -> list[tuple[Any, bool]]:
    async with door(evening.node.engine) as session:
        rows = await session.execute(
            select(Booking.during, Booking.active).where(Booking.person_id == evening.worker.id)
        )
        return [(during.lower, active) for during, active in rows]


async def test_one_shift_is_moved_with_those_who_sit_there(evening: Evening) -> None:
    starts = evening.shift.starts + timedelta(hours=1)
    status, shift = await change(
        evening,
        evening.coordinator,
        start=starts.isoformat(),
        end=(starts + timedelta(hours=3)).isoformat(),
        theme="Tax",
        seats=["lead", "second", "supervisor", "observer"],
    )
    assert (status, shift["theme"], shift["languages"]) == (200, "Tax", ["en"])
    assert shift["start"] == starts.isoformat().replace("+00:00", "Z")
    assert sorted((seat["role"], seat["state"]) for seat in shift["seats"]) == [
        ("lead", "held"),
        ("observer", "open"),
        ("second", "open"),
        ("supervisor", "open"),
    ]
    assert await booked(evening) == [(starts - timedelta(minutes=15), True)]


async def test_one_shift_is_called_off_once(evening: Evening) -> None:
    assert await call_off(evening, evening.coordinator) == (204, "")
    assert await booked(evening) == [(evening.shift.starts - timedelta(minutes=15), False)]
    assert await call_off(evening, evening.coordinator) == (409, "already-cancelled")
    assert (await change(evening, evening.coordinator, theme="Tax"))[1]["code"] == (
        "already-cancelled"
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"start": "2020-01-01T19:00:00Z"}, 422, "wrong-shift"),
        ({"end": "2020-01-01T19:00:00Z"}, 422, "end-before-start"),
        ({"start": "2027-01-05T19:00:00"}, 400, "naive-time"),
        ({"start": "0001-01-01T00:00:00Z"}, 400, "invalid-request"),
        ({"minimum_workers": 1}, 422, "wrong-shift"),
        ({"seats": ["captain"]}, 422, "wrong-shift"),
        ({"briefing_minutes": 900}, 422, "wrong-shift"),
        ({"theme": " "}, 400, "invalid-request"),
        ({"colour": "red"}, 400, "unknown-field"),
    ],
)
async def test_a_change_that_cannot_be_leaves_the_shift(
    evening: Evening, body: dict[str, Any], status: int, code: str
) -> None:
    answered, problem = await change(evening, evening.coordinator, **body)
    assert (answered, problem["code"]) == (status, code)
    async with door(evening.node.engine) as session:
        shift = await session.get_one(Shift, evening.shift.id)
    assert (shift.starts, shift.exception_at) == (evening.shift.starts, None)


async def test_only_coordinators_of_a_member_change_a_shift(evening: Evening) -> None:
    stranger = await evening.node.somebody("coordinator")
    reader = await evening.node.somebody(
        "coordinator", project_id=evening.coordinator.project_id, scopes=("read",)
    )
    refused = [(403, "not-allowed"), (404, "not-found"), (403, "not-allowed")]
    for who, (status, code) in zip((evening.worker, stranger, reader), refused, strict=True):
        answered, problem = await change(evening, who, theme="Tax")
        assert (answered, problem["code"]) == (status, code)
        assert evening.handle not in str(problem)
        assert await call_off(evening, who) == (status, code)
    assert await booked(evening) == [(evening.shift.starts - timedelta(minutes=15), True)]
