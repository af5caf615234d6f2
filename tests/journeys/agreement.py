"""What two nodes say about the same claims, and whether it fits together."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from federation.feeds.models import Feed, FeedCursor, FeedEvent, SetAsideEvent
from federation.people.models import Handle
from federation.projects.models import Project
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.shifts.models import Seat

LIVE = frozenset({"requested", "proposed", "held"})
ENDINGS = ("claim.ended", "claim.answered", "exchange.answered")


class Standing(NamedTuple):
    """How one node sees a claim."""

    seat: UUID
    state: str


@dataclass(frozen=True)
class Book:
    """All that one node knows of claims across the two, its bookings, and what was said unheard."""

    claims: dict[UUID, Standing]
    kept: Counter[UUID]
    booked: frozenset[UUID]
    own: frozenset[UUID]
    seats: dict[UUID, str]
    set_aside: tuple[str, ...]


async def read_book(engine: AsyncEngine, other: str) -> Book:
    """Read a node's side: `own` are claims of its own people, `claims` those it shares."""
    async with door(engine) as session:
        rows = (
            await session.execute(
                select(
                    Claim.id,
                    Claim.seat_id,
                    Claim.state,
                    Claim.decided_here,
                    Handle.person_id,
                    Project.node,
                )
                .join(Handle, Handle.id == Claim.handle_id)
                .join(Project, Project.id == Handle.project_id)
            )
        ).all()
        booked = await session.scalars(select(Booking.claim_id).where(Booking.active))
        seats = await session.execute(select(Seat.id, Seat.state))
        aside = await session.execute(select(SetAsideEvent.kind, SetAsideEvent.detail))
        return Book(
            claims={
                row.id: Standing(row.seat_id, row.state)
                for row in rows
                if not row.decided_here or row.node == other
            },
            kept=Counter(
                row.seat_id
                for row in rows
                if row.decided_here and row.state in {"held", "proposed"}
            ),
            booked=frozenset(booked),
            own=frozenset(
                row.id
                for row in rows
                if row.person_id is not None and row.state in LIVE - {"proposed"}
            ),
            seats=dict(seats.all()),
            set_aside=tuple(f"{kind} {detail}" for kind, detail in aside),
        )


async def unheard(writer: AsyncEngine, reader: AsyncEngine, reader_id: str) -> set[tuple[str, str]]:
    """Give kind and claim of what is said in the private feed and not read, or was set aside."""
    async with door(reader) as session:
        rows = await session.execute(select(FeedCursor.feed_id, FeedCursor.epoch, FeedCursor.seq))
        places = {(feed, epoch): seq for feed, epoch, seq in rows}
        parked = list(await session.scalars(select(SetAsideEvent.payload)))
    async with door(writer) as session:
        said = await session.execute(
            select(
                FeedEvent.feed_id, FeedEvent.epoch, FeedEvent.seq, FeedEvent.payload, FeedEvent.kind
            )
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.kind == "private", Feed.subject == reader_id)
        )
        return {
            (kind, claim)
            for feed, epoch, seq, payload, kind in said
            for claim in _claims_in(payload)
            if seq > places.get((feed, epoch), 0) or payload in parked
        }


def _claims_in(payload: Any) -> list[str]:
    """Name what an event is about: one claim, or in an exchange the one got and the one given."""
    said = json.loads(payload) if payload else {}
    return [str(said.get("claim")), *([said["gave"]] if said.get("gave") else [])]


async def disagreements(
    host: AsyncEngine, home: AsyncEngine, host_id: str, home_id: str, *, quiet: bool
) -> list[str]:
    """Say everything that does not fit; `quiet` if nothing is under way any more."""
    at_host, at_home = await read_book(host, home_id), await read_book(home, host_id)
    to_host = await unheard(home, host, host_id)
    to_home = await unheard(host, home, home_id)
    found = [
        f"seat {seat} is kept {times} times" for seat, times in at_host.kept.items() if times > 1
    ]
    for name, book in (("host", at_host), ("home", at_home)):
        if book.booked != book.own:
            found.append(f"{name}: bookings and live claims differ: {book.booked ^ book.own}")
    for claim, (_, state) in at_home.claims.items():
        there = at_host.claims.get(claim)
        ended = {(kind, str(claim)) for kind in ENDINGS} & to_home
        if state == "held" and (there is None or there.state != "held") and not ended:
            found.append(f"{claim} is held at home, {there and there.state} at the host")
    for claim, (_, state) in at_host.claims.items():
        here = at_home.claims.get(claim)
        coming = {kind for kind, about in to_home if about == str(claim)}
        cancelled = ("claim.cancelled", str(claim)) in to_host
        if state == "held" and not (
            (here and (here.state == "held" or (here.state == "requested" and coming)))
            or cancelled
            or "exchange.answered" in coming
        ):
            found.append(f"{claim} is held at the host, {here and here.state} at home")
    if quiet:
        found += _not_at_rest(at_host, at_home)
        found += [f"still unheard: {said}" for said in (to_host | to_home)]
    return found


def _not_at_rest(at_host: Book, at_home: Book) -> list[str]:
    found = []
    for claim in at_host.claims.keys() | at_home.claims.keys():
        here, there = at_home.claims.get(claim), at_host.claims.get(claim)
        held = {side is not None and side.state == "held" for side in (here, there)}
        waiting = {side.state for side in (here, there) if side} & {"requested", "proposed"}
        if len(held) > 1 or waiting:
            found.append(f"{claim}: home {here}, host {there}")
    for seat in sorted(at_host.seats.keys() | at_home.seats.keys()):
        states = at_host.seats.get(seat), at_home.seats.get(seat)
        if states[0] != states[1]:
            found.append(f"seat {seat}: {states[0]} at the host, {states[1]} at home")
    found += [f"set aside: {said}" for said in at_host.set_aside + at_home.set_aside]
    return found
