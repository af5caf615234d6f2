from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from rota.planner.rules.decoding import decode
from rota.what_ifs.actions import answer_what_if, ask_what_if, refuse_what_if
from rota.what_ifs.errors import NothingToChange
from rota.what_ifs.queries import newest_what_ifs, what_if_seen_by
from rota.what_ifs.rules import (
    AddSession,
    AddWorker,
    Change,
    ProjectJoins,
    ProjectLeaves,
    changed,
    figures,
)
from tests.rota.planner.planner_examples import a_scenario, a_shift, a_worker, planned
from tests.rota.world import NOW, a_person, a_pool, a_project, everything
from tests.rota.world import a_shift as a_real_shift

FIRST, UNTIL = date(2027, 1, 4), date(2027, 1, 18)
RAW = a_scenario(
    [a_worker("w1", hours_per_week=2), a_worker("w2", project="p2", hours_per_week=4)],
    [
        a_shift("s1", "2027-01-05T18:00:00Z", "2027-01-05T20:00:00Z", series="tue"),
        a_shift("s2", "2027-01-06T18:00:00Z", "2027-01-06T20:00:00Z"),
        a_shift("s3", "2027-01-07T18:00:00Z", "2027-01-07T20:00:00Z"),
        a_shift("s4", "2027-01-08T18:00:00Z", "2027-01-08T20:00:00Z"),
    ],
    projects=[{"id": name, "hours_offered_per_week": 5} for name in ("p1", "p2")],
    fixed=[{"seat": "s1-lead", "worker": "w2"}],
)


@pytest.mark.parametrize(
    ("change", "minutes"),
    [
        (AddWorker("w1"), 480),
        (ProjectLeaves("p2"), 120),
        (ProjectJoins("p1"), 480),
        (AddSession("s1", datetime(2027, 1, 12, 18, tzinfo=UTC)), 480),
    ],
)
def test_a_change_is_planned_and_the_scenario_stays_as_it_is(change: Change, minutes: int) -> None:
    before = msgspec.json.encode(RAW)
    after = changed(RAW, change)
    assert msgspec.json.encode(RAW) == before
    assert decode(msgspec.json.encode(after)).workers
    assert planned(RAW).open_minutes.pool == 360
    assert planned(after).open_minutes.pool == minutes


@pytest.mark.parametrize(
    "change", [AddWorker("x"), ProjectLeaves("x"), ProjectJoins("x"), AddSession("x", NOW)]
)
def test_nobody_of_that_name_is_refused(change: Change) -> None:
    with pytest.raises(NothingToChange):
        changed(RAW, change)


def plan(minutes: int) -> dict[str, Any]:
    return {
        "open_minutes": {"pool": minutes},
        "open_minutes_by_channel": {"pool": {"chat": minutes}},
        "stages": [{"optimal": True}],
    }


async def test_a_question_changes_nothing_but_itself(session: AsyncSession) -> None:
    coordinator = await a_project(session, "northern")
    pool = await a_pool(session, coordinator)
    shift = await a_real_shift(session, pool)
    before = await everything(session)
    change = AddSession(str(shift.id), datetime(2027, 1, 12, 19, tzinfo=UTC))
    asked = await ask_what_if(session, coordinator, pool.id, FIRST, UNTIL, change, NOW)
    await answer_what_if(session, asked.id, figures(plan(120), plan(240)))
    await refuse_what_if(session, asked.id, "too late")
    assert (asked.state, asked.trouble, asked.answer) == (
        "answered",
        None,
        {
            "open_minutes_before": 120,
            "open_minutes_after": 240,
            "channels_before": {"chat": 120},
            "channels_after": {"chat": 240},
            "bounds_met": [True, True],
        },
    )
    assert await newest_what_ifs(session, pool.id) == [asked]
    after = await everything(session)
    kept = {name for name in after if after[name] != before[name]}
    assert kept == {"what_if", "outbox", "audit_entry"}


async def test_only_coordinators_of_the_pool_ask_and_read(session: AsyncSession) -> None:
    coordinator = await a_project(session, "northern")
    pool = await a_pool(session, coordinator)
    stranger = await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    reader = replace(coordinator, scopes=frozenset({"read"}))
    change = ProjectLeaves("northern")
    asked = await ask_what_if(session, coordinator, pool.id, FIRST, UNTIL, change, NOW)
    for kind, asker in ((NotFound, stranger), (NotAllowed, worker), (NotAllowed, reader)):
        with pytest.raises(kind):
            await ask_what_if(session, asker, pool.id, FIRST, UNTIL, change, NOW)
        with pytest.raises(kind):
            await what_if_seen_by(session, asker, asked.id)
    assert await what_if_seen_by(session, coordinator, asked.id) is asked
