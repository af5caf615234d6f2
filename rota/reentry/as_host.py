"""A restored host enters again what its members' people hold, from the receipts that it signed."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from database.outbox import put
from federation.handing.queries import hosts_of
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.terms import in_term
from federation.projects.models import Project
from rota.bookings.queries import wish_for
from rota.claims.models import CancelledClaim, Claim
from rota.claims.queries import LIVE
from rota.reentry.entering import Reentry, proven
from rota.reentry.stated import StatedClaim
from rota.seats.queries import KEEPS_A_SEAT
from rota.shifts.models import Seat, Shift
from rota.sign_up.from_homes import answer_claim
from rota.swaps.models import AskedExchange

ANSWER_WITHIN = timedelta(hours=72)


async def enter_ended(reentry: Reentry, home: str, stated: StatedClaim) -> None:
    """Let what home has given back stay given back, also against a receipt or a late request."""
    seat = await _seat_here(reentry, stated.seat)
    handle = await _handle_of(reentry, stated.handle, home)
    claim = await reentry.session.get(Claim, stated.claim)
    if claim is not None and (handle is None or claim.handle_id != handle.id):
        return
    await _remember(reentry, stated.claim)
    if claim is not None and claim.state in LIVE:
        await reentry.end(claim, stated.state)
    elif claim is None and handle is not None and seat is not None:
        # later words of that time about it find what they speak of
        await _add(reentry, stated, stated.state, reentry.now)


async def _remember(reentry: Reentry, claim_id: UUID) -> None:
    """Let a claim's end win over its request, whenever that is read."""
    row = insert(CancelledClaim).values(claim_id=claim_id, at=reentry.now)
    await reentry.session.execute(row.on_conflict_do_nothing())


async def enter_live(reentry: Reentry, home: str, stated: StatedClaim) -> None:
    """Enter a seat that home's worker holds, or answer again what home still waits for."""
    claim = await reentry.session.get(Claim, stated.claim)
    if claim is not None:
        await _reconcile(reentry, home, stated, claim)
    elif stated.state == "held":
        await _enter_held(reentry, home, stated)
    elif stated.instead_of is not None:
        # an exchange of which this node has forgotten what was agreed: both keep what they have
        await _tell_end(reentry, home, stated.claim, "refused")


async def _reconcile(reentry: Reentry, home: str, stated: StatedClaim, claim: Claim) -> None:
    handle = await _handle_of(reentry, claim.handle_id, home)
    if handle is None or handle.id != stated.handle or not claim.decided_here:
        return
    if claim.state in LIVE and await _was_cancelled(reentry, claim.id):
        await reentry.end(claim, "released")
    if claim.state not in LIVE:
        # it ended here, and home has not heard of it
        if stated.state == "requested":
            _answer(reentry, home, claim)
        else:
            await _tell_end(reentry, home, claim.id, claim.state)
    elif stated.state == "held" and claim.state != "held" and claim.moved_at is None:
        if await _seat_falls_to(reentry, stated, proven(stated, reentry.our_receipt), claim):
            claim.state, claim.receipt = "held", stated.receipt
            reentry.shifts.add(await reentry.shift_of(claim.seat_id))
        else:
            await _tell_end(reentry, home, claim.id, "released")
    elif stated.state == "requested" and claim.state == "held":
        _answer(reentry, home, claim)


def _answer(reentry: Reentry, home: str, claim: Claim) -> None:
    answer = partial(answer_claim, reentry.session, home, claim, reentry.now, reentry.sign)
    reentry.tell.append((home, answer))


async def _tell_end(reentry: Reentry, home: str, claim_id: UUID, state: str) -> None:
    """Tell home that its claim is over, and remember it: its request may be read once more."""
    await _remember(reentry, claim_id)
    reentry.say(home, "claim.ended", {"claim": str(claim_id), "state": state})


async def _enter_held(reentry: Reentry, home: str, stated: StatedClaim) -> None:
    at = proven(stated, reentry.our_receipt)
    handle = await _handle_of(reentry, stated.handle, home)
    shift = await _seat_here(reentry, stated.seat)
    fits = handle is not None and shift is not None and handle.pool_id == shift.pool_id
    if at is None and handle is not None and await _was_granted_before(reentry, stated, handle):
        # home says it of its own accord to each host that it follows
        return
    if at is None or shift is None or not fits or shift.cancelled_at is not None:
        await _tell_end(reentry, home, stated.claim, "released")
        return
    if await _was_cancelled(reentry, stated.claim):
        await _add(reentry, stated, "released", at)
        await _tell_end(reentry, home, stated.claim, "released")
        return
    if not await _seat_falls_to(reentry, stated, at, None):
        await _add(reentry, stated, "released", at)
        await _tell_end(reentry, home, stated.claim, "released")
        return
    claim = await _add(reentry, stated, "held", at)
    await _ask_if_elsewhen(reentry, stated, claim, shift)
    reentry.shifts.add(shift.id)


async def _was_granted_before(reentry: Reentry, stated: StatedClaim, handle: Handle) -> bool:
    """Tell whether a host of the pool before this node has signed the receipt."""
    hosts = await hosts_of(reentry.session, handle.pool_id)
    read = [each for node, each in reentry.their_receipts.items() if node in hosts]
    return any(proven(stated, each) for each in read)


async def _was_cancelled(reentry: Reentry, claim_id: UUID) -> bool:
    return await reentry.session.get(CancelledClaim, claim_id) is not None


async def _seat_falls_to(
    reentry: Reentry, stated: StatedClaim, at: datetime | None, claim: Claim | None
) -> bool:
    """Let the later of two who were granted one seat have it: the earlier must have given it up.

    What was only proposed was granted to nobody.
    """
    if at is None:
        return False
    other = await reentry.session.scalar(
        select(Claim).where(
            Claim.seat_id == stated.seat,
            Claim.decided_here,
            Claim.state.in_(KEEPS_A_SEAT),
            Claim.id != (claim.id if claim else stated.claim),
        )
    )
    if other is None:
        return True
    granted_before = other.state == "held" or other.moved_at is not None
    if granted_before:
        since = reentry.granted_at(other)
        certain, other_certain = reentry.is_certain(at), reentry.is_certain(since[0])
        if (certain, at, stated.claim) < (other_certain, *since) or not certain:
            return False
    handle = await reentry.end(other, "released")
    home = await reentry.home_of(handle)
    if home is not None:
        await _tell_end(reentry, home, other.id, "released")
    elif granted_before:
        lost = await reentry.shift_of(other.seat_id)
        reentry.find(handle.project_id, "seat-lost", claim=other.id, shift=lost)
    return True


async def _add(reentry: Reentry, stated: StatedClaim, state: str, at: datetime) -> Claim:
    claim = Claim(
        id=stated.claim,
        seat_id=stated.seat,
        handle_id=stated.handle,
        state=state,
        origin=stated.origin,
        decided_here=True,
        answer_by=stated.answer_by,
        made_at=at,
        receipt=stated.receipt if state == "held" else None,
        ended_at=None if state == "held" else reentry.now,
        instead_of=await reentry.known(stated.instead_of),
    )
    reentry.session.add(claim)
    await reentry.session.flush()
    return claim


async def _ask_if_elsewhen(
    reentry: Reentry, stated: StatedClaim, claim: Claim, shift: Shift
) -> None:
    """Ask home again where its worker's time is kept for another time than the session's here."""
    seat = await reentry.session.get_one(Seat, claim.seat_id)
    stay = wish_for(shift, seat.role).stay
    if (stated.begins, stated.ends) == (stay.begins, stay.ends):
        return
    claim.state, claim.moved_at = "proposed", reentry.now
    claim.answer_by = min(reentry.now + ANSWER_WITHIN, stay.begins)
    await _expire(reentry, claim)


async def _expire(reentry: Reentry, claim: Claim) -> None:
    about, due = {"claim": str(claim.id)}, claim.answer_by
    now = reentry.now
    await put(reentry.session, "claim-expiry", about, now=now, key=str(claim.id), due=due)


async def end_exchanges(reentry: Reentry) -> None:
    """End the exchanges under way, so that both sides keep what they have; what is held is."""
    under_way = await reentry.session.scalars(
        select(AskedExchange).where(AskedExchange.state == "asked").order_by(AskedExchange.id)
    )
    for exchange in under_way.all():
        claims = [
            await reentry.session.get_one(Claim, claim_id)
            for claim_id in (exchange.taker_claim_id, exchange.giver_claim_id)
        ]
        done = any(claim.state == "held" for claim in claims)
        exchange.state, exchange.ended_at = "settled" if done else "refused", reentry.now
        for claim in claims:
            if claim.state == "requested":
                handle = await reentry.end(claim, "refused")
                home = await reentry.home_of(handle)
                if home is not None:
                    await _tell_end(reentry, home, claim.id, "refused")
    await reentry.session.flush()


async def ask_about_unknown(
    reentry: Reentry,
    home: str,
    listed: Sequence[UUID],
    *,
    pool: UUID | None = None,
    but: Collection[UUID] = (),
    restoring: bool = False,
) -> None:
    """Ask home about claims of its people of which it has never heard: what we said got lost.

    Only in one `pool`, if one is named; in none of those that are excepted. A home that is
    `restoring` as well may have forgotten what it held, and is told that; what was only proposed
    stood in a feed that is no more.
    """
    query = (
        select(Claim, Shift, Seat.role)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Project.node == home,
            Claim.decided_here,
            Claim.state.in_(KEEPS_A_SEAT),
            Claim.id.not_in(listed),
            Shift.pool_id.not_in(but),
            Shift.ends > reentry.now,
        )
        .order_by(Claim.id)
    )
    if pool is not None:
        query = query.where(Shift.pool_id == pool)
    if restoring:
        query = query.where(Claim.state == "proposed", Claim.moved_at.is_(None))
    for claim, shift, role in (await reentry.session.execute(query)).all():
        stay = wish_for(shift, role).stay
        claim.answer_by = min(reentry.now + ANSWER_WITHIN, stay.begins)
        if claim.answer_by <= reentry.now:
            await reentry.end(claim, "lapsed")
            continue
        claim.state, claim.moved_at = "proposed", None
        reentry.shifts.add(shift.id)
        await _expire(reentry, claim)
        origin = "coordinator" if claim.origin == "worker" else claim.origin
        said = {
            "claim": str(claim.id),
            "seat": str(claim.seat_id),
            "handle": str(claim.handle_id),
            "origin": origin,
            "answer_by": claim.answer_by.isoformat(),
        }
        said = await in_term(reentry.session, shift.pool_id, said)
        reentry.say(home, "claim.proposed", said)


async def _handle_of(reentry: Reentry, handle_id: UUID, home: str) -> Handle | None:
    found: Handle | None = await reentry.session.scalar(
        select(Handle)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.id == handle_id, Project.node == home)
    )
    return found


async def _seat_here(reentry: Reentry, seat_id: UUID) -> Shift | None:
    """Find the shift of a seat of which this node decides."""
    found: Shift | None = await reentry.session.scalar(
        select(Shift)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Seat.id == seat_id, Pool.host.is_(None))
    )
    return found
