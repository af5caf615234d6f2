"""Planning week by week and alike sessions as one: as good as everything at once, and faster."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rota.planner.rules.board import Board
from rota.planner.rules.budget import Budget
from rota.planner.rules.check import violations
from rota.planner.rules.eligibility import fits
from rota.planner.rules.greedy import greedy
from rota.planner.rules.measures import open_value
from rota.planner.rules.opening_weeks import Opened, Task
from rota.planner.rules.plan import holds_of
from rota.planner.rules.program import Program, Weighted
from rota.planner.rules.scenario import Scenario
from rota.planner.rules.solvers import search_by_cases, search_by_relaxing
from tests.rota.planner.planner_examples import Json, a_scenario, a_shift, a_worker, read
from tests.rota.planner.test_planner_properties import examples, scenarios


def task(scenario: Scenario) -> Task:
    board = Board.of(scenario)
    able = fits(board)
    people = range(len(board.people))
    return Task(board, able, people, Budget(60, 1, reproducible=False), greedy(board, able, people))


def week_by_week(scenario: Scenario) -> tuple[Task, Opened]:
    """With the search of the whole after it, as for plans of some size."""
    mine = task(scenario)
    mine.by_weeks(0)
    assert list(violations(scenario, holds_of(mine.board, mine.told().places))) == []
    return mine, mine.as_a_whole(20, least=1, alike=True)


@examples(25)
@given(scenarios(shifts=7, people=6))
def test_week_by_week_opens_as_much_as_everything_at_once(scenario: Scenario) -> None:
    at_once = task(scenario).as_a_whole(20, least=1, alike=False)
    mine, apart = week_by_week(scenario)
    assert list(violations(scenario, holds_of(mine.board, apart.places))) == []
    # teams that few languages leave apart are the only thing that may be lost
    assert open_value(mine.board, apart.places) <= open_value(mine.board, at_once.places)
    assert apart.bound >= open_value(mine.board, at_once.places)
    if not any(len(shift.languages) > 1 for shift in scenario.shifts):
        assert open_value(mine.board, apart.places) == open_value(mine.board, at_once.places)
        assert apart.bound == at_once.bound


def evening(name: str, **changes: object) -> Json:
    roles = "lead second supervisor"
    return a_shift(name, "2027-01-05T18:00:00Z", "2027-01-05T20:00:00Z", roles, **changes)


@examples(15)
@given(
    st.lists(st.sampled_from(["en", "ro", "en ro", "supervisor"]), min_size=2, max_size=9),
    st.integers(1, 3),
    st.sampled_from([["en"], ["ro"], ["en", "ro"]]),
)
def test_sessions_that_are_alike_are_planned_as_one_and_given_their_own_people_again(
    people: list[str], at_once: int, languages: list[str]
) -> None:
    workers = [
        a_worker(f"w{at}", roles=["supervisor"])
        if spoken == "supervisor"
        else a_worker(f"w{at}", languages=spoken.split())
        for at, spoken in enumerate(people)
    ]
    shifts = [evening(f"s{at}", demand=at % 2 + 1, languages=languages) for at in range(3)]
    raw = a_scenario(workers, shifts, supervisor_sessions_at_once=at_once)
    scenario = read(raw)
    mine, apart = week_by_week(scenario)
    best = task(scenario).as_a_whole(20, least=1, alike=False)
    assert list(violations(scenario, holds_of(mine.board, apart.places))) == []
    assert open_value(mine.board, apart.places) == open_value(mine.board, best.places)


def test_what_is_lost_at_the_edge_of_a_week_is_found_again() -> None:
    """One person, late on Sunday or early on Monday; each week alone would have them on both."""
    late = a_shift("s1", "2027-01-10T20:00:00Z", "2027-01-10T23:00:00Z", demand=1)
    early = a_shift("s2", "2027-01-11T06:00:00Z", "2027-01-11T09:00:00Z", demand=3)
    scenario = read(a_scenario([a_worker("w1", rest_hours=11)], [late, early]))
    mine = task(scenario)
    mine.by_weeks(0)
    assert open_value(mine.board, mine.told().places) == 180
    assert mine.told().bound == 180 + 540
    whole = mine.as_a_whole(20, least=1, alike=True)
    assert open_value(mine.board, whole.places) == whole.bound == 540


def test_both_solvers_say_the_same_of_a_program() -> None:
    program = Program()
    chosen = [program.new() for _ in range(4)]
    many = program.new(0, 3)
    program.at_most(chosen[:2], 1)
    program.either([chosen[2]], [chosen[3]])
    program.add([*chosen, many], [2, 3, 4, 1, 5], high=14)
    aim = Weighted.of([(chosen[0], 2), (chosen[1], 3), (chosen[3], 4), (many, 2), (many, 1)])
    found = (search_by_cases(program, aim, {}, {}), search_by_relaxing(program, aim, 10))
    assert [(each.bound, each.optimal) for each in found] == [(10, True), (10, True)]
    assert [aim.value(each.values or ()) for each in found] == [10, 10]
    split = search_by_relaxing(program, aim, 10, whole=False)
    assert split.values is None
    assert split.bound is not None
    assert split.bound >= 10
    assert Counter(aim.variables) == Counter({chosen[0]: 1, chosen[1]: 1, chosen[3]: 1, many: 1})
