"""Tells seat holders of their session across nodes, and erases it again everywhere."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound, NotHereYet
from federation.feeds.actions import append, erase_content
from federation.feeds.queries import PRIVATE
from federation.partners.rules.canonical import canonical
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.company.alerts import ALERT, ForHomes
from rota.company.models import SessionCompany, SessionTold
from rota.company.queries import company_at_host, window_of
from rota.company.rules import EVENT, Company, as_event, cleaned
from rota.handover.queries import notes_for
from rota.shifts.clock import wind_open_sessions
from rota.shifts.models import Seat, Shift


async def tell_homes(session: AsyncSession, shift: Shift, now: datetime, alerts: ForHomes) -> None:
    """As the host: tell each home of a seat holder what is new; nobody else hears of it.

    A home that no longer has a holder is told that there is nothing, so that it erases the rest.
    """
    seen = window_of(shift, now)
    left = await notes_for(session, shift, now) if seen.details else []
    told, _ = await company_at_host(session, shift, seen, left)
    homes = await _homes(session, shift.id) if seen.handles else set()
    before = {
        each.node_id: each
        for each in await session.scalars(
            select(SessionTold).where(SessionTold.shift_id == shift.id)
        )
    }
    nothing = Company(shift=shift.id)
    for node in sorted(homes | set(before) | set(alerts)):
        for said in alerts.get(node, ()):
            await append(session, PRIVATE, node, ALERT, msgspec.to_builtins(said), now=now)
        if node not in homes and node not in before:
            continue
        content = as_event(told if node in homes else nothing)
        digest = sha256(canonical(content)).digest()
        last = before.get(node)
        if last is not None and last.digest == digest:
            continue
        if last is not None:
            await erase_content(session, PRIVATE, node, EVENT, last.seq)
        seq = await append(session, PRIVATE, node, EVENT, content, now=now)
        await _note(session, shift.id, node, digest, seq)


async def _homes(session: AsyncSession, shift_id: UUID) -> set[str]:
    rows = await session.scalars(
        select(Project.node)
        .join(Handle, Handle.project_id == Project.id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(Seat.shift_id == shift_id, Claim.state == "held", Claim.decided_here)
    )
    return {node for node in rows if node is not None}


async def _note(session: AsyncSession, shift_id: UUID, node: str, digest: bytes, seq: int) -> None:
    facts = {"digest": digest, "seq": seq}
    row = insert(SessionTold).values(shift_id=shift_id, node_id=node, **facts)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[SessionTold.shift_id, SessionTold.node_id], set_=facts
        )
    )


async def tell_again(session: AsyncSession, node_id: str, pool_id: UUID, now: datetime) -> None:
    """As a pool's new host: tell a home once more that did not believe it to be one before."""
    shifts = select(Shift.id).where(Shift.pool_id == pool_id)
    told = await session.scalars(
        update(SessionTold)
        .where(SessionTold.node_id == node_id, SessionTold.shift_id.in_(shifts))
        .values(digest=b"")
        .returning(SessionTold.shift_id)
    )
    await wind_open_sessions(session, Shift.id.in_(told.all()), now)


async def receive_company(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a host tells our seat holders of their session; of others' sessions nothing."""
    told = cleaned(msgspec.convert(payload, Company))
    shift_id = told.shift
    row = (
        await session.execute(
            select(Shift, Pool.host)
            .join(Pool, Pool.id == Shift.pool_id)
            .where(Shift.id == shift_id)
        )
    ).one_or_none()
    if row is None:
        raise NotHereYet
    shift, its_host = row
    if its_host != host:
        raise NotFound
    over = not window_of(shift, now).handles
    if over or not told.companions or not await _somebody_sits_here(session, shift_id):
        await _forget(session, shift_id)
        return
    facts = {"content": as_event(told), "told_at": now}
    new = insert(SessionCompany).values(shift_id=shift_id, **facts)
    await session.execute(
        new.on_conflict_do_update(index_elements=[SessionCompany.shift_id], set_=facts)
    )


async def _somebody_sits_here(session: AsyncSession, shift_id: UUID) -> bool:
    held = await session.scalar(
        select(Claim.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Seat.shift_id == shift_id, Claim.state == "held", Handle.person_id.is_not(None))
        .limit(1)
    )
    return held is not None


async def _forget(session: AsyncSession, shift_id: UUID) -> None:
    await session.execute(delete(SessionCompany).where(SessionCompany.shift_id == shift_id))


async def erase_company(session: AsyncSession, shift_id: UUID) -> None:
    """Erase, after the debrief, what was told of a session: here, and what partners would read."""
    await _forget(session, shift_id)
    told = (
        await session.execute(
            delete(SessionTold)
            .where(SessionTold.shift_id == shift_id)
            .returning(SessionTold.node_id, SessionTold.seq)
        )
    ).all()
    for node, seq in sorted((each.node_id, each.seq) for each in told):
        await erase_content(session, PRIVATE, node, EVENT, seq)
