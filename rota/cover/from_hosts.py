"""What a node does with a host's words about cover: kept beside the copy of the shift."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.stated import Moment
from federation.pools.terms import Term
from rota.claims.models import Claim
from rota.cover.ladder import CLOSED, tell_holder
from rota.cover.models import CoverRequest
from rota.cover.notices import tell_step
from rota.cover.rules import is_later
from rota.shifts.models import Shift
from rota.shifts.queries import shift_at_host


class CoverStated(msgspec.Struct, frozen=True):
    """How a request for cover stands; whose seat it is, only in a private feed."""

    cover: UUID
    seat: UUID
    kind: Literal["asked", "vacated"]
    step: Literal["own-project", "partners", "coordinator"]
    state: Literal["open", "covered", "withdrawn", "lapsed"]
    until: Moment
    claim: UUID | None = None
    project: UUID | None = None
    term: Term | None = None


async def receive_cover(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, *, pool: UUID | None
) -> None:
    """Keep how a request stands and tell those of this node whom its step asks.

    `pool` is the pool in whose feed it was said; None in a private one, which may also say whose
    seat it is. Two feeds may say the same, in any order: no word moves a request back.
    """
    stated = msgspec.convert(payload, CoverStated)
    shift = await shift_at_host(session, stated.seat, host, pool=pool)
    if shift is None:
        raise NotHereYet
    whose = await _whose(session, stated, host) if pool is None else (None, None)
    cover = await session.get(CoverRequest, stated.cover, with_for_update={"key_share": True})
    if cover is None:
        cover = CoverRequest(
            id=stated.cover,
            seat_id=stated.seat,
            claim_id=whose[0],
            project_id=whose[1],
            kind=stated.kind,
            step=stated.step,
            state="asked",
            decided_here=False,
            until=stated.until,
            opened_at=now,
        )
        session.add(cover)
    elif cover.decided_here or cover.seat_id != stated.seat:
        raise NotFound
    elif cover.claim_id is None:
        cover.claim_id, cover.project_id = whose
    await _follow(session, host, cover, shift, stated, now)


async def _follow(
    session: AsyncSession,
    host: str,
    cover: CoverRequest,
    shift: Shift,
    stated: CoverStated,
    now: datetime,
) -> None:
    if cover.state in CLOSED:
        return
    before = cover.step if cover.state in {"open", "withdrawing"} else None
    if stated.state in CLOSED:
        cover.state, cover.closed_at = stated.state, now
        await session.flush()
        if stated.state == "lapsed" and before is not None and cover.kind == "asked":
            await tell_holder(session, cover, now)
    elif before is None or not is_later(before, stated.step):
        if stated.kind == "vacated" or before is None:
            # what was given up is never held again: the other feed may say so later
            cover.kind = stated.kind
        cover.step, cover.until = stated.step, stated.until
        cover.state = "open" if before is None else cover.state
        await session.flush()
        await tell_step(session, cover, shift, now, before=before)
    await record(
        session,
        actor=host,
        verb="receive-cover",
        subject="cover",
        subject_id=cover.id,
        now=now,
        facts={"step": cover.step, "state": cover.state},
    )


async def _whose(session: AsyncSession, stated: CoverStated, host: str) -> tuple[UUID, UUID]:
    """Check that the seat is, or was, one of ours; give the claim and its project."""
    project_id = await session.scalar(
        select(Handle.project_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(
            Claim.id == stated.claim,
            Claim.seat_id == stated.seat,
            Handle.person_id.is_not(None),
            Pool.host == host,
        )
    )
    if stated.claim is None:
        raise NotFound
    if project_id is None:
        # of a seat of a shift that was divided, the claim may come later than the news of it
        known = await session.get(Claim, stated.claim) is not None
        raise NotFound if known else NotHereYet
    return stated.claim, project_id
