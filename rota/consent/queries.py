from dataclasses import dataclass
from datetime import datetime
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


async def own_waiting(session: AsyncSession, asker: Asker) -> frozenset[UUID]:
    """Give the asker's claims that wait for their coordinator's yes."""
    rows = await session.scalars(
        select(Consent.claim_id)
        .join(Claim, Claim.id == Consent.claim_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(
            Handle.person_id == asker.person_id,
            Consent.state == "waiting",
            Claim.state.in_(WAITING),
        )
    )
    return frozenset(rows)


async def waits_for_consent(session: AsyncSession, claim_id: UUID) -> bool:
    """Tell whether a claim waits for a coordinator, so that no host has heard of it yet."""
    state = await session.scalar(select(Consent.state).where(Consent.claim_id == claim_id))
    return state == "waiting"
