"""Slots as their readers may see them: to a speaker their own answer, to others that all agree."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED
from federation.people.models import Handle, Role
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import pool_planned_by
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.pools.slots.rules import Speaker, all_agree, none_disagrees, speakers_of
from federation.projects.models import Project

CLOCK = "%H:%M"
IS_WORKER = Handle.roles.contains([Role.WORKER.value])


def _joined() -> ColumnElement[bool]:
    """Tell whether a project is of this node, or of one that is joined with it."""
    joined = select(Partner.node_id).where(Partner.state == JOINED)
    return Project.node.is_(None) | Project.node.in_(joined)


# the public hours ask these two anew each time: building them would cost as much as asking
_POOL = bindparam("pool", type_=Uuid())
_SLOTS = select(
    LanguageSlot.series,
    LanguageSlot.language,
    LanguageSlot.zone,
    LanguageSlot.weekday,
    LanguageSlot.starts,
    LanguageSlot.agreed,
    select(func.array_agg(SlotAgreement.handle_id))
    .join(Handle, Handle.id == SlotAgreement.handle_id)
    .join(Project, Project.id == Handle.project_id)
    .where(SlotAgreement.slot_id == LanguageSlot.id, _joined())
    .scalar_subquery()
    .label("yes"),
).where(LanguageSlot.pool_id == _POOL, LanguageSlot.ended_at.is_(None))
_WORKERS = (
    select(Handle.id, Handle.languages, _joined())
    .join(Project, Project.id == Handle.project_id)
    .where(Handle.pool_id == _POOL, Handle.retired_at.is_(None), IS_WORKER)
)


class OwnSlot(NamedTuple):
    """A slot that somebody is asked about, and their own answer."""

    slot: LanguageSlot
    pool: Pool
    agrees: bool


class ShownSlot(NamedTuple):
    """A language that all its speakers have agreed to show in a series, at one local time."""

    series: str
    language: str
    zone: str
    weekday: int
    starts: str


async def live_slots(session: AsyncSession, pool_id: UUID) -> Sequence[LanguageSlot]:
    """Read what is proposed in a pool and not ended."""
    found = await session.scalars(
        select(LanguageSlot)
        .where(LanguageSlot.pool_id == pool_id, LanguageSlot.ended_at.is_(None))
        .order_by(LanguageSlot.series, LanguageSlot.language)
    )
    return found.all()


def slot_facts(slot: LanguageSlot) -> dict[str, Any]:
    """Give what members learn of a slot: that all agree, not who, and not of how many."""
    return {
        "id": str(slot.id),
        "series": slot.series,
        "language": slot.language,
        "weekday": slot.weekday,
        "starts": slot.starts.strftime(CLOCK),
        "zone": slot.zone,
        "agreed": slot.agreed,
    }


async def own_slots(session: AsyncSession, asker: Asker) -> list[OwnSlot]:
    """List the slots in languages that the asker speaks as a worker, with their own answers."""
    rows = await session.execute(
        select(LanguageSlot, Pool, SlotAgreement.slot_id)
        .join(Pool, Pool.id == LanguageSlot.pool_id)
        .join(Handle, Handle.pool_id == Pool.id)
        .outerjoin(
            SlotAgreement,
            (SlotAgreement.slot_id == LanguageSlot.id) & (SlotAgreement.handle_id == Handle.id),
        )
        .where(
            Handle.person_id == asker.person_id,
            Handle.retired_at.is_(None),
            IS_WORKER,
            LanguageSlot.language == any_(Handle.languages),
            LanguageSlot.ended_at.is_(None),
        )
        .order_by(Pool.slug, LanguageSlot.weekday, LanguageSlot.starts, LanguageSlot.language)
    )
    return [OwnSlot(slot, pool, agreed is not None) for slot, pool, agreed in rows]


async def planned_slots(
    session: AsyncSession, asker: Asker, pool_id: UUID
) -> Sequence[LanguageSlot]:
    """List the slots of a pool for who plans it, who learns no more than members do."""
    await pool_planned_by(session, asker, pool_id)
    return await live_slots(session, pool_id)


async def shown_slots(
    connection: AsyncConnection, pool_id: UUID, workers: Iterable[Speaker], *, hosted: bool
) -> list[ShownSlot]:
    """Give the slots that may be shown now, by what is known here of those who speak there.

    A host knows all speakers; a member its own, and of the others what the host states.
    """
    rows = await connection.execute(_SLOTS, {"pool": pool_id})
    known = list(workers)
    shown = []
    for row in rows:
        speakers, yes = speakers_of(row.language, known), row.yes or []
        stated = row.agreed and none_disagrees(speakers, yes)
        if all_agree(speakers, yes) if hosted else stated:
            starts = row.starts.strftime(CLOCK)
            shown.append(ShownSlot(row.series, row.language, row.zone, row.weekday, starts))
    return shown


async def agreements(session: AsyncSession, slot_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Give who has agreed to each slot, by handle; for the rule alone, never to be told.

    Of a partner that is no longer joined a yes does not count: it could not be taken back.
    """
    yes: dict[UUID, set[UUID]] = {slot_id: set() for slot_id in slot_ids}
    rows = await session.execute(
        select(SlotAgreement.slot_id, SlotAgreement.handle_id)
        .join(Handle, Handle.id == SlotAgreement.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(SlotAgreement.slot_id.in_(slot_ids), _joined())
    )
    for slot_id, handle_id in rows:
        yes[slot_id].add(handle_id)
    return yes


async def current_workers(session: AsyncSession | AsyncConnection, pool_id: UUID) -> list[Speaker]:
    """List the workers of a pool who are known here and have not retired."""
    rows = await session.execute(_WORKERS, {"pool": pool_id})
    return [Speaker(*row) for row in rows]
