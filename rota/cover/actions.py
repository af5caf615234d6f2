"""At home: a worker asks others to take a seat, and thinks better of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
from federation.pools.terms import in_term
from rota.bookings.actions import lock_person
from rota.claims.models import Claim
from rota.claims.queries import claim_acted_for, lock_claim
from rota.cover.errors import CoverOver, NotHeld, TooLateToAsk
from rota.cover.ladder import briefing_of, close_cover, open_cover
from rota.cover.models import CoverRequest
from rota.cover.rules import first_step
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Shift

LIVE_COVER = ("asked", "open", "withdrawing")


async def ask_for_cover(
    session: AsyncSession, asker: Asker, claim_id: UUID, now: datetime
) -> CoverRequest:
    """Ask others to take one's seat, or that of one of one's own project's people.

    Until somebody else holds it, it stays with its holder. Asking again changes nothing.
    """
    require_write(asker)
    claim, person_id = await claim_acted_for(session, asker, claim_id)
    return await ask_for(session, claim, person_id, asker.person_id, now)


async def ask_for(
    session: AsyncSession, claim: Claim, person_id: UUID, actor: UUID | str, now: datetime
) -> CoverRequest:
    """Ask on behalf of who may: `person_id` holds the seat, `actor` wants others to be asked."""
    await lock_person(session, person_id)
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    if claim.state != "held":
        raise NotHeld
    if now >= briefing_of(shift) or shift.cancelled_at is not None:
        raise TooLateToAsk
    asked = await session.scalar(
        select(CoverRequest).where(
            CoverRequest.claim_id == claim.id, CoverRequest.state.in_(LIVE_COVER)
        )
    )
    if asked is not None:
        return asked
    if claim.decided_here:
        return await open_cover(session, shift, claim, "asked", now, actor=actor)
    return await _ask_host(session, actor, claim, shift, now)


async def _ask_host(
    session: AsyncSession, actor: UUID | str, claim: Claim, shift: Shift, now: datetime
) -> CoverRequest:
    host = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id))
    handle = await session.get_one(Handle, claim.handle_id)
    step = first_step(now, briefing_of(shift))
    cover = CoverRequest(
        id=new_id(),
        seat_id=claim.seat_id,
        claim_id=claim.id,
        project_id=handle.project_id,
        kind="asked",
        step=step.name,
        state="asked",
        decided_here=False,
        until=step.until,
        opened_at=now,
    )
    session.add(cover)
    await session.flush()
    said = {"cover": str(cover.id), "claim": str(claim.id)}
    said = await in_term(session, shift.pool_id, said)
    await append(session, "private", str(host), "cover.asked", said, now=now)
    await _record(session, actor, "ask-for-cover", cover, now)
    return cover


async def withdraw_cover(
    session: AsyncSession, asker: Asker, cover_id: UUID, now: datetime
) -> CoverRequest:
    """Ask nobody any more; where another node decides, it may have given the seat away already."""
    require_write(asker)
    cover = await session.get(CoverRequest, cover_id)
    if cover is None or cover.claim_id is None:
        raise NotFound
    _claim, person_id = await claim_acted_for(session, asker, cover.claim_id)
    await lock_person(session, person_id)
    shift = await lock_shift_of(session, cover.seat_id)
    await session.refresh(cover, with_for_update={"key_share": True})
    if cover.kind != "asked" or cover.state not in {"asked", "open"}:
        raise CoverOver
    if cover.decided_here:
        await close_cover(session, cover, shift, "withdrawn", now, actor=asker.person_id)
        return cover
    cover.state = "withdrawing"
    await session.flush()
    host = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id))
    said = {"cover": str(cover.id)}
    await append(session, "private", str(host), "cover.withdrawn", said, now=now)
    await _record(session, asker.person_id, "withdraw-cover", cover, now)
    return cover


async def _record(
    session: AsyncSession, actor: UUID | str, verb: str, cover: CoverRequest, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="cover",
        subject_id=cover.id,
        now=now,
        facts={"seat": str(cover.seat_id)},
    )
