"""A claim waits at home for the yes of a coordinator of the worker's own project."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.errors import Reason
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.people.queries import coordinators_of
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.bookings.actions import book
from rota.bookings.rules import Stay
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.consent.models import Consent
from rota.shifts.models import Shift

CONSENT_EXPIRY = "consent-expiry"
LONGEST_WAIT = timedelta(hours=24)
BEFORE_BRIEFING = timedelta(hours=2)
"""An hour more than a host needs, so that it can still be asked after the yes."""
TOO_LATE = Reason(
    "too-late-for-consent",
    "In this pool your coordinator has to agree, and it begins too soon for that. Call them.",
)
ASKED = "Somebody of your project asks for your yes. Please look at the board."


def needs_consent(pool: Pool, asker: Asker, worker: str | None) -> bool:
    """Tell whether a claim needs a coordinator's yes; one that a coordinator makes has it."""
    return pool.consent_needed and worker is None and not asker.has("coordinator")


async def wait_for_consent(
    session: AsyncSession,
    claim: Claim,
    handle: Handle,
    shift: Shift,
    stay: Stay,
    now: datetime,
    *,
    cover_id: UUID | None = None,
) -> None:
    """Keep the worker's time and ask the coordinators; nobody else hears of the claim so far."""
    briefing = shift.starts - timedelta(minutes=shift.briefing_minutes)
    until = min(now + LONGEST_WAIT, briefing - BEFORE_BRIEFING)
    if until <= now:
        raise ClaimRefused(reasons=(TOO_LATE,))
    claim.answer_by = until
    session.add(claim)
    await session.flush()
    if handle.person_id is not None:
        await book(session, handle.person_id, claim.id, stay)
    await ask_coordinators(session, claim, handle, until, now, cover_id=cover_id)


async def ask_coordinators(
    session: AsyncSession,
    claim: Claim,
    handle: Handle,
    until: datetime,
    now: datetime,
    *,
    cover_id: UUID | None = None,
) -> None:
    """Write down that a claim waits, and tell those who may say yes."""
    session.add(
        Consent(
            claim_id=claim.id,
            project_id=handle.project_id,
            state="waiting",
            asked_at=now,
            until=until,
            cover_id=cover_id,
        )
    )
    await session.flush()
    expiry = {"claim": str(claim.id)}
    await put(session, CONSENT_EXPIRY, expiry, now=now, key=str(claim.id), due=until)
    for person_id in await coordinators_of(session, handle.project_id):
        await notify(session, person_id=person_id, code="consent-wanted", text=ASKED, now=now)
