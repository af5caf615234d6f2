"""Every table of small totals is published, and an attacker who knows the rules solves for it."""

from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rota.record_sharing.rules.hiding import (
    SMALL,
    Shown,
    hide_choices,
    hide_free,
    hide_parts,
    hide_within,
)
from tests.rota.record_sharing.attacker import Table, free_tables, named, recovered, tables


def seen(*counts: int | None) -> Shown:
    return {f"c{number}": count for number, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ((12, 0, 7), (12, 0, 7)),
        ((12, 3, 7), (12, None, None)),
        # the sum of what is hidden would be 3
        ((12, 3, 0), (None, None, 0)),
        ((20, 1, 2), (None, None, None)),
        ((20, 3, 2), (20, None, None)),
        # equal ones are hidden together
        ((9, 1, 9, 30), (None, None, None, 30)),
        # ones or fours alone would tell how many each of them is
        ((1, 1, 1, 1, 1, 0, 7), (None, None, None, None, None, 0, None)),
        ((4, 4, 0, 9), (None, None, 0, None)),
        ((2, 2, 2, 30), (None, None, None, 30)),
        ((4, 4, 4), (None, None, None)),
        ((3, 5, 4), (None, 5, None)),
        # and so would hiding five ones, if nothing else were hidden like that
        ((1, 1, 1, 1, 1), (None, None, None, None, None)),
        ((2, 1, 1, 1, 0), (None, None, None, None, None)),
    ],
)
def test_parts_of_a_known_total(counts: tuple[int, ...], published: tuple[int | None, ...]) -> None:
    assert hide_parts(named(counts), sum(counts)) == seen(*published)


def test_parts_that_do_not_add_up_are_hidden() -> None:
    assert hide_parts(named([7, 8]), 16) == seen(None, None)
    assert hide_parts(named([17, -1]), 16) == seen(None, None)


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ((0, 20, 15, 5), (0, 20, 15, 5)),
        # all but four, and all but one
        ((4, 16, 1, 19), (None, None, None, None)),
    ],
)
def test_choices(counts: tuple[int, ...], published: tuple[int | None, ...]) -> None:
    assert hide_choices(named(counts), 20, 8) == seen(*published)


def test_parts_of_an_unknown_total() -> None:
    assert hide_free(named([0, 3, 5])) == seen(0, None, 5)
    assert hide_within(named([0, 3, 5]), 9) == seen(0, None, 5)
    assert hide_within(named([0, 3, 5]), 8) == seen(None, None, None)


PARTS = [
    (cells, total)
    for cells, largest in ((1, 30), (2, 30), (3, 26), (4, 21), (5, 16), (6, 12))
    for total in (0, *range(SMALL, largest + 1))
]


@pytest.mark.parametrize(("cells", "total"), PARTS)
def test_no_hidden_part_is_recovered(cells: int, total: int) -> None:
    assert recovered(tables(cells, total), partial(hide_parts, total=total)) == []


@pytest.mark.parametrize(("cells", "total"), [(1, 3), (2, 4), (3, 3)])
def test_nothing_is_recovered_of_a_total_that_is_hidden(cells: int, total: int) -> None:
    hidden = {tuple(hide_parts(one, total).values()) for one in tables(cells, total)}
    assert hidden == {(None,) * cells}


def is_possible(table: Table, total: int, most: int) -> bool:
    return max(table.values()) <= total and sum(table.values()) <= most * total


@pytest.mark.parametrize(
    ("cells", "total", "most"),
    [(2, 6, 2), (3, 5, 1), (3, 8, 2), (4, 5, 2), (4, 6, 1), (4, 7, 1), (5, 5, 1), (6, 5, 1)],
)
def test_no_hidden_choice_is_recovered(cells: int, total: int, most: int) -> None:
    worlds = (one for one in free_tables(cells, total) if is_possible(one, total, most))
    assert recovered(worlds, partial(hide_choices, total=total, most=most)) == []


def one_more(table: Table) -> Shown:
    """Hide as is often done: what is small, and if that is one count, the least other one."""
    shown = hide_free(table)
    others = [cell for cell, count in shown.items() if count is not None]
    if others and len(table) - len(others) == 1:
        shown[min(others, key=table.__getitem__)] = None
    return shown


def test_the_attacker_recovers_what_is_hidden_carelessly() -> None:
    worlds = list(tables(3, 12))
    small_alone = recovered(worlds, hide_free)
    assert (seen(None, 9, 0), "c0") in small_alone
    assert (seen(None, None, 10), "c1") in small_alone
    # the least other one may be a nought, and then tells nothing
    assert (seen(None, 0, None, 8), "c0") in recovered(tables(4, 9), one_more)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
@example([4, 4, 4])
def test_what_is_hidden_could_be_otherwise(counts: list[int]) -> None:
    """Of larger tables, look for another world for each hidden cell: it is published alike."""
    table, total = named(counts), sum(counts)
    published = hide_parts(table, total)
    if 0 < total < SMALL:
        assert set(published.values()) == {None}
        return
    hidden = [cell for cell, count in published.items() if count is None]
    for cell in hidden:
        assert any(hide_parts(other, total) == published for other in neighbours(table, cell))
    shown = [count for count in published.values() if count is not None]
    assert [count for count in shown if 0 < count < SMALL] == []
    assert not 0 < total - sum(shown) < SMALL


def neighbours(table: Table, cell: str) -> list[Table]:
    """Give tables of the same total in which this cell has another value."""
    found = [one_for_all_but(table, other) for other in table]
    for other in table:
        swapped = table | {cell: table[other], other: table[cell]}
        moved = [
            table | {cell: table[cell] + by, other: table[other] - by}
            for by in (-1, 1)
            if other != cell
        ]
        found += [swapped, *moved]
    return [one for one in found if min(one.values()) >= 0 and one[cell] != table[cell]]


def one_for_all_but(table: Table, rich: str) -> Table:
    """Give what is hidden as a whole as well: one for each that has any, and the rest for one."""
    ones = {cell: min(count, 1) for cell, count in table.items()}
    return ones | {rich: sum(table.values()) - sum(ones.values()) + ones[rich]}
