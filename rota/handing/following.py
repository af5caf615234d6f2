"""A home follows a pool to its new host: it says there all that its people hold and wish."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.handing.queries import lost_before
from federation.handing.terms import Change
from federation.people.models import Handle
from federation.pools.announce import handle_facts, member_facts
from federation.pools.models import Pool, PoolMember
from federation.pools.terms import in_term
from federation.projects.models import Project
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.consent.models import Consent
from rota.cover.models import CoverRequest
from rota.handing.contents import in_parts
from rota.handing.wishes import end_own_offers, end_taken_back, forget_copies
from rota.reentry.answering import facts_of, sessions_ahead, times_of
from rota.shifts.models import Seat, Shift
from rota.swaps.models import SwapOffer
from rota.swaps.stating import as_offered
from rota.waiting.models import WaitingEntry

CLAIMS = "claims.stated"
Ours = tuple[Claim, UUID, Range[datetime] | None]
"""A claim of our people, of which project, and when their time is kept."""


async def follow(session: AsyncSession, change: Change, own_id: str, now: datetime) -> None:
    """Say to a pool's new host what this node says to its hosts, from the beginning."""
    host, pool_id = change.document.host, change.pool.id
    await session.execute(
        select(Shift.id)
        .where(Shift.pool_id == pool_id, Shift.ends > now)
        .order_by(Shift.id)
        .with_for_update(key_share=True)
    )
    await forget_copies(session, pool_id, now)
    await end_taken_back(session, pool_id, now)
    await end_own_offers(session, pool_id, now)
    await _say_members_and_handles(session, host, pool_id, now)
    ours = await _our_claims(session, pool_id, now)
    # a host that was lost may hear of several hosts at once, of whom the last has to know as well
    lost = await lost_before(session, pool_id, own_id)
    says_sessions = change.after_loss or lost is not None
    await _say_claims(session, change, ours, now, says_sessions=says_sessions)
    for claim, _project, during in ours:
        await _ask_again(session, host, claim, during, now)
    await _say_wishes(session, host, pool_id, now)
    await session.execute(
        update(Handle)
        .where(Handle.pool_id == pool_id, Handle.person_id.is_not(None))
        .values(offers_hash=None)
    )
    await put(session, "offers", {}, now=now, key="all")


async def _say_members_and_handles(
    session: AsyncSession, host: str, pool_id: UUID, now: datetime
) -> None:
    members = await session.execute(
        select(Project, PoolMember)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id, Project.node.is_(None))
        .order_by(Project.id)
    )
    for project, member in members.all():
        said = {"pool": str(pool_id), **member_facts(project, member)}
        await append(session, PRIVATE, host, "member.joined", said, now=now)
    handles = await session.scalars(
        select(Handle)
        .where(Handle.pool_id == pool_id, Handle.person_id.is_not(None))
        .order_by(Handle.id)
    )
    for handle in handles.all():
        await append(session, PRIVATE, host, "handle.stated", handle_facts(handle), now=now)


async def _our_claims(session: AsyncSession, pool_id: UUID, now: datetime) -> list[Ours]:
    """List our people's claims on sessions to come, but those of which no host has heard."""
    rows = await session.execute(
        select(Claim, Handle.project_id, Booking.during)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(Booking, (Booking.claim_id == Claim.id) & Booking.active)
        .outerjoin(Consent, (Consent.claim_id == Claim.id) & (Consent.state != "given"))
        .where(
            Shift.pool_id == pool_id,
            Handle.person_id.is_not(None),
            Shift.ends > now,
            Consent.claim_id.is_(None),
        )
        .order_by(Claim.id)
    )
    return [(claim, project, during) for claim, project, during in rows]


async def _say_claims(
    session: AsyncSession,
    change: Change,
    ours: list[Ours],
    now: datetime,
    *,
    says_sessions: bool,
) -> None:
    said = [
        ("claims", facts_of(claim, project) | times_of(during)) for claim, project, during in ours
    ]
    if says_sessions:
        known = await sessions_ahead(session, Pool.id == change.pool.id, now)
        said += [("sessions", shift) for _pool, shift in known]
    parts = list(in_parts(said))
    for number, part in enumerate(parts):
        payload: dict[str, Any] = {
            "pool": str(change.pool.id),
            "term": change.document.term,
            "part": number,
            "last": number == len(parts) - 1,
            "claims": part.get("claims", []),
            "sessions": part.get("sessions", []),
        }
        await append(session, PRIVATE, change.document.host, CLAIMS, payload, now=now)


async def _ask_again(
    session: AsyncSession, host: str, claim: Claim, during: Range[datetime] | None, now: datetime
) -> None:
    """Ask the new host for what was asked of the old one, or say yes to it for the time kept."""
    if claim.state not in LIVE or (claim.instead_of is not None and claim.state == "requested"):
        return
    ours = claim.origin == "worker" or claim.asked_by is not None
    if claim.state == "requested" and ours:
        asked = {
            "claim": str(claim.id),
            "seat": str(claim.seat_id),
            "handle": str(claim.handle_id),
            "answer_by": claim.answer_by.isoformat(),
        }
        await append(session, PRIVATE, host, "claim.requested", asked, now=now)
    elif times := times_of(during):
        yes = {"claim": str(claim.id), "yes": True, **times}
        await append(session, PRIVATE, host, "proposal.answered", yes, now=now)


async def _say_wishes(session: AsyncSession, host: str, pool_id: UUID, now: datetime) -> None:
    """Say again who asks for cover, offers a seat or waits for one."""
    seats = (
        select(Seat.id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.pool_id == pool_id, Shift.starts > now)
    )
    own = select(Handle.id).where(Handle.pool_id == pool_id, Handle.person_id.is_not(None))
    held = select(Claim.id).where(Claim.handle_id.in_(own), Claim.state == "held")
    covers = await session.scalars(
        select(CoverRequest)
        .where(
            CoverRequest.seat_id.in_(seats),
            CoverRequest.claim_id.in_(held),
            CoverRequest.kind == "asked",
            CoverRequest.state.in_(("asked", "open")),
        )
        .order_by(CoverRequest.id)
    )
    for cover in covers.all():
        said = {"cover": str(cover.id), "claim": str(cover.claim_id)}
        said = await in_term(session, pool_id, said)
        await append(session, PRIVATE, host, "cover.asked", said, now=now)
    offers = await session.scalars(
        select(SwapOffer)
        .where(SwapOffer.claim_id.in_(held), SwapOffer.state == "open", SwapOffer.expires_at > now)
        .order_by(SwapOffer.id)
    )
    for offer in offers.all():
        offered = await as_offered(session, offer)
        await append(session, PRIVATE, host, "swap.offered", offered, now=now)
    waiting = await session.scalars(
        select(WaitingEntry)
        .where(
            WaitingEntry.seat_id.in_(seats),
            WaitingEntry.handle_id.in_(own),
            WaitingEntry.state == "waiting",
        )
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
    )
    for entry in waiting.all():
        named = {"entry": str(entry.id), "seat": str(entry.seat_id)}
        named["handle"] = str(entry.handle_id)
        named = await in_term(session, pool_id, named)
        await append(session, PRIVATE, host, "waiting.joined", named, now=now)
