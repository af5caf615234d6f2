"""Changing or calling off one shift, at the node that hosts its pool."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, patch
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Moment, require_plannable
from api.parts import Now, Session, Signed
from api.routes.pattern_bodies import Demand, Few, LongText, Minutes, Needed, Short
from api.routes.pools import ShiftAnswer, shift_answer
from federation.permissions.rules import Asker, require_role
from rota.board.queries import shift_seen
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.shifts.rules.staffing import Staffing
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from rota.timetable.queries import shift_to_change

STAFFING = frozenset(Staffing.__dataclass_fields__)
LISTS = frozenset({"seats", "languages", "wanted_languages"})


class ShiftBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different about one shift; what is left out stays. Seats can only be added."""

    start: Moment | UnsetType = UNSET
    end: Moment | UnsetType = UNSET
    seats: Annotated[list[Short], Few] | UnsetType = UNSET
    briefing_minutes: Minutes | UnsetType = UNSET
    debrief_minutes: Minutes | UnsetType = UNSET
    languages: Annotated[list[Short], Few] | UnsetType = UNSET
    wanted_languages: Annotated[list[Short], Few] | UnsetType = UNSET
    theme: Short | UnsetType | None = UNSET
    ground_rules: LongText | UnsetType | None = UNSET
    demand: Demand | UnsetType = UNSET
    minimum_workers: Needed | UnsetType = UNSET
    minimum_supervisors: Needed | UnsetType = UNSET


@patch("/shifts/{shift:uuid}", summary="Change one shift")
async def change_one_shift(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID], data: JSONBody[ShiftBody]
) -> ShiftAnswer:
    """Change one shift of a series or a single one; at a new time all who have a seat are asked."""
    require_role(asker, "coordinator")
    for field in ("start", "end"):
        if isinstance(day := getattr(data, field), UnsetType) is False:
            require_plannable(field, day)
    found = await shift_to_change(session, asker, shift)
    await change_shift(session, asker, shift, await _draft(session, found, data), now)
    return await _answer(session, asker, found, now)


async def _draft(session: AsyncSession, shift: Shift, body: ShiftBody) -> ShiftDraft:
    said = {
        name: value for name in STAFFING if not isinstance(value := getattr(body, name), UnsetType)
    }
    said |= {name: tuple(said[name]) for name in LISTS & said.keys()}
    return ShiftDraft(
        starts=shift.starts if isinstance(body.start, UnsetType) else body.start,
        ends=shift.ends if isinstance(body.end, UnsetType) else body.end,
        staffing=replace(await staffing_of_shift(session, shift), **said),
    )


async def _answer(session: AsyncSession, asker: Asker, shift: Shift, now: Now) -> ShiftAnswer:
    return shift_answer(await shift_seen(session, asker, shift.id, now))


@delete("/shifts/{shift:uuid}", summary="Call off one shift", status_code=204)
async def call_off_one_shift(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID]
) -> None:
    """Call off one shift: its seats are vacated, and everybody concerned is told."""
    require_role(asker, "coordinator")
    await cancel_shift(session, asker, shift, now)
