"""Several projects' months side by side: what they add up to, from what was published alone."""

from collections.abc import Mapping
from typing import NamedTuple

from rota.record_sharing.stated import StatedMonth

Row = dict[str, int | None]


class Sum(NamedTuple):
    """What is known of a value over all projects: at least so much, where anything is hidden."""

    known: int
    at_least: bool


class Together(NamedTuple):
    """One table, a row a project; a value that a project does not count is missing in its row."""

    name: str
    values: list[str]
    rows: dict[str, Row]
    sums: dict[str, Sum]


def together(months: Mapping[str, StatedMonth]) -> list[Together]:
    """Lay the tables of several projects side by side, and add up what may be seen."""
    tables: dict[str, dict[str, Row]] = {}
    for project, month in months.items():
        for table in month.tables:
            row = {cell.value: cell.count for cell in table.cells}
            tables.setdefault(table.name, {})[project] = row
    return [_added_up(name, rows) for name, rows in tables.items()]


def _added_up(name: str, rows: dict[str, Row]) -> Together:
    values = list(dict.fromkeys(value for row in rows.values() for value in row))
    counts = {value: [row[value] for row in rows.values() if value in row] for value in values}
    sums = {
        value: Sum(sum(count or 0 for count in seen), None in seen)
        for value, seen in counts.items()
    }
    return Together(name, values, rows, sums)
