"""What must hold on every node after every step, and on all of them once nothing is under way."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.session import door
from federation.feeds.models import FeedEvent
from federation.handing.queries import still_waits, taken_since
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.restoring.queries import current_restore, is_restoring
from rota.board.marks import mark_of_board
from rota.board.queries import board
from rota.bookings.models import Booking
from rota.bookings.queries import wish_for
from rota.claims.models import Claim
from rota.handing.leaving import CONTENTS
from rota.seats.rules import COUNTED
from rota.shifts.models import Seat, Shift
from tests.rota.standing_swaps import halves_wrong, left_over
from tests.rota.station import Station
from tests.rota.three_nodes import ThreeNodes
from tests.rota.world import NOW

BOOKED = ("requested", "held")


async def standing_wrong(nodes: ThreeNodes) -> list[str]:
    """Name everything that must never be, whatever is still under way."""
    found = []
    for station in nodes.all:
        async with door(station.engine) as session:
            found += [f"{station.name}: {each}" for each in await wrong_on_one(session)]
        found += await _changed_unseen(station, nodes.people[station.name][0].asker)
        found += station.wrong
        found += await _granted_while_restoring(station, nodes)
    return found


async def _changed_unseen(station: Station, whose: Asker) -> list[str]:
    """Find what a board shows otherwise than after the last step, without another mark."""
    # one who has no seat: people leave while a story is told
    coordinator = replace(whose, person_id=UUID(int=0), roles=frozenset({"coordinator"}))
    always = NOW - timedelta(days=400), NOW + timedelta(days=400)
    async with door(station.engine) as session:
        pool = (await session.scalars(select(Pool))).one()
        mark = await mark_of_board(session, pool.id)
        seen = await board(session, coordinator, pool, *always, NOW)
    now: tuple[str, list[tuple[object, ...]]] = (
        mark,
        [(each.shift.id, each.shift.starts, each.shift.open, each.seats) for each in seen],
    )
    before, station.shown = station.shown or now, now
    unseen = before[0] == now[0] and before[1] != now[1]
    return [f"{station.name}: a board is marked as before: {before}, {now}"] if unseen else []


async def _granted_while_restoring(station: Station, nodes: ThreeNodes) -> list[str]:
    """Find what a node granted before it knew what it had granted already.

    What an old host has granted and handed over is not granted by this one.
    """
    async with door(station.engine) as session:
        if not await is_restoring(session):
            return []
    handed = {each for other in nodes.all if other is not station for each in await _handed(other)}
    known = handed | {claim for claim, _ in station.restored_with}
    held = handed | {claim for claim, state in station.restored_with if state == "held"}
    return [
        f"{station.name} is restoring, and {claim} is {state}"
        for claim, state in await station.live_claims()
        if claim not in known or (state == "held" and claim not in held)
    ]


async def _handed(station: Station) -> set[UUID]:
    """Name the claims that a node has handed over with a pool as held."""
    async with door(station.engine) as session:
        rows = await session.scalars(select(FeedEvent.payload).where(FeedEvent.kind == CONTENTS))
        said = [msgspec.json.decode(payload or b"") for payload in rows]
    claims = [claim for part in said for claim in part.get("claims", [])]
    return {UUID(claim["claim"]) for claim in claims if claim["state"] == "held"}


async def wrong_on_one(session: AsyncSession) -> list[str]:
    """Name what must never be on any single node."""
    return [
        *await _double_bookings(session),
        *await _bookings_without_claims(session),
        *await halves_wrong(session),
        *await _where_it_is_decided(session),
    ]


async def _where_it_is_decided(session: AsyncSession) -> list[str]:
    """Look at a host's seats; who hosts no pool, or no longer, decides of none.

    Who takes a pool over shows seats as they were until all have said what they hold, or it has
    ended its own restore.
    """
    pool = (await session.scalars(select(Pool))).one()
    if pool.host is None:
        restore = await current_restore(session)
        taken = await taken_since(session, restore.restored_at) if restore else ()
        settles = pool.id in taken or await still_waits(session, pool.id)
        return [] if settles else await _at_the_host(session)
    decided = Claim.decided_here & Claim.state.in_(("requested", "proposed", "held"))
    return [
        f"{each} is decided here" for each in await session.scalars(select(Claim.id).where(decided))
    ]


async def _double_bookings(session: AsyncSession) -> list[str]:
    """Find two bookings at one time; only what is asked for may lie over what is given for it."""
    one, other = aliased(Booking), aliased(Booking)
    first, second = aliased(Claim), aliased(Claim)
    rows = await session.execute(
        select(one.person_id, one.during, other.during)
        .join(other, (other.person_id == one.person_id) & (other.id > one.id))
        .join(first, first.id == one.claim_id)
        .join(second, second.id == other.claim_id)
        .where(
            first.instead_of.is_distinct_from(second.id) | (first.state != "requested"),
            second.instead_of.is_distinct_from(first.id) | (second.state != "requested"),
            one.active,
            other.active,
            ~(one.on_call & other.on_call),
            one.during.overlaps(other.during),
        )
    )
    return [f"{person} is booked twice: {first}, {second}" for person, first, second in rows]


async def _bookings_without_claims(session: AsyncSession) -> list[str]:
    booked = set(await session.scalars(select(Booking.claim_id).where(Booking.active)))
    rows = await session.scalars(
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Handle.person_id.is_not(None), Claim.state.in_(BOOKED))
    )
    return [f"booking or claim alone: {claim}" for claim in booked ^ set(rows)]


async def _at_the_host(session: AsyncSession) -> list[str]:
    """Look at holders, seat states and open hours where they are decided."""
    kept = await session.execute(
        select(Claim.seat_id, Claim.state).where(
            Claim.decided_here, Claim.state.in_(("proposed", "held"))
        )
    )
    by_seat: dict[UUID, list[str]] = defaultdict(list)
    for seat_id, claim_state in kept:
        by_seat[seat_id].append(claim_state)
    wrong = [f"seat {seat} is kept {states}" for seat, states in by_seat.items() if states[1:]]
    rows = (await session.execute(select(Shift, Seat).join(Seat, Seat.shift_id == Shift.id))).all()
    held: dict[UUID, Counter[str]] = defaultdict(Counter)
    for shift, seat in rows:
        state = by_seat.get(seat.id, ["open"])[0]
        if seat.state != state:
            wrong.append(f"seat {seat.id} shows {seat.state}, its claim says {state}")
        held[shift.id][seat.role] += state == "held"
    for shift in {shift.id: shift for shift, _seat in rows}.values():
        workers = sum(held[shift.id][role] for role in COUNTED)
        minimum = (
            workers >= shift.minimum_workers
            and held[shift.id]["supervisor"] >= shift.minimum_supervisors
            and shift.cancelled_at is None
        )
        if shift.open != minimum:
            wrong.append(f"shift {shift.id} is shown open: {shift.open}, has minimum: {minimum}")
    return wrong


async def resting_wrong(nodes: ThreeNodes) -> list[str]:
    """Name what home and host say differently although everything has been delivered."""
    found = await standing_wrong(nodes)
    at_host = await _claims(nodes.host)
    for home in nodes.homes:
        at_home = await _claims(home)
        mine = {worker.handle for worker in nodes.people[home.name]}
        shared = {claim for claim, (handle, _) in at_host.items() if handle in mine}
        for claim in shared | (at_home.keys() & await _own_claims(home)):
            here, there = at_home.get(claim), at_host.get(claim)
            states = {side[1] for side in (here, there) if side}
            held = [side is not None and side[1] == "held" for side in (here, there)]
            if held[0] != held[1] or states & {"requested", "proposed"}:
                found.append(f"{home.name} says {here}, the host {there} of {claim}")
        found += await _seats_differ(nodes.host, home)
        found += [f"{home.name} still waits to read {said.kind}" for _, said in home.parked]
    for station in nodes.all:
        found += await _wrong_times(station)
    return [*found, *await left_over(nodes)]


async def _claims(station: Station) -> dict[UUID, tuple[UUID, str]]:
    async with door(station.engine) as session:
        rows = await session.execute(select(Claim.id, Claim.handle_id, Claim.state))
        return {claim: (handle, state) for claim, handle, state in rows}


async def _own_claims(home: Station) -> set[UUID]:
    """Name the claims of a node's own people: a host that was keeps what it knew of others."""
    async with door(home.engine) as session:
        own = select(Claim.id).join(Handle, Handle.id == Claim.handle_id)
        rows = await session.scalars(
            own.join(Project, Project.id == Handle.project_id).where(Project.node.is_(None))
        )
        return set(rows)


async def _seats_differ(host: Station, home: Station) -> list[str]:
    said = []
    for station in (host, home):
        async with door(station.engine) as session:
            rows = await session.execute(
                select(Seat.id, Seat.state, Shift.starts, Shift.ends, Shift.open).join(
                    Shift, Shift.id == Seat.shift_id
                )
            )
            said.append({tuple(row) for row in rows})
    return [f"{home.name}, seat: {row}" for row in said[0] ^ said[1]]


async def _wrong_times(station: Station) -> list[str]:
    """Find bookings that are not at the time that their seat takes."""
    async with door(station.engine) as session:
        rows = await session.execute(
            select(Booking.during, Seat.role, Shift)
            .join(Claim, Claim.id == Booking.claim_id)
            .join(Seat, Seat.id == Claim.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Booking.active)
        )
        stays = [(during, wish_for(shift, role).stay) for during, role, shift in rows]
    return [
        f"{station.name}: booked {during}, the seat takes {stay}"
        for during, stay in stays
        if (during.lower, during.upper) != (stay.begins, stay.ends)
    ]
