"""The benchmarks run to their end and say what they should; how fast anything is, is not tested."""

from pathlib import Path

import msgspec
import pytest

from api.parts import current_time
from benchmarks.__main__ import BENCHMARKS, write
from benchmarks.figures import TINY, Figure, Pair, Side, SkippedError, table

CLAIMS = "claims on contested seats"
SAID = {
    "feeds": {
        ("personal feed, 200", "the 1,000 asked for", 1),
        ("personal feed, 304", "a bare hello", 0.25),
        ("personal feed, 200", "a bare hello", 0.25),
        ("personal feed, 304", "Radicale's 200", 20),
        ("personal feed, 200", "Radicale's 200", 20),
    },
    "claims": {
        (CLAIMS, "a bare INSERT … ON CONFLICT", 0.4),
        (CLAIMS, "the same behind a bare handler", None),
    },
    "public": {
        ("public JSON, 200", "a bare hello", 0.5),
        ("public page, 200", "a bare hello", 0.5),
    },
}


@pytest.mark.parametrize("name", SAID)
async def test_a_benchmark_of_a_node_runs_to_its_end(name: str, server_url: str) -> None:
    figures = await BENCHMARKS[name](server_url, TINY, current_time())
    assert {(each.name, each.against, each.aim) for each in figures} == SAID[name]
    assert all(len(each.pairs) == TINY.rounds and each.ratio > 0 for each in figures)
    assert {each.benchmark for each in figures} == {name}


@pytest.mark.parametrize(
    ("name", "projects"), [("planner", 4), ("planner-large", 10), ("planner-hard", 10)]
)
async def test_the_planner_proves_a_small_pool_and_repairs_it(
    name: str, projects: int, server_url: str
) -> None:
    figures = await BENCHMARKS[name](server_url, TINY, current_time())
    hours, (demand, in_turn, *limits) = figures[: projects + 1], figures[projects + 1 :]
    assert {each.benchmark for each in figures} == {name}
    assert [each.against for each in hours] == [
        *(f"p{at} alone" for at in range(projects)),
        "first come, first served",
    ]
    assert all(each.ratio >= 1 for each in hours)
    assert (in_turn.against, in_turn.ratio >= 1) == ("first come, first served", True)
    assert (demand.against, demand.met) == ("the proven bound", True)
    assert [each.name.split()[-1] for each in limits] == [
        "served",
        "done",
        "everything",
        "drop-out",
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("board", "open_hours", "wire", "answers", "federation", "many-partners", "records"),
        *("record-imports", "screen"),
    ],
)
async def test_a_benchmark_of_a_part_runs_to_its_end(name: str, server_url: str) -> None:
    figures = await BENCHMARKS[name](server_url, TINY, current_time())
    assert figures
    assert all(each.ratio > 0 for each in figures)


async def test_what_cannot_run_is_skipped_with_a_reason(server_url: str) -> None:
    with pytest.raises(SkippedError, match=r"too long for a small run\.$"):
        await BENCHMARKS["demo"](server_url, TINY, current_time())


def test_every_benchmark_is_tested_here() -> None:
    assert set(BENCHMARKS) == {
        *SAID,
        "planner",
        "planner-large",
        "planner-hard",
        "demo",
        "board",
        "open_hours",
        "wire",
        "answers",
        "federation",
        "many-partners",
        "records",
        "record-imports",
        "screen",
    }


A_FIGURE = Figure(
    benchmark="feeds",
    name="feed",
    against="hello",
    unit="answers/s",
    pairs=[
        Pair(Side(300, 20), Side(1000, 10)),
        Pair(Side(100, 40), Side(1000, 10)),
        Pair(Side(200, 20), Side(1000, 10)),
    ],
    aim=0.25,
)


def test_a_figure_is_the_median_of_the_ratios_of_its_rounds() -> None:
    assert (A_FIGURE.ratio, A_FIGURE.ratios) == (0.2, [0.1, 0.2, 0.3])
    assert (A_FIGURE.by_processor, A_FIGURE.met) == (0.5, False)
    assert table([A_FIGURE]).splitlines()[2].split(" | ")[1:] == [
        "200 ",
        "1,000",
        "answers/s",
        "hello  ",
        "0.20 ",
        "0.10 to 0.30     ",
        "0.50  ",
        "0.25: MISSED |",
    ]


def test_what_was_measured_is_written_for_programs(tmp_path: Path) -> None:
    result = tmp_path / "new" / "bench.json"
    write([A_FIGURE], result)
    told = msgspec.json.decode(result.read_bytes())
    assert set(told) == {"at", "machine", "figures"}
    (figure,) = told["figures"]
    assert (figure["ratio"], figure["spread"], figure["aim"]) == (0.2, [0.1, 0.3], 0.25)
