"""What members of a pool tell one another of a month, and what is believed of it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from federation.pools.stated import Slug
from rota.record_sharing.errors import SmallCounts
from rota.record_sharing.rules.hiding import Shown, is_small

COUNTS_STATED = "counts.stated"
Number = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class StatedCell(msgspec.Struct, frozen=True):
    """One value of a table, and how many there were; null where that is hidden."""

    value: Slug
    count: Number | None


class StatedTable(msgspec.Struct, frozen=True):
    """A table, with every value that it can have."""

    name: Slug
    cells: Annotated[list[StatedCell], msgspec.Meta(max_length=100)]


class StatedMonth(msgspec.Struct, frozen=True):
    """What may be seen of a month: how many records of sessions there are, and the tables."""

    sessions: Number
    tables: Annotated[list[StatedTable], msgspec.Meta(max_length=20)]


class CountsStated(msgspec.Struct, frozen=True):
    """One project's month in a pool; it is said once."""

    project: UUID
    pool: UUID
    month: date
    content: StatedMonth


def stated_month(sessions: int, tables: Mapping[str, Shown]) -> StatedMonth:
    """Write a month as it is told."""
    return StatedMonth(
        sessions,
        [
            StatedTable(name, [StatedCell(value, count) for value, count in cells.items()])
            for name, cells in tables.items()
        ],
    )


def require_nobody_shows(month: StatedMonth) -> None:
    """Refuse a month in which a count stands that could point at somebody."""
    if any(is_small(cell.count or 0) for table in month.tables for cell in table.cells):
        raise SmallCounts
