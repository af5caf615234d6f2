"""A plan is ordered on the board, read there and published, without JavaScript."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from database.session import door
from rota.plans.actions import keep_plan
from rota.plans.models import PoolPlan
from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening
from tests.api.pages.test_week_and_board_pages import send, text, week


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


@pytest.fixture
async def coordinator(evening: Evening) -> AsyncIterator[AsyncClient]:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        yield browser


def an_answer(evening: Evening) -> dict[str, Any]:
    reasons = [{"code": "not-available", "text": "Nobody can come at that time."}]
    return {
        "assignments": [],
        "stages": [],
        "open_minutes": {"pool": 1200, "alone": {evening.project: 600}},
        "open_minutes_by_channel": {
            "pool": {"live-chat": 1200},
            "alone": {evening.project: {"live-chat": 600}},
        },
        "unfilled": [
            {
                "seat": str(evening.shift.lead),
                "reasons": reasons,
                "smallest_change": "Somebody comes an hour earlier.",
            }
        ],
        "suggestions": [],
        "hours_given": {},
        "seed": 1,
        "seconds": 1,
    }


async def plans(evening: Evening) -> list[PoolPlan]:
    async with door(evening.node.engine) as session:
        rows = await session.scalars(select(PoolPlan).where(PoolPlan.pool_id == evening.pool.id))
        return list(rows)


async def test_a_plan_is_ordered_read_and_published(
    evening: Evening, coordinator: AsyncClient
) -> None:
    board = f"/board/{evening.pool.slug}"
    page = f"{board}?week={week(evening)}"
    ordered = await send(coordinator, page, f"{board}/plans", week=week(evening), weeks="2")
    (plan,) = await plans(evening)
    made_at = f"/plans/{evening.pool.slug}/{plan.id}"
    assert (ordered.status_code, ordered.headers["location"]) == (303, made_at)
    assert (plan.state, plan.scenario["from"]) == ("ordered", week(evening))
    async with door(evening.node.engine) as session:
        await keep_plan(session, plan.id, an_answer(evening))
    shown = await text(coordinator, page)
    assert "20.0 open hours" in shown
    closer = await text(coordinator, f"{board}/shifts/{evening.shift.id}")
    assert "Nobody can come at that time." in closer
    assert "What would help: <span>Somebody comes an hour earlier.</span>" in closer
    published = await send(coordinator, page, f"{board}/plans/{plan.id}/publish")
    assert (published.status_code, published.headers["location"]) == (303, page)
    (plan,) = await plans(evening)
    assert plan.state == "published"


@pytest.mark.parametrize("weeks", ["", "0", "13", "-1", "²", "4.0", "9" * 5000])
async def test_a_plan_is_for_one_to_twelve_weeks(
    evening: Evening, coordinator: AsyncClient, weeks: str
) -> None:
    board = f"/board/{evening.pool.slug}"
    refused = await send(coordinator, board, f"{board}/plans", weeks=weeks)
    assert refused.status_code == 400
    assert await plans(evening) == []
