"""What one device was told of shifts that are nobody's own: UIDs stay, SEQUENCE only rises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from rota.calendar.models import CalendarShiftEntry
from rota.calendar.rules.personal import Entry, told

_TOLD = CalendarShiftEntry.metadata.tables[CalendarShiftEntry.__tablename__]
_TOLD_AGAIN = ("sequence", "begins", "ends", "status", "says", "changed_at", "shown")
OVER = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ShownShift:
    """A shift as one feed shows it."""

    shift_id: UUID
    begins: datetime
    ends: datetime
    status: str
    says: str = ""


async def told_shifts(
    session: AsyncSession,
    address_id: UUID,
    shifts: Sequence[ShownShift],
    at: datetime,
    now: datetime,
) -> list[Entry]:
    """Bring what a device is told in line with these shifts, and keep it for the next time."""
    rows = await session.execute(select(_TOLD).where(_TOLD.c.address_id == address_id))
    before = {row.shift_id: row for row in rows}
    found, changed = [], []
    for shift in shifts:
        row = before.pop(shift.shift_id, None)
        entry = _entry(shift, row, at)
        found.append(entry)
        if row is None or not row.shown or entry.sequence != row.sequence:
            changed.append(_row(address_id, shift.shift_id, entry, shown=True))
    over = [row.shift_id for row in before.values() if row.ends < now - OVER]
    changed += [
        _row(address_id, row.shift_id, _before(row), shown=False)
        for row in before.values()
        if row.shown and row.shift_id not in over
    ]
    if over:
        own = _TOLD.c.address_id == address_id
        await session.execute(delete(_TOLD).where(own, _TOLD.c.shift_id.in_(over)))
    if changed:
        new = insert(_TOLD)
        again = {name: new.excluded[name] for name in _TOLD_AGAIN}
        # row by row within one statement: all at once have more arguments than PostgreSQL takes
        await session.execute(
            new.on_conflict_do_update(index_elements=list(_TOLD.primary_key), set_=again), changed
        )
    return found


def _before(row: Row[Any]) -> Entry:
    return Entry(row.uid, row.begins, row.ends, row.sequence, row.changed_at, row.status, row.says)


def _entry(shift: ShownShift, row: Row[Any] | None, at: datetime) -> Entry:
    if row is None:
        return Entry(str(uuid4()), shift.begins, shift.ends, 0, at, shift.status, shift.says)
    after = Entry(row.uid, shift.begins, shift.ends, row.sequence, at, shift.status, shift.says)
    return told(_before(row), after, at, shown=row.shown)


def _row(address_id: UUID, shift_id: UUID, entry: Entry, *, shown: bool) -> dict[str, Any]:
    return {
        "address_id": address_id,
        "shift_id": shift_id,
        "uid": entry.uid,
        "sequence": entry.sequence,
        "begins": entry.begins,
        "ends": entry.ends,
        "status": entry.status,
        "says": entry.says,
        "changed_at": entry.changed_at,
        "shown": shown,
    }
