from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel
from rota.claims.models import Claim
from rota.claims.queries import WAITING
from rota.consent.models import Consent
from rota.shifts.models import Seat, Shift

MOST_SHOWN = 200
SHOWN_FOR = timedelta(days=3)
MOST_REFUSED = 20


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """A claim that waits for a coordinator's yes: whose, for which seat, until when."""

    consent: Consent
    handle: str
    seat: Seat
    shift: Shift
    channel: Channel


async def consents_wanted(
    session: AsyncSession, asker: Asker, now: datetime, *, pool_id: UUID | None = None
) -> list[ConsentSeen]:
    """List what waits for a yes in the asker's own project, what ends first at the top."""
    require_role(asker, "coordinator")
    query = (
        select(Consent, Handle.display, Seat, Shift, Channel)
        .join(Claim, Claim.id == Consent.claim_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            Consent.project_id == asker.project_id,
            Consent.state == "waiting",
            Consent.until > now,
            Claim.state.in_(WAITING),
        )
        .order_by(Consent.until, Consent.claim_id)
        .limit(MOST_SHOWN)
    )
    if pool_id is not None:
        query = query.where(Shift.pool_id == pool_id)
    rows = await session.execute(query)
    return [
        ConsentSeen(consent, handle, seat, shift, channel)
        for consent, handle, seat, shift, channel in rows
    ]


@dataclass(frozen=True, slots=True)
class OwnWishes:
    """The asker's claims that wait for their coordinator's yes, and those that came to nothing."""

    waiting: frozenset[UUID]
    refused: list[tuple[Claim, Shift]]


async def own_wishes(session: AsyncSession, asker: Asker, now: datetime) -> OwnWishes:
    """Tell what waits for a coordinator's yes, and what was lately refused, the newest first."""
    waits = (Consent.state == "waiting") & Claim.state.in_(WAITING)
    refused = (
        (Claim.state == "refused")
        & Claim.origin.not_in(("plan", "exchange"))
        & (Claim.ended_at > now - SHOWN_FOR)
        & (Shift.starts > now)
    )
    rows = await session.execute(
        select(Claim, Shift)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(Consent, Consent.claim_id == Claim.id)
        .where(Handle.person_id == asker.person_id, waits | refused)
        .order_by(Claim.ended_at.desc(), Claim.id.desc())
    )
    found = [(claim, shift) for claim, shift in rows]
    return OwnWishes(
        frozenset(claim.id for claim, _ in found if claim.state in WAITING),
        [one for one in found if one[0].state == "refused"][:MOST_REFUSED],
    )


async def waits_for_consent(session: AsyncSession, claim_id: UUID) -> bool:
    """Tell whether a claim waits for a coordinator, so that no host has heard of it yet."""
    state = await session.scalar(select(Consent.state).where(Consent.claim_id == claim_id))
    return state == "waiting"
