"""Somebody who knows every rule, and works out what published tables leave open."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

from rota.record_sharing.rules.hiding import Shown

Table = dict[str, int]
Rule = Callable[[Table], Mapping[str, int | None]]


def tables(cells: int, total: int) -> Iterator[Table]:
    """Give every table of so many cells that adds up to a total."""
    for counts in product(range(total + 1), repeat=cells - 1):
        if sum(counts) <= total:
            yield named([*counts, total - sum(counts)])


def free_tables(cells: int, largest: int) -> Iterator[Table]:
    """Give every table of so many cells with no count above the largest."""
    for counts in product(range(largest + 1), repeat=cells):
        yield named(counts)


def named(counts: Iterable[int]) -> Table:
    return {f"c{number}": count for number, count in enumerate(counts)}


def recovered(worlds: Iterable[Table], rule: Rule) -> list[tuple[Shown, str]]:
    """Name every hidden cell that has one value in all worlds in which the same is published."""
    by_output: dict[tuple[tuple[str, int | None], ...], list[Table]] = defaultdict(list)
    for world in worlds:
        by_output[tuple(rule(world).items())].append(world)
    return [
        (dict(output), cell)
        for output, possible in by_output.items()
        for cell, count in output
        if count is None and len({world[cell] for world in possible}) == 1
    ]
