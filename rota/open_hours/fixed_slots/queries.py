"""Which sessions are those of a slot: of its series, and at the local time that was agreed to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, null

from federation.pools.slots.queries import ShownSlot
from rota.shifts.models import Shift

FIXED_SLOT = "fixed_slot"


def _name(slot: ShownSlot) -> str:
    return f"{slot.weekday} {slot.starts} {slot.zone} {slot.series}"


def languages_by_slot(slots: Sequence[ShownSlot]) -> Mapping[str, set[str]]:
    """Give the languages that are shown at each time; two of one time have one name."""
    languages: dict[str, set[str]] = defaultdict(set)
    for slot in slots:
        languages[_name(slot)].add(slot.language)
    return languages


def slot_key(slots: Sequence[ShownSlot]) -> ColumnElement[str | None]:
    """Name a session's slot; one that was moved to another time is in none."""
    names = {_name(slot): slot for slot in slots}
    if not names:
        return cast(null(), Text)
    return case(
        *((_at_its_time(slot), literal(name, Text)) for name, slot in sorted(names.items())),
        else_=null(),
    )


def _at_its_time(slot: ShownSlot) -> ColumnElement[bool]:
    local = func.timezone(slot.zone, Shift.starts)
    # in PostgreSQL's ISO days Monday is 1
    at = func.to_char(local, "ID HH24:MI") == f"{slot.weekday + 1} {slot.starts}"
    return and_(Shift.series == slot.series, at)
