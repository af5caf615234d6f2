"""The sums follow every change of a record, in its own transaction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Update, bindparam, delete, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from rota.record_sums.models import HourSum, RecordSum
from rota.records.rules.counting import Fact, HourOfWeek


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was counted: whose record, on which channel of which pool, in which month."""

    project_id: UUID
    pool_id: UUID
    channel_id: UUID
    month: date


async def change_sums(
    session: AsyncSession, place: Place, before: Counter[Fact], after: Counter[Fact]
) -> None:
    """Count by month what has changed."""
    await _add(session, RecordSum, asdict(place), _changed(before, after))


async def change_hours(
    session: AsyncSession, place: Place, before: Counter[HourOfWeek], after: Counter[HourOfWeek]
) -> None:
    """Count by hour of the week what has changed."""
    where = asdict(place)
    del where["month"]
    await _add(session, HourSum, where, _changed(before, after))


def _changed(before: Mapping[Any, int], after: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """List what became more or less, in one order always: so two records never deadlock."""
    changed = ((key, after.get(key, 0) - before.get(key, 0)) for key in {*before, *after})
    return sorted((key, more) for key, more in changed if more)


async def _add(
    session: AsyncSession,
    sums: type[RecordSum | HourSum],
    where: dict[str, Any],
    changed: list[tuple[Any, int]],
) -> None:
    if not changed:
        return
    keys = [where | key._asdict() for key, _ in changed]
    await session.execute(
        insert(sums).on_conflict_do_nothing(),
        [{**key, "id": new_id(), "count": 0} for key in keys],
    )
    connection = await session.connection()
    await connection.execute(
        _ONE_MORE[sums],
        [
            {f"its_{name}": value for name, value in key.items()} | {"more": more}
            for key, (_, more) in zip(keys, changed, strict=True)
        ],
    )


def _one_more(sums: type[RecordSum | HourSum]) -> Update:
    table = sums.__table__
    named = [column for column in table.columns if column.name not in {"id", "count"}]
    return (
        update(sums)
        .where(*(column == bindparam(f"its_{column.name}") for column in named))
        .values(count=sums.count + bindparam("more", type_=Integer()))
    )


_ONE_MORE = {sums: _one_more(sums) for sums in (RecordSum, HourSum)}


async def erase_sums(session: AsyncSession, project_id: UUID) -> None:
    """Erase all that a project has ever counted."""
    for sums in (RecordSum, HourSum):
        await session.execute(delete(sums).where(sums.project_id == project_id))


async def forget_noughts(session: AsyncSession, project_id: UUID) -> None:
    """Delete sums of which all was taken back: they would say that there once was something.

    Who calls holds alone what the project counts: others add to sums that they have seen.
    """
    for sums in (RecordSum, HourSum):
        taken_back = (sums.project_id == project_id, sums.count == 0)
        await session.execute(delete(sums).where(*taken_back))


async def projects_with_noughts(session: AsyncSession) -> set[UUID]:
    """Name the projects with sums of which all was taken back."""
    found = [select(sums.project_id).where(sums.count == 0) for sums in (RecordSum, HourSum)]
    return set(await session.scalars(union(*found)))
