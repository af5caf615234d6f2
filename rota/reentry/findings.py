"""What a restore left to coordinators: looked at, or a seat of nobody's given back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.permissions.rules import Asker, require_role, require_write
from rota.reentry.models import ReentryFinding

UNKNOWN = "unknown-handle"


async def settle_finding(
    session: AsyncSession, asker: Asker, finding_id: UUID, now: datetime
) -> None:
    """Put something away that needs no more looking at."""
    finding = await _own(session, asker, finding_id)
    finding.settled_at = now
    await _record(session, asker, finding, "settle-finding", now)


async def give_seat_back(
    session: AsyncSession, asker: Asker, finding_id: UUID, now: datetime
) -> None:
    """Give a seat back that is held under a handle of which nobody knows whose it is."""
    finding = await _own(session, asker, finding_id)
    if finding.kind != UNKNOWN or finding.host is None:
        raise NotFound
    finding.settled_at = now
    cancelled = {"claim": str(finding.claim_id)}
    await append(session, "private", finding.host, "claim.cancelled", cancelled, now=now)
    await _record(session, asker, finding, "give-unknown-seat-back", now)


async def _own(session: AsyncSession, asker: Asker, finding_id: UUID) -> ReentryFinding:
    require_write(asker)
    require_role(asker, "coordinator")
    finding = await session.get(ReentryFinding, finding_id, with_for_update=True)
    if finding is None or finding.project_id != asker.project_id or finding.settled_at is not None:
        raise NotFound
    return finding


async def _record(
    session: AsyncSession, asker: Asker, finding: ReentryFinding, verb: str, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="reentry_finding",
        subject_id=finding.id,
        now=now,
        facts={"kind": finding.kind},
    )
