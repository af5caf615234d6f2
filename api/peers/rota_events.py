"""Hands partners' words about pools and seats to the rota's actions, checking where they were said.

What concerns one seat or handle travels in private feeds; what all members see, in the pool's.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.count_events import counts_stated
from api.peers.events import Apply, ApplyRun
from api.peers.handing_events import handing_events, of_its_host
from api.peers.in_terms import counting, in_its_term
from api.peers.wishes import OFFERS, WISHES, offering, require_private, signed, wish
from database.outbox import put
from federation.erasing.actions import CONFIRMED, SAID, receive_confirmed
from federation.errors import NotFound, NotHereYet
from federation.feeds.queries import POOL_HOURS, PRIVATE
from federation.partners.keys import NodeKeys
from federation.partners.queries import speaking_partner
from federation.partners.rules.canonical import admit
from federation.partners.rules.document import signers
from federation.partners.rules.signatures import verified
from federation.partners.sender import Sender
from federation.pools import from_partners as pools
from federation.pools.slots.actions import ANSWERED
from federation.pools.slots.from_partners import receive_answer as receive_slot_answer
from federation.restoring.queries import is_restoring
from rota.attendance import from_homes as attendance
from rota.attendance.moved import forget_who_came
from rota.attendance.standing import receive_session
from rota.claims.quota import SEATS_AT_ONCE
from rota.company.actions import receive_company
from rota.company.alerts import receive_alert
from rota.cover import from_homes as cover_from_homes
from rota.cover.from_hosts import receive_cover
from rota.coverage.actions import HOURS_STATED, receive_hours
from rota.erasing.actions import receive_erased
from rota.handover import actions as handover
from rota.open_hours.heard import receive_open_hours
from rota.open_hours.stated import STATED as OPEN_HOURS_STATED
from rota.passport.actions import PASSPORT
from rota.readings.actions import STATED as READINGS_STATED
from rota.readings.actions import receive_readings
from rota.record_sharing.stated import COUNTS_STATED
from rota.reentry.actions import receive_answered
from rota.reentry.answering import receive_asked
from rota.seats.actions import tell_closed
from rota.shifts.mirror import Kept, StatedShift, keep_shifts
from rota.shifts.models import Shift
from rota.sign_up import from_homes, from_hosts
from rota.splitting.from_hosts import receive_split
from rota.supervisor_calls import from_nodes as calls
from rota.swaps import from_homes as swaps_from_homes
from rota.swaps import from_hosts as swaps_from_hosts
from rota.swaps import offers_abroad, offers_here
from rota.swaps.outcome import receive_answered as receive_exchange
from rota.waiting import from_nodes as waiting

POOL_FEED = "pool/shifts"
WAIT_FOR_RESTORE = frozenset(
    {
        "claims.stated",
        "pool.agreed",
        "claim.requested",
        "proposal.answered",
        "claim.answered",
        "claim.proposed",
        "claim.split",
        "cover.asked",
        "cover.withdrawn",
        "cover.taken",
        "cover.stated",
        "swap.offered",
        "swap.withdrawn",
        "swap.stated",
        "exchange.asked",
        "exchange.proposed",
        "exchange.agreed",
        "exchange.withdrawn",
        "exchange.answered",
        "waiting.joined",
        "waiting.left",
        "waiting.stated",
    }
)
"""What is said of seats, but that one is given back: that counts at once."""

SAID_BY_HOSTS = frozenset(
    {
        "claim.answered",
        "claim.proposed",
        "claim.ended",
        "claim.split",
        "cover.stated",
        "swap.stated",
        "exchange.proposed",
        "exchange.answered",
        "waiting.stated",
    }
)
"""What a pool's host alone says to a home of it."""

SAID_IN_A_TERM = (SAID_BY_HOSTS - {"claim.ended"}) | frozenset(
    {
        "pool.stated",
        "shift.stated",
        "cover.asked",
        "cover.taken",
        "swap.offered",
        "exchange.asked",
        "waiting.joined",
    }
)
"""What counts only in the term in which it was said; what ends or is taken back, always does."""
COUNTS_LATE = frozenset({"claim.split"})
"""Which claims came of a session that was divided holds in each later term, and is said once."""

Plain = Callable[[AsyncSession, str, dict[str, Any], datetime], Awaitable[None]]
ToHost = Callable[[AsyncSession, str, dict[str, Any], datetime, from_homes.Sign], Awaitable[None]]
ToHome = Callable[[AsyncSession, str, dict[str, Any], datetime, from_hosts.Verify], Awaitable[None]]


def rota_events(keys: NodeKeys, *, seats_at_once: int = SEATS_AT_ONCE) -> dict[str, Apply]:
    """Give the kinds of event that the rota understands; receipts are signed with these keys."""
    events: dict[str, Apply] = {
        "pool.stated": _pool_stated,
        "shift.stated": _shift_stated,
        "member.joined": _private(pools.receive_member),
        "handle.stated": _private(pools.receive_handle),
        "handle.renamed": _private(pools.receive_rename),
        SAID: _private(receive_erased),
        CONFIRMED: _private(receive_confirmed),
        ANSWERED: _private(receive_slot_answer),
        HOURS_STATED: _hours_stated,
        OPEN_HOURS_STATED: _open_hours_stated,
        COUNTS_STATED: counts_stated,
        READINGS_STATED: _private(receive_readings),
        "shift.attended": _private(attendance.receive_attended),
        "shift.late": _private(attendance.receive_late),
        "shift.missed": _private(attendance.receive_missed),
        "session.stated": _session_stated,
        "handover.written": _private(handover.receive_note),
        "handover.erased": _private(handover.receive_erased),
        "call.made": _private(calls.receive_made),
        "call.answered": _private(calls.receive_answered),
        "call.stated": _private(calls.receive_stated),
        "session.alert": _private(receive_alert),
        "session.company": _private(receive_company),
        "restore.asked": _to_host(receive_asked, keys),
        "restore.answered": _private(receive_answered),
        "claim.cancelled": _to_host(from_homes.receive_cancel, keys),
        "proposal.answered": _to_host(from_homes.receive_proposal_answer, keys),
        "claim.answered": _to_home(from_hosts.receive_answer),
        "claim.proposed": _to_home(from_hosts.receive_proposal),
        "claim.ended": _to_home(from_hosts.receive_end),
        "claim.split": _to_home(receive_split),
        "cover.withdrawn": _to_host(cover_from_homes.receive_withdrawn, keys),
        "cover.stated": _cover_stated,
        "swap.withdrawn": _to_host(offers_abroad.receive_withdrawn, keys),
        "swap.stated": _swap_stated,
        "exchange.proposed": _to_home(swaps_from_hosts.receive_proposed),
        "exchange.withdrawn": _to_host(swaps_from_homes.receive_withdrawal, keys),
        "exchange.answered": _to_home(receive_exchange),
        "waiting.left": _private(waiting.receive_left),
        "waiting.stated": _private(waiting.receive_stated),
    }
    events |= {kind: offering(act) for kind, act in OFFERS.items()}
    events |= {kind: wish(kind, act, keys, seats_at_once) for kind, act in WISHES.items()}
    events |= handing_events(keys)
    return {kind: _in_turn(kind, apply, keys.node_id) for kind, apply in events.items()}


def _in_turn(kind: str, apply: Apply, own_id: str) -> Apply:
    """Ask first whether anything may be heard now, then whether it still counts, then by whom."""
    of_a_host = of_its_host(apply, own_id, by_hosts=kind in SAID_BY_HOSTS)
    if kind in SAID_IN_A_TERM:
        of_a_host = in_its_term(of_a_host, counts_late=kind in COUNTS_LATE)
    return _unless_restoring(kind, of_a_host)


def _unless_restoring(kind: str, apply: Apply) -> Apply:
    """Let words about seats wait while this node does not know what it had granted."""
    return _once_restored(apply) if kind in WAIT_FOR_RESTORE else apply


def _once_restored(apply: Apply) -> Apply:
    async def wait(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        if await is_restoring(session):
            raise NotHereYet
        await apply(session, sender, payload, now)

    return wait


async def _pool_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    if (sender.feed_kind, sender.subject) != (POOL_FEED, payload.get("id")):
        raise NotFound
    await pools.receive_pool(session, sender.node_id, payload, now)


async def _shift_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    await _shifts_stated(session, sender, [payload], now)


async def _shifts_stated(
    session: AsyncSession, sender: Sender, payloads: Sequence[dict[str, Any]], now: datetime
) -> None:
    if sender.feed_kind != POOL_FEED:
        raise NotFound
    stated = msgspec.convert(payloads, list[StatedShift])
    kept = await keep_shifts(session, sender.node_id, UUID(sender.subject), stated, now)
    for shift_id, meaning in kept.items():
        await _follow_shift(session, shift_id, meaning, now)
    if any(meaning.rescheduled or meaning.retrained for meaning in kept.values()):
        await put(session, "offers", {}, now=now, key="all")


async def _run_of_shifts(
    session: AsyncSession, sender: Sender, payloads: Sequence[dict[str, Any]], now: datetime
) -> None:
    if sender.feed_kind != POOL_FEED:
        raise NotFound
    if counts := await counting(session, sender, payloads):
        await _shifts_stated(session, sender, counts, now)


ROTA_RUNS: Mapping[str, ApplyRun] = {"shift.stated": _run_of_shifts}
"""Many sessions in a row are kept at once: a pool that is planned, or read for the first time."""


async def _follow_shift(session: AsyncSession, shift_id: UUID, kept: Kept, now: datetime) -> None:
    about = {"shift": str(shift_id)}
    if kept.closed:
        await tell_closed(session, shift_id, now)
    if kept.moved:
        moved = await session.get_one(Shift, shift_id, populate_existing=True)
        await forget_who_came(session, moved, now)
        await put(session, "follow-move", about, now=now, key=str(shift_id))
    if kept.retrained:
        await put(session, PASSPORT, about, now=now, key=str(shift_id))


async def _cover_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Members read in the pool's feed that a seat is to be covered; its holder's home, whose."""
    if sender.feed_kind not in {POOL_FEED, PRIVATE}:
        raise NotFound
    pool = UUID(sender.subject) if sender.feed_kind == POOL_FEED else None
    await receive_cover(session, sender.node_id, payload, now, pool=pool)


async def _swap_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Members read in the pool's feed that a seat is offered; who is asked alone, by whom."""
    if sender.feed_kind not in {POOL_FEED, PRIVATE}:
        raise NotFound
    pool = UUID(sender.subject) if sender.feed_kind == POOL_FEED else None
    await offers_here.receive_stated(session, sender.node_id, payload, now, pool=pool)


async def _session_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], _now: datetime
) -> None:
    if sender.feed_kind != POOL_FEED:
        raise NotFound
    await receive_session(session, sender.node_id, UUID(sender.subject), payload)


async def _hours_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    if (sender.feed_kind, sender.subject) != (POOL_FEED, payload.get("pool")):
        raise NotFound
    await receive_hours(session, sender.node_id, payload, now)


async def _open_hours_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    if (sender.feed_kind, sender.subject) != (POOL_HOURS, payload.get("pool")):
        raise NotFound
    await receive_open_hours(session, sender.node_id, payload, now)


def _private(act: Plain) -> Apply:
    async def apply(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        require_private(sender)
        await act(session, sender.node_id, payload, now)

    return apply


def _to_host(act: ToHost, keys: NodeKeys) -> Apply:
    sign = partial(signed, keys)

    async def apply(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        require_private(sender)
        await act(session, sender.node_id, payload, now, sign)

    return apply


def _to_home(act: ToHome) -> Apply:
    async def apply(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        require_private(sender)
        partner = await speaking_partner(session, sender.node_id)
        if partner is None:
            raise NotFound
        pinned = signers(partner.keys, "head")

        def verify(receipt: str) -> dict[str, Any]:
            return admit(verified(receipt, pinned, from_homes.RECEIPT))

        await act(session, sender.node_id, payload, now, verify)

    return apply
