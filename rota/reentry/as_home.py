"""A restored home enters again what its people hold, from each host's list of its claims."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import Range

from database.outbox import put
from federation.handing.models import PoolTerm
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.restoring.models import Restore
from rota.bookings.actions import book
from rota.bookings.models import Booking
from rota.bookings.queries import wish_for
from rota.bookings.rules import Stay
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.consent.models import Consent
from rota.reentry.entering import Reentry, proven
from rota.reentry.stated import StatedClaim
from rota.shifts.models import Seat, Shift
from rota.shifts.queries import shift_at_host
from rota.swaps.models import SwapOffer
from rota.swaps.stating import as_offered


async def enter_ended(reentry: Reentry, host: str, stated: StatedClaim) -> None:
    """End here what has ended at its host."""
    claim = await reentry.session.get(Claim, stated.claim)
    if claim is None:
        handle = await _ours(reentry, stated, host)
        shift = await shift_at_host(reentry.session, stated.seat, host)
        if handle is not None and shift is not None:
            # later words of that time about it find what they speak of
            await _add(reentry, stated, stated.state)
    elif claim.state in LIVE and await _of_host(reentry, claim, host):
        await reentry.end(claim, stated.state)


async def enter_live(reentry: Reentry, host: str, stated: StatedClaim) -> None:
    """Enter a seat that one of our people holds, or bring what we know of it in line."""
    claim = await reentry.session.get(Claim, stated.claim)
    if claim is None:
        if stated.state == "held" or stated.moved:
            await _enter_held(reentry, host, stated)
        # what is only proposed comes again in the host's feed
        return
    if not await _of_host(reentry, claim, host):
        return
    if claim.state not in LIVE:
        await _give_up_again(reentry, host, claim)
    elif stated.state == "held" and claim.state != "held":
        await _confirm(reentry, host, stated, claim)
    elif stated.state == "proposed":
        await _answer_again(reentry, claim)


async def _give_up_again(reentry: Reentry, host: str, claim: Claim) -> None:
    """Say again that a claim is over here: the first time may not have arrived."""
    reentry.say(host, "claim.cancelled", {"claim": str(claim.id)})


async def _confirm(reentry: Reentry, host: str, stated: StatedClaim, claim: Claim) -> None:
    at = proven(stated, reentry.their_receipts[host])
    handle = await reentry.session.get_one(Handle, claim.handle_id)
    shift = await shift_at_host(reentry.session, claim.seat_id, host)
    if at is None or shift is None or handle.person_id is None:
        return
    if claim.state == "proposed":
        seat = await reentry.session.get_one(Seat, claim.seat_id)
        stay = wish_for(shift, seat.role).stay
        if not await _make_room(reentry, handle.person_id, stay, at, claim.id):
            await reentry.end(claim, "released")
            await _give_up_again(reentry, host, claim)
            return
        await book(reentry.session, handle.person_id, claim.id, stay)
    claim.state, claim.receipt = "held", stated.receipt
    await calendar_changed(reentry.session, handle.person_id, reentry.now)


async def _answer_again(reentry: Reentry, claim: Claim) -> None:
    """Say again what we have said of a proposal, or of a session that was moved."""
    if claim.state == "proposed":
        return
    shift_id = await reentry.shift_of(claim.seat_id)
    about = {"shift": str(shift_id)}
    await put(reentry.session, "follow-move", about, now=reentry.now, key=str(shift_id))


async def _enter_held(reentry: Reentry, host: str, stated: StatedClaim) -> None:
    handle = await _ours(reentry, stated, host)
    shift = await shift_at_host(reentry.session, stated.seat, host)
    if handle is None or handle.person_id is None:
        await _show_unknown(reentry, host, stated)
        return
    if shift is None:
        return
    seat = await reentry.session.get_one(Seat, stated.seat)
    stay = wish_for(shift, seat.role).stay
    at = proven(stated, reentry.their_receipts[host])
    free = at is not None and await _make_room(reentry, handle.person_id, stay, at, stated.claim)
    if handle.retired_at is not None or not free:
        await _add(reentry, stated, "released")
        reentry.say(host, "claim.cancelled", {"claim": str(stated.claim)})
        return
    claim = await _add(reentry, stated, "held")
    await book(reentry.session, handle.person_id, claim.id, stay)
    await calendar_changed(reentry.session, handle.person_id, reentry.now)
    if stated.moved:
        await _answer_again(reentry, claim)


async def _show_unknown(reentry: Reentry, host: str, stated: StatedClaim) -> None:
    """Leave to a coordinator whose a handle is that this node does not know: nobody guesses."""
    shift = await shift_at_host(reentry.session, stated.seat, host)
    ours = await reentry.session.scalar(
        select(Project.id).where(Project.id == stated.project, Project.node.is_(None))
    )
    if ours is not None:
        known = shift.id if shift else None
        reentry.find(ours, "unknown-handle", claim=stated.claim, shift=known, host=host)


async def _make_room(
    reentry: Reentry, person_id: UUID, stay: Stay, at: datetime, claim_id: UUID
) -> bool:
    """Let the later of two claims on one time stand: who took it had given up the earlier one."""
    rows = await reentry.session.scalars(
        select(Claim)
        .join(Booking, Booking.claim_id == Claim.id)
        .where(
            Booking.person_id == person_id,
            Booking.active,
            Booking.during.overlaps(Range(stay.begins, stay.ends)),
            ~(Booking.on_call & stay.on_call),
        )
        .order_by(Claim.id)
    )
    before = rows.all()
    if any(reentry.granted_at(claim) > (at, claim_id) for claim in before):
        return False
    for claim in before:
        await reentry.end(claim, "released")
        if not claim.decided_here:
            host = await _host_of(reentry, claim)
            await _give_up_again(reentry, host, claim)
    return True


async def _add(reentry: Reentry, stated: StatedClaim, state: str) -> Claim:
    claim = Claim(
        id=stated.claim,
        seat_id=stated.seat,
        handle_id=stated.handle,
        state=state,
        origin=stated.origin,
        decided_here=False,
        answer_by=stated.answer_by,
        made_at=stated.made_at,
        receipt=stated.receipt if state == "held" else None,
        ended_at=None if state == "held" else reentry.now,
        instead_of=await reentry.known(stated.instead_of),
    )
    reentry.session.add(claim)
    await reentry.session.flush()
    return claim


async def end_exchanges(reentry: Reentry) -> None:
    """Wait no longer for a seat to be exchanged, unless its host says that it was."""
    waiting = await reentry.session.execute(
        select(Claim, Pool.host)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(
            Claim.state == "requested", Claim.instead_of.is_not(None), Claim.decided_here.is_(False)
        )
        .order_by(Claim.id)
    )
    for claim, host in waiting.all():
        await reentry.end(claim, "released")
        reentry.say(str(host), "exchange.withdrawn", {"claim": str(claim.id)})
        reentry.say(str(host), "claim.cancelled", {"claim": str(claim.id)})


async def offer_again(reentry: Reentry) -> None:
    """Say again which seats our people offer: what was said and not heard is gone with the feed."""
    rows = await reentry.session.execute(
        select(SwapOffer, Pool.host)
        .join(Pool, Pool.id == SwapOffer.pool_id)
        .join(Claim, Claim.id == SwapOffer.claim_id)
        .where(
            SwapOffer.state.in_(("open", "withdrawing")),
            SwapOffer.decided_here.is_(False),
            SwapOffer.expires_at > reentry.now,
            Claim.state == "held",
        )
        .order_by(SwapOffer.id)
    )
    for offer, host in rows.all():
        reentry.say(str(host), "swap.offered", await as_offered(reentry.session, offer))
        if offer.state == "withdrawing":
            reentry.say(str(host), "swap.withdrawn", {"offer": str(offer.id)})


async def ask_about_unlisted(
    reentry: Reentry, host: str, listed: Collection[UUID], *, restoring: bool
) -> None:
    """Ask again for what the host has never heard of; what it has forgotten is over.

    A host that comes back from a backup itself may list it yet: it is only asked. Who has become a
    pool's host since we came back hears of all that anyway, and had not then.
    """
    began = select(Restore.restored_at).where(Restore.id == reentry.restore_id)
    new_host = exists().where(
        PoolTerm.pool_id == Pool.id,
        PoolTerm.host == host,
        PoolTerm.heard_at >= began.scalar_subquery(),
    )
    rows = await reentry.session.scalars(
        select(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Pool, Pool.id == Handle.pool_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .outerjoin(Consent, (Consent.claim_id == Claim.id) & (Consent.state != "given"))
        .where(
            Pool.host == host,
            ~new_host,
            Handle.person_id.is_not(None),
            Claim.state.in_(sorted(LIVE)),
            Claim.id.not_in(listed),
            Shift.ends > reentry.now,
            Consent.claim_id.is_(None),
        )
        .order_by(Claim.id)
    )
    for claim in rows.all():
        if claim.state == "requested" and reentry.now < claim.answer_by:
            said = {
                "claim": str(claim.id),
                "seat": str(claim.seat_id),
                "handle": str(claim.handle_id),
                "answer_by": claim.answer_by.isoformat(),
            }
            reentry.say(host, "claim.requested", said)
        elif not restoring:
            await reentry.end(claim, "released")
            # should the host hear of it yet, it hears at once that it is over
            await _give_up_again(reentry, host, claim)


async def _ours(reentry: Reentry, stated: StatedClaim, host: str) -> Handle | None:
    found: Handle | None = await reentry.session.scalar(
        select(Handle)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(Handle.id == stated.handle, Handle.person_id.is_not(None), Pool.host == host)
    )
    return found


async def _of_host(reentry: Reentry, claim: Claim, host: str) -> bool:
    return not claim.decided_here and await _host_of(reentry, claim) == host


async def _host_of(reentry: Reentry, claim: Claim) -> str:
    host = await reentry.session.scalar(
        select(Pool.host)
        .join(Handle, Handle.pool_id == Pool.id)
        .where(Handle.id == claim.handle_id)
    )
    return str(host)
