"""Once every partner has answered, all that they hold is entered again, in one transaction.

Ends come before what lives, and what was granted earlier before what was granted later, so that
the outcome does not hang on who answered first.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.errors import NotHereYet
from federation.feeds.actions import hold
from federation.handing.queries import agreed_with, taken_since
from federation.people.models import Handle, Person
from federation.pools.announce import announce_pool
from federation.pools.models import Pool
from federation.restoring.actions import answers, end_restore, keep_answer
from federation.restoring.queries import current_restore
from rota.reentry import as_home, as_host
from rota.reentry.entering import Reentry, Verify, proven
from rota.reentry.sessions import enter_session
from rota.reentry.stated import RestoreAnswered, StatedClaim
from rota.seats.actions import settle
from rota.shifts.announce import announce_shift
from rota.shifts.models import Seat, Shift
from rota.sign_up.from_homes import Sign
from rota.swaps.stating import restate_offers

RESTATE = "restate-pool"
Said = dict[str, list[RestoreAnswered]]
"""What partners have answered, by their node's id."""
BEGIN_REENTRY = text("SET LOCAL netreach.reentry = 'on'")


async def receive_answered(
    session: AsyncSession, node_id: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep what a partner says that we and it hold, until all have answered."""
    answer = msgspec.convert(payload, RestoreAnswered)
    await _know_seats(session, answer.yours)
    await keep_answer(session, node_id, answer.restore, answer.part, payload, now, last=answer.last)


async def _know_seats(session: AsyncSession, yours: Sequence[StatedClaim]) -> None:
    """Wait for the sessions, which come in another feed: that of a new host, if there is one."""
    seats = {stated.seat for stated in yours if not stated.over}
    known = await session.scalars(select(Seat.id).where(Seat.id.in_(seats)))
    if seats - set(known):
        raise NotHereYet


async def reenter(
    session: AsyncSession,
    now: datetime,
    *,
    sign: Sign,
    our_receipt: Verify,
    receipts_of: Callable[[Sequence[str]], Any],
) -> None:
    """Enter what all partners have told, and grant again from then on."""
    restore = await current_restore(session, lock=True)
    if restore is None:
        return
    said = {
        node_id: [msgspec.convert(part, RestoreAnswered) for part in parts]
        for node_id, parts in (await answers(session, restore.id)).items()
    }
    for node_id in said:
        if await agreed_with(session, node_id):
            # it has handed a pool over, and what others hold there is entered once this node has it
            return
    taken = await taken_since(session, restore.restored_at)
    await session.execute(BEGIN_REENTRY)
    await lock_everybody(session, now)
    verify = await receipts_of(sorted(said))
    reentry = Reentry(session, restore.id, now, sign, our_receipt, verify)
    await _enter_sessions(reentry, said)
    await _enter_claims(reentry, said, taken)
    await session.flush()
    await end_restore(session, restore, now)
    await reentry.tell_coordinators()
    for shift_id in sorted(reentry.shifts):
        await settle(session, await session.get_one(Shift, shift_id), now)
    pools = await session.scalars(select(Pool.id).where(Pool.host.is_(None)).order_by(Pool.id))
    for pool_id in pools:
        await put(session, RESTATE, {"pool": str(pool_id)}, now=now, key=str(pool_id))
    await put(session, "offers", {}, now=now, key="all")
    await reentry.tell_all()


async def lock_everybody(session: AsyncSession, now: datetime) -> None:
    """Lock people, then sessions, in the usual order: for once all of them."""
    people = (
        select(Person.id)
        .where(Person.id.in_(select(Handle.person_id)))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    )
    await session.execute(people)
    coming = (
        select(Shift.id).where(Shift.ends > now).order_by(Shift.id).with_for_update(key_share=True)
    )
    await session.execute(coming)


async def _enter_sessions(reentry: Reentry, said: Said) -> None:
    held = {
        stated.seat
        for parts in said.values()
        for part in parts
        for stated in part.ours
        if stated.state == "held" and proven(stated, reentry.our_receipt)
    }
    for _node_id, parts in sorted(said.items()):
        for part in parts:
            for stated in sorted(part.sessions, key=lambda each: each.shift.id):
                await enter_session(reentry, stated, held)


async def _enter_claims(reentry: Reentry, said: Said, taken: Collection[UUID]) -> None:
    parts = [(node_id, part) for node_id, each in said.items() for part in each]
    ours = in_order(reentry, [(node, claim) for node, part in parts for claim in part.ours])
    yours = in_order(reentry, [(node, claim) for node, part in parts for claim in part.yours])
    for over, as_host_does, as_home_does in (
        (True, as_host.enter_ended, as_home.enter_ended),
        (False, as_host.enter_live, as_home.enter_live),
    ):
        for act, claims in ((as_host_does, ours), (as_home_does, yours)):
            for node_id, stated in claims:
                if stated.over is over:
                    await act(reentry, node_id, stated)
    await as_host.end_exchanges(reentry)
    await as_home.end_exchanges(reentry)
    await as_home.offer_again(reentry)
    await _ask_about_the_rest(reentry, said, taken)


async def _ask_about_the_rest(reentry: Reentry, said: Said, taken: Collection[UUID]) -> None:
    """Ask about what a partner did not list; one that was restored, too, is asked for wishes only.

    Of pools that were `taken` meanwhile a home may not have known whom to tell; it says that anew.
    """
    for node_id, parts in sorted(said.items()):
        restoring = any(part.restoring for part in parts)
        ours = [claim.claim for part in parts for claim in part.ours]
        yours = [claim.claim for part in parts for claim in part.yours]
        await as_host.ask_about_unknown(reentry, node_id, ours, but=taken, restoring=restoring)
        await as_home.ask_about_unlisted(reentry, node_id, yours, restoring=restoring)


def in_order(
    reentry: Reentry, stated: Sequence[tuple[str, StatedClaim]]
) -> list[tuple[str, StatedClaim]]:
    """Order claims by when they were granted, so that the later one of two finds the earlier."""

    def since(entry: tuple[str, StatedClaim]) -> tuple[datetime, UUID]:
        node_id, each = entry
        read = reentry.our_receipt
        theirs = reentry.their_receipts.get(node_id, read)
        at = proven(each, read) or proven(each, theirs)
        return at or each.made_at, each.claim

    return sorted(stated, key=since)


async def restate_pool(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """State a pool and its sessions to come from the beginning of its feed's new epoch."""
    shifts = await session.scalars(
        select(Shift)
        .where(Shift.pool_id == pool_id, Shift.ends > now)
        .order_by(Shift.id)
        .with_for_update(key_share=True)
    )
    coming = shifts.all()
    await hold(session, "pool/shifts", str(pool_id), now=now)
    await announce_pool(session, pool_id, now)
    for shift in coming:
        await announce_shift(session, shift, now)
    await restate_offers(session, pool_id, now)
