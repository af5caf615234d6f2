from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from protocols.signposts.models import Signpost
from rota.attendance.rules import COMES
from rota.claims.models import Claim
from rota.record_keeping.queries import settings_of
from rota.record_keeping.rules import Settings
from rota.records.models import RecordedContact, SessionRecord
from rota.records.rules.drafts import Allowed, Contact, Draft
from rota.records.rules.lists import TOPICS
from rota.shifts.models import Seat, Shift
from rota.swaps.given_up import was_held

Held = Select[UUID, Shift, Channel, Pool, Project, bool]


@dataclass(frozen=True, slots=True)
class Sat:
    """A seat that somebody held, on a session of which they may keep a record.

    `held` is false where it was given up while the session ran.
    """

    claim_id: UUID
    shift: Shift
    channel: Channel
    pool: Pool
    project: Project
    held: bool


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """The asker's own record of one session, with what may be entered.

    `kept` is what is kept of it, if anything is.
    """

    sat: Sat
    kept: SessionRecord | None
    draft: Draft
    settings: Settings
    signposts: dict[UUID, str]

    @property
    def topics(self) -> list[str]:
        """List the topics of the pool."""
        return topics_of(self.sat.pool)

    @property
    def allowed(self) -> Allowed:
        """Give it as the rules read it."""
        return Allowed(
            starts=self.sat.shift.starts,
            ends=self.sat.shift.ends,
            topics=frozenset(self.topics),
            areas=frozenset(self.settings.areas),
            signposts=self.signposts.keys(),
            asks_gender=self.settings.asks_gender,
            asks_nationality=self.settings.asks_nationality,
            keeps_notes=self.settings.keeps_notes,
        )


def topics_of(pool: Pool) -> list[str]:
    """Give what a pool counts: its own list, or the usual one."""
    return list(pool.topics or TOPICS)


def _sat(asker: Asker, shift_id: UUID) -> Held:
    held = Claim.state == "held"
    # who gave up the seat while the session ran has sat there, and may have counted
    # what a host says late of a session takes nobody's record away
    kept = exists().where(SessionRecord.claim_id == Claim.id)
    given_up = and_(Claim.state == "released", was_held(), Claim.ended_at > Shift.starts)
    return (
        select(Claim.id, Shift, Channel, Pool, Project, held)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(
            Shift.id == shift_id,
            Handle.person_id == asker.person_id,
            or_(kept, and_(Shift.cancelled_at.is_(None), or_(held, given_up))),
            Seat.role.in_(COMES),
        )
        .order_by(held.desc(), kept.desc(), Claim.ended_at.desc())
    )


async def own_seat(
    session: AsyncSession, asker: Asker, shift_id: UUID, *, locked: bool = False
) -> Sat:
    """Find the asker's seat on a session; for everybody else there is none."""
    wanted = _sat(asker, shift_id)
    if locked:
        wanted = wanted.with_for_update(of=Claim)
    row = (await session.execute(wanted)).first()
    if row is None:
        raise NotFound
    return Sat(*row)


async def record_seen(
    session: AsyncSession, asker: Asker, shift_id: UUID, *, locked: bool = False
) -> RecordSeen:
    """Show the asker their own record of a session; to nobody else in the same project."""
    sat = await own_seat(session, asker, shift_id, locked=locked)
    wanted = select(SessionRecord).where(SessionRecord.claim_id == sat.claim_id)
    # who waited for the lock reads what was kept meanwhile
    row = await session.scalar(wanted.execution_options(populate_existing=locked))
    drafts = await drafts_of(session, [row] if row else [])
    return RecordSeen(
        sat,
        row,
        drafts[row.id] if row else Draft(),
        await settings_of(session, sat.project),
        await _signposts(session, sat.project.id),
    )


async def drafts_of(session: AsyncSession, records: Sequence[SessionRecord]) -> dict[UUID, Draft]:
    """Give records as they were entered, by their ids, in one question for all of them."""
    contacts: dict[UUID, list[Contact]] = {record.id: [] for record in records}
    rows = await session.scalars(
        select(RecordedContact)
        .where(RecordedContact.record_id.in_(contacts))
        .order_by(RecordedContact.record_id, RecordedContact.position)
    )
    for row in rows:
        contacts[row.record_id].append(_contact(row))
    return {
        record.id: Draft(
            contacts=contacts[record.id],
            pace=record.pace,
            technical_trouble=record.technical_trouble,
            staff_abused=record.staff_abused,
            support=record.support,
            note=record.note or "",
            done=record.done,
        )
        for record in records
    }


def _contact(row: RecordedContact) -> Contact:
    return Contact(
        at=row.at,
        language=row.language,
        kind=row.kind,
        familiarity=row.familiarity,
        minutes=row.minutes,
        topics=row.topics,
        outcome=row.outcome,
        signpost=row.signpost_id,
        unmet=row.unmet,
        area=row.area,
        gender=row.gender,
        nationality=row.nationality,
    )


async def _signposts(session: AsyncSession, project_id: UUID) -> dict[UUID, str]:
    rows = await session.execute(
        select(Signpost.id, Signpost.name)
        .where(Signpost.project_id == project_id, Signpost.closed_at.is_(None))
        .order_by(Signpost.name, Signpost.id)
    )
    return dict(rows.all())
