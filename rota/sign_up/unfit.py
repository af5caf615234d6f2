"""Seats of people who may no longer hold them, for want of what they ask for, fall free."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import Reason
from federation.notices.actions import notify
from federation.people.models import Handle, RoleGrant
from federation.people.queries import coordinators_of
from federation.projects.models import Project
from rota.bookings.actions import lock_person
from rota.bookings.rules import needed_role
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.passport.models import Training
from rota.passport.rules import missing_on
from rota.passport.tools import lacks_account
from rota.shifts.models import Seat, Shift
from rota.sign_up.ending import end_claim

UNFIT = Reason(
    "unfit", "The seat asks for a role, a training or an account that is missing on that day."
)
NO_LONGER_FITS = (
    "There is a change in your plan: a seat of yours asks for a role, a training or an "
    "account that you do not have on that day. Your coordinator can help."
)
OURS_NO_LONGER_FITS = (
    "A seat of one of your people fell free, for want of a role, a training or an "
    "account. The passports show which trainings and accounts are there."
)


async def claims_to_check(
    session: AsyncSession,
    now: datetime,
    *,
    person_id: UUID | None = None,
    shift_id: UUID | None = None,
    channel_id: UUID | None = None,
) -> list[UUID]:
    """List the live claims to come of a person, or on a shift or channel, in order of start."""
    which: ColumnElement[bool] = Shift.starts > now
    if person_id is not None:
        which &= Handle.person_id == person_id
    if shift_id is not None:
        which &= Shift.id == shift_id
    if channel_id is not None:
        which &= Shift.channel_id == channel_id
    rows = await session.scalars(
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(which, Claim.state.in_(LIVE))
        .order_by(Shift.starts, Claim.id)
    )
    return list(rows)


async def vacate_if_unfit(session: AsyncSession, claim_id: UUID, now: datetime) -> bool:
    """Free one seat, in a transaction of its own, if its holder lacks what its shift asks for.

    Home looks at roles and trainings, the host at accounts: each at what it alone knows.
    """
    row = (
        await session.execute(
            select(Claim, Handle)
            .join(Handle, Handle.id == Claim.handle_id)
            .where(Claim.id == claim_id)
        )
    ).one()
    claim, handle = row
    if handle.person_id is not None:
        await lock_person(session, handle.person_id)
    lacks = [
        *await _role_lacked(session, claim, handle),
        *await _trainings_lacked(session, claim, handle),
    ]
    if claim.decided_here and await _account_lacked(session, claim, handle):
        lacks = [*lacks, "account"]
    if not lacks or not await end_claim(session, claim, "released", now):
        return False
    # a reason beside the end says that it was no slip of the worker's: others are asked at once
    claim.reasons = [UNFIT._asdict()]
    await record(
        session,
        actor=SYSTEM,
        verb="vacate-unfit-seat",
        subject="claim",
        subject_id=claim_id,
        now=now,
    )
    await _tell(session, handle, now)
    return True


async def _role_lacked(session: AsyncSession, claim: Claim, handle: Handle) -> Sequence[str]:
    if handle.person_id is None:
        return []
    needed = needed_role((await session.get_one(Seat, claim.seat_id)).role)
    granted = await session.scalar(
        select(RoleGrant.id).where(
            RoleGrant.person_id == handle.person_id, RoleGrant.role == needed
        )
    )
    return [] if granted else [needed]


async def _trainings_lacked(session: AsyncSession, claim: Claim, handle: Handle) -> Sequence[str]:
    if handle.person_id is None:
        return []
    shift = await _shift_of(session, claim)
    attested = await session.execute(
        select(Training.name, Training.issued, Training.expires).where(
            Training.person_id == handle.person_id
        )
    )
    held = [(name, issued, expires) for name, issued, expires in attested]
    return missing_on(shift.trainings, shift.starts, shift.zone, held)


async def _account_lacked(session: AsyncSession, claim: Claim, handle: Handle) -> bool:
    shift = await _shift_of(session, claim)
    return await lacks_account(session, shift.channel_id, handle.id)


async def _shift_of(session: AsyncSession, claim: Claim) -> Shift:
    query = select(Shift).join(Seat, Seat.shift_id == Shift.id).where(Seat.id == claim.seat_id)
    return (await session.scalars(query)).one()


async def _tell(session: AsyncSession, handle: Handle, now: datetime) -> None:
    """Tell the worker and who can help: the coordinators of the worker's own project."""
    if handle.person_id is None:
        return
    await notify(
        session,
        person_id=handle.person_id,
        code="seat-vacated",
        text=NO_LONGER_FITS,
        now=now,
    )
    home = await session.scalar(select(Project.node).where(Project.id == handle.project_id))
    if home is None:
        for coordinator in await coordinators_of(session, handle.project_id):
            await notify(
                session,
                person_id=coordinator,
                code="seat-of-ours-vacated",
                text=OURS_NO_LONGER_FITS,
                now=now,
            )
