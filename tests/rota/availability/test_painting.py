"""A month painted in parts of days, against entries of any shape that were there before."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from rota.availability.actions import paint_days, set_availability, set_dates
from rota.availability.models import DatedWindow
from rota.availability.painting import (
    PART_NAMES,
    PARTS,
    Cell,
    Painted,
    Shown,
    repainted,
    shown_cells,
)
from rota.availability.queries import dated_of
from rota.availability.rules import Dated, Weekly, Window, available, true_span
from tests.rota.world import NOW, a_person, a_project

LONDON = "Europe/London"
FIRST = date(2027, 3, 26)
"""Two days before the clock goes forward."""
FEW = [FIRST + timedelta(days=each) for each in range(4)]
SPACE = [FIRST - timedelta(days=1), *FEW, FIRST + timedelta(days=4)]
FULL_DAY = 24 * 60

ENTRIES = st.builds(
    Dated,
    day=st.sampled_from(SPACE),
    starts=st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30)),
    minutes=st.integers(1, 48).map(lambda half: half * 30),
    zone=st.sampled_from([LONDON, "Asia/Kathmandu"]),
    preference=st.sampled_from([None, 0, 1, 2]),
)
WEEKLY = st.builds(
    Weekly,
    weekday=st.integers(0, 6),
    starts=st.integers(0, 23).map(time),
    minutes=st.integers(1, 30).map(lambda hour: hour * 60),
    zone=st.just(LONDON),
    preference=st.integers(0, 2),
)
CELLS = st.builds(Cell, st.sampled_from(FEW), st.sampled_from(PART_NAMES))


def span(cell: Cell) -> tuple[datetime, datetime]:
    part = PARTS[PART_NAMES.index(cell.part)]
    [found] = true_span(cell.day, part.starts, part.minutes, LONDON)
    return found


def paint(on: Sequence[Cell] = (), off: Sequence[Cell] = (), preference: int = 1) -> Painted:
    return Painted(frozenset(on), frozenset(off), LONDON, preference)


def at(windows: Sequence[Window], moment: datetime) -> bool:
    return any(one.begins <= moment < one.ends for one in windows)


@settings(max_examples=300)
@given(
    st.lists(WEEKLY, max_size=3),
    st.lists(ENTRIES, max_size=5, unique_by=lambda one: (one.day, one.starts)),
    st.sets(CELLS, max_size=6),
    st.sets(CELLS, max_size=6),
)
def test_what_is_painted_holds_and_nothing_else_changes(
    weekly: list[Weekly], dated: list[Dated], on: set[Cell], off: set[Cell]
) -> None:
    painted = paint(tuple(on), tuple(off - on))
    gone, new = repainted(weekly, dated, painted)
    after = [one for one in dated if one not in gone] + new
    first, last = FIRST - timedelta(days=3), FIRST + timedelta(days=8)
    before_it, after_it = (available(weekly, each, first, last) for each in (dated, after))
    cells = [span(cell) for cell in painted.on | painted.off]
    bounds = {edge for one in [*before_it, *after_it] for edge in (one.begins, one.ends)}
    edges = sorted(bounds | {edge for each in cells for edge in each})
    for begins, ends in pairwise(edges):
        middle = begins + (ends - begins) / 2
        expected = at(before_it, middle)
        for cells_of, wanted in ((painted.on, True), (painted.off, False)):
            if any(since <= middle < until for since, until in map(span, cells_of)):
                expected = wanted
        assert at(after_it, middle) is expected, middle
    assert len({(one.day, one.starts) for one in after}) == len(after)
    assert all(0 < one.minutes <= FULL_DAY for one in after)


def test_neighbours_become_one_time() -> None:
    painted = paint([Cell(FIRST, part) for part in PART_NAMES], preference=2)
    assert repainted([], [], painted) == ([], [Dated(FIRST, time(6), FULL_DAY, LONDON, 2)])
    apart = paint([Cell(FIRST, "morning"), Cell(FIRST, "evening")])
    assert repainted([], [], apart)[1] == [
        Dated(FIRST, time(6), 360, LONDON, 1),
        Dated(FIRST, time(18), 240, LONDON, 1),
    ]


def test_a_cleared_part_takes_away_only_what_weekly_times_offer() -> None:
    friday = Weekly(FIRST.weekday(), time(19), 60, LONDON, 1)
    cleared = paint(off=[Cell(FIRST, "morning"), Cell(FIRST, "evening")])
    entered = Dated(FIRST, time(9), 60, LONDON, 1)
    assert repainted([friday], [entered], cleared) == (
        [entered],
        [Dated(FIRST, time(18), 240, LONDON, None)],
    )


def test_a_part_shows_how_gladly_or_that_only_some_of_it_is_meant() -> None:
    friday = Weekly(FIRST.weekday(), time(19), 60, LONDON, 1)
    dated = [
        Dated(FIRST, time(6), 360, LONDON, 2),
        Dated(FIRST, time(12), 600, LONDON, 0),
        Dated(FIRST, time(18), 120, LONDON, None),
    ]
    assert shown_cells([friday], dated, FEW[:2], LONDON) == {
        Cell(FIRST, "morning"): Shown(2),
        Cell(FIRST, "afternoon"): Shown(0),
        Cell(FIRST, "evening"): Shown(None),
    }
    assert shown_cells([friday], dated, [], LONDON) == {}


def test_a_month_that_begins_within_a_time_of_many_days_shows_it() -> None:
    always = Weekly(FIRST.weekday(), time(), 7 * FULL_DAY, LONDON, 1)
    thursday = FIRST + timedelta(days=6)
    assert shown_cells([always], [], [thursday], LONDON) == {
        Cell(thursday, part): Shown(1) for part in PART_NAMES
    }
    # what is taken out of it needs an entry that takes it away
    cleared = Painted(frozenset(), frozenset([Cell(thursday, "evening")]), LONDON, 1)
    assert repainted([always], [], cleared) == (
        [],
        [Dated(thursday, time(18), 240, LONDON, None)],
    )


async def dates_of(session: AsyncSession, person_id: object) -> list[Dated]:
    rows = await session.scalars(
        select(DatedWindow)
        .where(DatedWindow.person_id == person_id)
        .order_by(DatedWindow.day, DatedWindow.starts)
    )
    return [dated_of(row) for row in rows]


async def test_a_part_of_a_day_off_is_opened_and_closed_again(session: AsyncSession) -> None:
    coordinator = await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    mine = worker.person_id
    off = Dated(FIRST, time(), FULL_DAY, LONDON, None)
    await set_dates(session, worker, mine, [off], NOW)
    evening = Cell(FIRST, "evening")
    await paint_days(session, worker, mine, paint([evening]), NOW)
    assert await dates_of(session, mine) == [
        Dated(FIRST, time(), 18 * 60, LONDON, None),
        Dated(FIRST, time(18), 240, LONDON, 1),
        Dated(FIRST, time(22), 120, LONDON, None),
    ]
    every = Weekly(FIRST.weekday(), time(19), 60, LONDON, 1)
    await set_availability(session, worker, mine, [every], NOW)
    # a coordinator of the project may, like everywhere
    await paint_days(session, coordinator, mine, paint(off=[evening]), NOW)
    assert [one.preference for one in await dates_of(session, mine)] == [None, None, None]


async def test_nobody_paints_for_another_project(session: AsyncSession) -> None:
    coordinator, stranger = await a_project(session), await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    with pytest.raises(NotFound):
        await paint_days(session, stranger, worker.person_id, paint([Cell(FIRST, "night")]), NOW)
    assert await dates_of(session, worker.person_id) == []
