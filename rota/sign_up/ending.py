"""A claim ends, whoever wants it: time is freed, the seat given back, the other node told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.leaving.actions import tell_given_back
from rota.bookings.actions import free
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.claims.queries import LIVE, lock_claim
from rota.seats.actions import give_up_ahead, lock_shift_of, settle
from rota.shifts.models import Shift
from rota.sign_up.replacing import end_replacing, look_at_exchange


async def end_claim(
    session: AsyncSession,
    claim: Claim,
    state: str,
    now: datetime,
    *,
    only: frozenset[str] = LIVE,
) -> bool:
    """End a live claim: time freed, the seat given back, the other node told; False if it is over.

    The caller has locked the person, where there is one here; shift and claim follow in that order.
    """
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    if claim.state not in only:
        return False
    was_held = claim.state == "held"
    withdraws = claim.state == "requested" and claim.instead_of is not None
    claim.state, claim.ended_at = state, now
    await free(session, claim.id)
    replacing = await end_replacing(session, claim.id, now)
    if claim.decided_here:
        await settle(session, shift, now)
    elif was_held:
        await give_up_ahead(session, shift, claim.seat_id, now)
    for each in replacing:
        await _tell_other_node(session, each, shift, now)
    await _tell_other_node(session, claim, shift, now, withdraws=withdraws)
    person_id = await session.scalar(select(Handle.person_id).where(Handle.id == claim.handle_id))
    if person_id is not None:
        await calendar_changed(session, person_id, now)
    return True


async def _tell_other_node(
    session: AsyncSession, claim: Claim, shift: Shift, now: datetime, *, withdraws: bool = False
) -> None:
    """Tell the other node, if there is one.

    Who `withdraws` from an exchange keeps what they have: was it settled already, it stands.
    """
    if claim.instead_of is not None and claim.decided_here:
        await look_at_exchange(session, claim.id, now)
    if not claim.decided_here:
        host = await session.scalar(select(Pool.host).where(Pool.id == shift.pool_id))
        payload = {"claim": str(claim.id)}
        kind = "exchange.withdrawn" if withdraws else "claim.cancelled"
        await append(session, "private", str(host), kind, payload, now=now)
        await tell_given_back(session, str(host), now)
        return
    home = await session.scalar(
        select(Project.node)
        .join(Handle, Handle.project_id == Project.id)
        .where(Handle.id == claim.handle_id)
    )
    if home is not None:
        payload = {"claim": str(claim.id), "state": claim.state}
        await append(session, "private", home, "claim.ended", payload, now=now)
        await tell_given_back(session, home, now)
