"""Which counts are hidden, so that nobody works one of them out, not even who knows these rules.

Every rule treats the cells of a table alike: exchange the values of two hidden cells, and the same
is hidden. So of hidden cells that differ, each could have another's value. 0060 says it at length.
"""

from collections.abc import Collection, Iterator, Mapping

SMALL = 5
"""A count below it is hidden, unless it is nought."""
Counts = Mapping[str, int]
Shown = dict[str, int | None]


def is_small(count: int) -> bool:
    """Tell whether a count could point at somebody."""
    return 0 < count < SMALL


def all_hidden(cells: Collection[str]) -> Shown:
    """Show that there is a table, and nothing in it."""
    return dict.fromkeys(cells)


def hide_free(cells: Counts) -> Shown:
    """Hide small counts where nothing tells what they add up to."""
    return {cell: None if is_small(count) else count for cell, count in cells.items()}


def hide_parts(cells: Counts, total: int) -> Shown:
    """Hide small counts of a table that adds up to a known total, and what would reveal them."""
    if sum(cells.values()) != total or is_small(total) or min(cells.values(), default=0) < 0:
        return all_hidden(cells)
    hidden = {cell for cell, count in cells.items() if is_small(count)}
    if not hidden:
        return dict(cells)
    if total == len(cells):
        # hidden all together, they might each be 1, and nothing else would be hidden like that
        return all_hidden(cells)
    for more in _others(cells, hidden):
        if _leaves_open([cells[cell] for cell in hidden]):
            break
        hidden |= more
    return {cell: None if cell in hidden else count for cell, count in cells.items()}


def _others(cells: Counts, hidden: set[str]) -> Iterator[set[str]]:
    """Give what may be hidden besides, the least first and noughts last; equal ones together."""
    values = {count for cell, count in cells.items() if cell not in hidden}
    for value in sorted(values, key=lambda count: (count == 0, count)):
        yield {cell for cell, count in cells.items() if count == value}


def _leaves_open(counts: list[int]) -> bool:
    """Tell whether each of these, of which the sum is known, could be more than one number.

    They may be exchanged if they differ. If they are alike, there are other small counts with their
    sum, unless all are as small or as large as a small count can be. The sum itself is not small.
    """
    total, cells = sum(counts), len(counts)
    differ = len(set(counts)) > 1
    return total >= SMALL and (differ or cells < total < cells * (SMALL - 1))


def hide_choices(cells: Counts, total: int, most: int) -> Shown:
    """Hide what few have, or all but a few, where each of a known total has at most so many."""
    if is_small(total):
        return all_hidden(cells)
    hidden = {cell for cell, count in cells.items() if is_small(count) or is_small(total - count)}
    shown = sum(count for cell, count in cells.items() if cell not in hidden)
    if hidden and shown + len(hidden) >= most * total - 1:
        # hardly one more fits: nearly each of them would have to be 1
        return all_hidden(cells)
    return {cell: None if cell in hidden else count for cell, count in cells.items()}


def hide_within(cells: Counts, least: int) -> Shown:
    """Hide small counts that add up to no more than an unknown total, known to be at least `least`.

    Were they to say that it is more than that, it would tell something of what was hidden there.
    """
    shown = hide_free(cells)
    at_most = sum(SMALL - 1 if count is None else count for count in shown.values())
    return shown if at_most <= least else all_hidden(cells)
