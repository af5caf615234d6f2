from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.audit.models import AuditEntry
from rota.availability.models import Leave
from rota.shifts.models import Seat, Shift, ShiftPattern
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening

TODAY = current_time().date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


def a_pattern(**changed: Any) -> dict[str, Any]:
    return {
        "channel": "live-chat",
        "series": "tue-19",
        "weekday": 1,
        "starts": "19:00",
        "minutes": 120,
        "zone": "Europe/London",
        "first_day": str(MONDAY),
        "until": str(MONDAY + timedelta(weeks=3)),
        "seats": ["lead", "second", "supervisor"],
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "languages": ["en"],
        "theme": "Health",
        **changed,
    }


async def set_down(evening: Evening, who: Somebody, **changed: Any) -> tuple[int, dict[str, Any]]:
    answer = await evening.node.web.post(
        f"/api/v1/pools/{evening.pool.slug}/patterns", json=a_pattern(**changed), headers=who.bearer
    )
    return answer.status_code, answer.json()


async def verbs(node: Node, subject: str) -> list[str]:
    async with node.engine.connect() as connection:
        rows = await connection.scalars(
            select(AuditEntry.verb)
            .where(AuditEntry.subject_id == UUID(subject))
            .order_by(AuditEntry.id)
        )
        return list(rows)


async def test_leave_is_entered_and_written_down(node: Node) -> None:
    ann = await node.somebody("worker")
    span = {"start": "2027-01-05T19:00:00+01:00", "end": "2027-01-12T00:00:00Z"}
    answer = await node.web.post("/api/v1/leave", json=span, headers=ann.bearer)
    made = answer.json()
    async with door(node.engine) as session:
        [leave] = await session.scalars(select(Leave).where(Leave.person_id == ann.id))
    assert (answer.status_code, made) == (201, {"id": str(leave.id), **span})
    assert (leave.during.lower, leave.during.upper) == (
        datetime.fromisoformat(span["start"]),
        datetime.fromisoformat(span["end"]),
    )
    assert "enter-leave" in await verbs(node, str(ann.id))


async def test_a_seat_within_leave_is_refused(evening: Evening) -> None:
    starts = evening.shift.starts
    span = {"start": starts.isoformat(), "end": (starts + timedelta(hours=1)).isoformat()}
    web, bearer = evening.node.web, evening.worker.bearer
    await web.post("/api/v1/leave", json=span, headers=bearer)
    refused = await web.post(f"/api/v1/seats/{evening.shift.lead}/claims", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (422, "claim-refused")
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["on-leave"]


async def test_a_pattern_makes_its_shifts_with_their_seats(evening: Evening) -> None:
    status, made = await set_down(evening, evening.coordinator)
    assert (status, made["questions"], len(made["shifts"])) == (201, [], 3)
    async with door(evening.node.engine) as session:
        pattern = await session.get_one(ShiftPattern, UUID(made["id"]))
        shifts = await session.scalars(
            select(Shift).where(Shift.pattern_id == pattern.id).order_by(Shift.starts)
        )
        found = [
            (str(shift.id), shift.starts.weekday(), shift.ends - shift.starts, shift.theme)
            for shift in shifts
        ]
        seats = await session.scalars(
            select(Seat.role).where(Seat.shift_id == UUID(made["shifts"][0])).order_by(Seat.id)
        )
        assert sorted(seats) == ["lead", "second", "supervisor"]
    assert found == [(shift, 1, timedelta(hours=2), "Health") for shift in made["shifts"]]
    assert await verbs(evening.node, made["id"]) == ["pattern-made", "shifts-made"]


async def test_a_time_that_the_clock_jumps_over_comes_back_as_a_question(evening: Evening) -> None:
    spring = last_sunday_of_march()
    status, made = await set_down(
        evening,
        evening.coordinator,
        weekday=6,
        starts="01:30",
        first_day=str(spring),
        last_day=str(spring),
        until=str(spring + timedelta(days=1)),
    )
    assert (status, made["shifts"]) == (201, [])
    [question] = made["questions"]
    assert question["day"] == str(spring)
    assert "jumps over 01:30" in question["text"]


def last_sunday_of_march() -> date:
    """Give the next day on which British clocks go forward."""
    ends = [date(TODAY.year + years, 3, 31) for years in (0, 1)]
    sundays = [end - timedelta(days=(end.weekday() + 1) % 7) for end in ends]
    return next(day for day in sundays if day > TODAY)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"zone": "Mars/Olympus"}, 422, "unknown-zone"),
        ({"channel": "no-such-channel"}, 400, "invalid-request"),
        ({"starts": "25:00"}, 400, "invalid-request"),
        ({"starts": "19:00:00"}, 400, "invalid-request"),
        ({"weekday": 7}, 400, "invalid-request"),
        ({"weekday": "1"}, 400, "wrong-type"),
        ({"minutes": 0}, 422, "wrong-pattern"),
        ({"seats": ["lead"]}, 422, "wrong-pattern"),
        ({"seats": ["captain", "lead", "second", "supervisor"]}, 422, "wrong-pattern"),
        ({"languages": ["English"]}, 422, "wrong-pattern"),
        ({"last_day": "2020-01-01"}, 422, "wrong-pattern"),
        ({"first_day": "0001-01-01"}, 400, "invalid-request"),
        ({"until": "2199-01-01"}, 422, "too-far-ahead"),
        ({"colour": "red"}, 400, "unknown-field"),
    ],
)
async def test_a_pattern_that_cannot_be_leaves_nothing(
    evening: Evening, changed: dict[str, Any], status: int, code: str
) -> None:
    answered, problem = await set_down(evening, evening.coordinator, **changed)
    assert (answered, problem["code"]) == (status, code)
    async with door(evening.node.engine) as session:
        pool = ShiftPattern.pool_id == evening.pool.id
        assert (await session.scalars(select(ShiftPattern).where(pool))).all() == []


async def test_only_coordinators_of_a_member_set_patterns_down(evening: Evening) -> None:
    stranger = await evening.node.somebody("coordinator")
    reader = await evening.node.somebody(
        "coordinator", project_id=evening.coordinator.project_id, scopes=("read",)
    )
    answers = [await set_down(evening, who) for who in (evening.worker, stranger, reader)]
    assert [(status, told["code"]) for status, told in answers] == [
        (403, "not-allowed"),
        (404, "not-found"),
        (403, "not-allowed"),
    ]
    async with door(evening.node.engine) as session:
        pool = ShiftPattern.pool_id == evening.pool.id
        assert (await session.scalars(select(ShiftPattern).where(pool))).all() == []
