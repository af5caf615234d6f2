"""A partner was restored from a backup: it is told all that concerns both, as it stands here."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotHereYet
from federation.feeds.actions import append
from federation.handing.queries import agreed_with
from federation.people.models import Handle
from federation.pools.models import Channel, Pool
from federation.pools.stated import written
from federation.projects.models import Project
from federation.restoring.actions import ask_again
from federation.restoring.queries import is_restoring
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.consent.models import Consent
from rota.reentry.stated import RestoreAsked
from rota.shifts.announce import COPIED
from rota.shifts.models import Seat, Shift
from rota.sign_up.from_homes import Sign, receipt_of

ANSWERED = "restore.answered"
A_PART = 100
Entry = tuple[str, dict[str, Any]]


async def receive_asked(
    session: AsyncSession, node_id: str, payload: dict[str, Any], now: datetime, sign: Sign
) -> None:
    """Answer a restored partner in its private feed, in parts that any node can read.

    Of a pool that it has handed to this node, this node knows only once it has taken it.
    """
    asked = msgspec.convert(payload, RestoreAsked)
    if await agreed_with(session, node_id):
        raise NotHereYet
    entries = [
        *[("ours", each) for each in await _claims_there(session, node_id, now)],
        *[("yours", each) for each in await _claims_here(session, node_id, now, sign)],
        *[
            ("sessions", {"pool": str(pool), "shift": shift})
            for pool, shift in await sessions_ahead(session, Pool.host == node_id, now)
        ],
    ]
    restoring = await is_restoring(session)
    parts = list(_parts(entries))
    for number, part in enumerate(parts):
        said: dict[str, Any] = {
            "restore": str(asked.restore),
            "part": number,
            "last": number == len(parts) - 1,
            "restoring": restoring,
            **part,
        }
        await append(session, "private", node_id, ANSWERED, said, now=now)
    await ask_again(session, node_id, now)
    await record(
        session,
        actor=node_id,
        verb="answer-restore",
        subject="partner",
        subject_id=None,
        now=now,
        facts={"restore": str(asked.restore), "entries": len(entries)},
    )


def _parts(entries: Sequence[Entry]) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """Divide what is said; nothing to say is one part as well."""
    for begin in range(0, max(len(entries), 1), A_PART):
        part: dict[str, list[dict[str, Any]]] = {}
        for name, entry in entries[begin : begin + A_PART]:
            part.setdefault(name, []).append(entry)
        yield part


async def _claims_there(session: AsyncSession, host: str, now: datetime) -> list[dict[str, Any]]:
    """List our people's claims in pools of the restored node, but those that it never heard of."""
    rows = await session.execute(
        select(Claim, Handle.project_id, Booking.during)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .outerjoin(Booking, (Booking.claim_id == Claim.id) & Booking.active)
        .outerjoin(Consent, (Consent.claim_id == Claim.id) & (Consent.state != "given"))
        .where(
            Pool.host == host,
            Handle.person_id.is_not(None),
            Shift.ends > now,
            Consent.claim_id.is_(None),
        )
        .order_by(Claim.id)
    )
    return [facts_of(claim, project) | times_of(during) for claim, project, during in rows]


async def _claims_here(
    session: AsyncSession, home: str, now: datetime, sign: Sign
) -> list[dict[str, Any]]:
    """List the claims of the restored node's people in our pools; what is held has a receipt."""
    rows = await session.execute(
        select(Claim, Handle.project_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Project.node == home, Claim.decided_here, Shift.ends > now)
        .order_by(Claim.id)
    )
    told = []
    for claim, project in rows:
        if claim.state == "held" and claim.receipt is None:
            receipt_of(claim, now, sign)
        told.append(facts_of(claim, project) | {"moved": claim.moved_at is not None})
    return told


def facts_of(claim: Claim, project: UUID) -> dict[str, Any]:
    """Write a claim down as it stands here."""
    return {
        "claim": str(claim.id),
        "seat": str(claim.seat_id),
        "handle": str(claim.handle_id),
        "project": str(project),
        "state": claim.state,
        "origin": claim.origin,
        "made_at": claim.made_at.isoformat(),
        "answer_by": claim.answer_by.isoformat(),
        "receipt": claim.receipt,
        "instead_of": str(claim.instead_of) if claim.instead_of else None,
    }


def times_of(during: Range[datetime] | None) -> dict[str, Any]:
    """Write down from when to when somebody's time is kept, if it is."""
    if during is None or during.lower is None or during.upper is None:
        return {}
    return {"begins": during.lower.isoformat(), "ends": during.upper.isoformat()}


async def sessions_ahead(
    session: AsyncSession, of: ColumnElement[bool], now: datetime
) -> list[tuple[UUID, dict[str, Any]]]:
    """List the sessions to come of these pools, each with its pool, as their host stated them."""
    rows = await session.execute(
        select(Shift, Channel.slug)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(of, Shift.ends > now)
        .order_by(Shift.id)
    )
    shifts = [(shift, channel) for shift, channel in rows]
    seats: dict[UUID, list[dict[str, str]]] = {shift.id: [] for shift, _ in shifts}
    found = await session.scalars(
        select(Seat).where(Seat.shift_id.in_(list(seats))).order_by(Seat.id)
    )
    for seat in found:
        seats[seat.shift_id].append({"id": str(seat.id), "role": seat.role, "state": seat.state})
    return [(shift.pool_id, _stated(shift, channel, seats[shift.id])) for shift, channel in shifts]


def _stated(shift: Shift, channel: str, seats: list[dict[str, str]]) -> dict[str, Any]:
    return {
        **{name: getattr(shift, name) for name in COPIED},
        "id": str(shift.id),
        "channel": channel,
        "starts": shift.starts.isoformat(),
        "ends": shift.ends.isoformat(),
        "cancelled": shift.cancelled_at is not None,
        "demand": written(shift.demand),
        "seats": seats,
    }
