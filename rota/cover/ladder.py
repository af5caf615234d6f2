"""The ladder at the host: opened, moved on, closed; every caller has locked the shift."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import SYSTEM, record
from federation.feeds.actions import append
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.terms import in_term
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.cover.notices import STILL_YOURS, tell_step
from rota.cover.rules import OWN_PROJECT, Step, first_step, next_step
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Seat, Shift

COVER_STEP = "cover-step"
CLOSED = frozenset({"covered", "withdrawn", "lapsed"})


def briefing_of(shift: Shift) -> datetime:
    """Say when a shift takes its people's time: until then others can be asked."""
    return shift.starts - timedelta(minutes=shift.briefing_minutes)


async def open_cover_of(session: AsyncSession, seat_id: UUID) -> CoverRequest | None:
    """Find and lock the open request for a seat of which this node decides."""
    found: CoverRequest | None = await session.scalar(
        select(CoverRequest)
        .where(
            CoverRequest.seat_id == seat_id,
            CoverRequest.state == "open",
            CoverRequest.decided_here,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found


async def open_cover(
    session: AsyncSession,
    shift: Shift,
    claim: Claim,
    kind: str,
    now: datetime,
    *,
    cover_id: UUID | None = None,
    actor: UUID | str = SYSTEM,
) -> CoverRequest:
    """Begin to ask others for a seat; one that is asked for already goes on from its step."""
    already = await open_cover_of(session, claim.seat_id)
    if already is not None:
        if (already.kind, already.claim_id) != (kind, claim.id):
            already.kind, already.claim_id = kind, claim.id
            await state_cover(session, already, shift, now)
        return already
    handle = await session.get_one(Handle, claim.handle_id)
    step = first_step(now, briefing_of(shift))
    opened = CoverRequest(
        id=cover_id or new_id(),
        seat_id=claim.seat_id,
        claim_id=claim.id,
        project_id=handle.project_id,
        kind=kind,
        step=step.name,
        state="open",
        decided_here=True,
        until=step.until,
        opened_at=now,
    )
    # a copy of what an earlier host had told may be here
    cover: CoverRequest = await session.merge(opened)
    await _watch(session, claim.seat_id, watched=True)
    await _ask(session, cover, shift, step, now, before=None)
    await _record(session, cover, "open-cover", actor, now)
    return cover


async def _ask(
    session: AsyncSession,
    cover: CoverRequest,
    shift: Shift,
    step: Step,
    now: datetime,
    *,
    before: str | None,
) -> None:
    cover.step, cover.until = step.name, step.until
    await session.flush()
    await put(
        session,
        COVER_STEP,
        {"cover": str(cover.id), "step": step.name},
        now=now,
        key=f"{cover.id} {step.name}",
        due=step.until,
    )
    await tell_step(session, cover, shift, now, before=before)
    await state_cover(session, cover, shift, now)


async def move_on(session: AsyncSession, cover_id: UUID, step: str, now: datetime) -> None:
    """Ask the next in the ladder when a step has run out; after the last, stop asking."""
    found = await session.get(CoverRequest, cover_id)
    if found is None or not found.decided_here:
        return
    shift = await lock_shift_of(session, found.seat_id)
    cover = await open_cover_of(session, found.seat_id)
    if cover is None or cover.id != cover_id or cover.step != step or now < cover.until:
        return
    follows = next_step(step, now, briefing_of(shift))
    if follows is None or shift.cancelled_at is not None:
        await close_cover(session, cover, shift, "lapsed", now)
        return
    await _ask(session, cover, shift, follows, now, before=step)
    await _record(session, cover, "move-cover", SYSTEM, now)


async def close_cover(
    session: AsyncSession,
    cover: CoverRequest,
    shift: Shift,
    state: str,
    now: datetime,
    *,
    actor: UUID | str = SYSTEM,
    taken_by: UUID | None = None,
) -> None:
    """Stop asking; of a seat that nobody took over, its holder is told that it is still theirs."""
    cover.state, cover.closed_at = state, now
    await session.flush()
    if state == "lapsed" and cover.kind == "asked":
        await tell_holder(session, cover, now)
    await state_cover(session, cover, shift, now)
    await _record(session, cover, "close-cover", actor, now, taken_by=taken_by)


async def tell_holder(session: AsyncSession, cover: CoverRequest, now: datetime) -> None:
    """Tell a holder of this node that the seat stayed theirs."""
    person_id = await session.scalar(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == cover.claim_id, Claim.state == "held")
    )
    if person_id is not None:
        await notify(session, person_id=person_id, code="cover-lapsed", text=STILL_YOURS, now=now)


async def _watch(session: AsyncSession, seat_id: UUID, *, watched: bool) -> None:
    await session.execute(update(Seat).where(Seat.id == seat_id).values(watched=watched))


async def state_cover(
    session: AsyncSession, cover: CoverRequest, shift: Shift, now: datetime
) -> None:
    """Tell partners: from its second step on all members, and always the home of whose seat it was.

    Members learn that a seat is to be covered, never whose it is.
    """
    stated: dict[str, Any] = {
        "cover": str(cover.id),
        "seat": str(cover.seat_id),
        "kind": cover.kind,
        "step": cover.step,
        "state": cover.state,
        "until": cover.until.isoformat(),
    }
    stated = await in_term(session, shift.pool_id, stated)
    if cover.step != OWN_PROJECT:
        await append(session, "pool/shifts", str(shift.pool_id), "cover.stated", stated, now=now)
    home = await session.scalar(select(Project.node).where(Project.id == cover.project_id))
    if home is not None:
        whose = {"claim": str(cover.claim_id), "project": str(cover.project_id)}
        await append(session, "private", home, "cover.stated", stated | whose, now=now)


async def _record(
    session: AsyncSession,
    cover: CoverRequest,
    verb: str,
    actor: UUID | str,
    now: datetime,
    *,
    taken_by: UUID | None = None,
) -> None:
    facts = {"seat": str(cover.seat_id), "step": cover.step, "state": cover.state}
    if taken_by is not None:
        facts["taken_by"] = str(taken_by)
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="cover",
        subject_id=cover.id,
        now=now,
        facts=facts,
    )
