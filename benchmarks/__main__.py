"""`make bench`: measure, print a table, write `.netreach/bench.json`.

ARGS="feeds claims" runs these only, ARGS="--tiny" everything once and small, to see that it runs.
"""

import asyncio
import os
import platform
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

import click
import msgspec
from msgspec.structs import replace

from api.parts import current_time
from benchmarks import (
    answers,
    board,
    claims,
    demo,
    federation,
    feeds,
    many_partners,
    open_hours,
    planner,
    public,
    record_imports,
    records,
    screen,
    wire,
)
from benchmarks.figures import TINY, Figure, Scale, SkippedError, table
from benchmarks.places import ROOT, postgres

Benchmark = Callable[[str, Scale, datetime], Awaitable[list[Figure]]]
BENCHMARKS: dict[str, Benchmark] = {
    "feeds": feeds.run,
    "claims": claims.run,
    "public": public.run,
    "open_hours": open_hours.run,
    "board": board.run,
    "wire": wire.run,
    "federation": federation.run,
    "many-partners": many_partners.run,
    "answers": answers.run,
    "records": records.run,
    "record-imports": record_imports.run,
    "screen": screen.run,
    "planner": planner.run,
    "planner-large": planner.run_large,
    "planner-hard": planner.run_hard,
    "demo": demo.run,
}
LONG = frozenset({"planner-large", "planner-hard"})
"""Those that run only when they are named: they take minutes."""
RESULT = ROOT / ".netreach" / "bench.json"


async def measure(names: list[str], scale: Scale, server_url: str) -> list[Figure]:
    """Run benchmarks one after another and say what each found as soon as it has."""
    figures = []
    for name in names:
        click.echo(f"{name} …", err=True)
        try:
            found = await BENCHMARKS[name](server_url, scale, current_time())
        except SkippedError as reason:
            click.echo(f"{name} is skipped: {reason}")
            continue
        figures += found
    return figures


def _chosen(names: Sequence[str], *, tiny: bool) -> list[str]:
    """Take what is named, else all that do not take minutes."""
    return list(names) or [name for name in BENCHMARKS if tiny or name not in LONG]


def machine() -> dict[str, str | int | None]:
    """Say on what was measured, as far as it matters for ratios."""
    return {"processors": os.cpu_count(), "python": platform.python_version()}


def write(figures: list[Figure], result: Path) -> None:
    """Keep the figures for programs."""
    told = {
        "at": current_time(),
        "machine": machine(),
        "figures": [figure.told() for figure in figures],
    }
    result.parent.mkdir(mode=0o700, exist_ok=True)
    result.write_bytes(msgspec.json.format(msgspec.json.encode(told)))


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--tiny", is_flag=True, help="Measure next to nothing, to see that it runs.")
@click.option("--verbose", is_flag=True, help="Name the lines that the screen judged wrongly.")
@click.option("--result", type=click.Path(path_type=Path), default=RESULT, help="Where JSON goes.")
def main(names: tuple[str, ...], *, tiny: bool, verbose: bool, result: Path) -> None:
    """Measure what matters as ratios within one run."""
    with postgres() as server_url:
        scale = replace(TINY if tiny else Scale(), verbose=verbose)
        figures = asyncio.run(measure(_chosen(names, tiny=tiny), scale, server_url))
    click.echo(table(figures))
    write(figures, result)
    click.echo(f"Written to {result}.")


if __name__ == "__main__":
    main()
