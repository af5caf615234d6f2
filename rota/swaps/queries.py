"""Offers as one person may see them, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from federation.people.models import Handle, Person
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from rota.bookings.queries import AROUND, stays_of, wish_for
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift
from rota.swaps.held import Held, holds, made_to
from rota.swaps.models import Exchange, ExchangeLeg, SwapOffer, SwapWanted
from rota.swaps.rules import Times, fits

MOST = 200
LOOKS_AHEAD = timedelta(weeks=4)
LOOKS_BACK = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Place:
    """A seat with its shift and channel; `claim_id` is the asker's own hold on it, if any."""

    seat: Seat
    shift: Shift
    channel: Channel
    claim_id: UUID | None = None

    @property
    def times(self) -> Times:
        """Give the times of its shift as they are now."""
        return Times(self.shift.starts, self.shift.ends)


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An open offer: one's own, one to oneself, or one to everybody in the pool.

    `giver` is the handle of who offers, told only to the one whom they ask.
    """

    offer: SwapOffer
    place: Place
    pool: Pool
    mine: bool
    to_me: bool
    giver: str | None
    wanted: Sequence[Place]
    in_return: Sequence[Place]
    """The asker's own seats that would be taken in return."""


async def offers_seen(
    session: AsyncSession, asker: Asker, now: datetime, *, own: Sequence[Place] | None = None
) -> list[OfferSeen]:
    """List the offers that stand and that the asker made or could take up, the next shift first.

    Who could give nothing that is wanted does not see an offer, unless it is made to them; what
    they have is `own`, read here if the caller has not done so.
    """
    me, giver = aliased(Handle), aliased(Handle)
    rows = (
        await session.execute(
            select(SwapOffer, Seat, Shift, Channel, Pool, me, giver)
            .outerjoin(Claim, Claim.id == SwapOffer.claim_id)
            .outerjoin(giver, giver.id == Claim.handle_id)
            .outerjoin(Person, Person.id == giver.person_id)
            .join(Seat, Seat.id == SwapOffer.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Channel, Channel.id == Shift.channel_id)
            .join(Pool, Pool.id == SwapOffer.pool_id)
            .join(me, me.pool_id == SwapOffer.pool_id)
            .where(
                SwapOffer.state == "open",
                SwapOffer.expires_at > now,
                # of an offer made elsewhere only the seat's state is known
                func.coalesce(Claim.state, Seat.state) == "held",
                Shift.cancelled_at.is_(None),
                Shift.starts > now,
                Person.left_at.is_(None),
                me.person_id == asker.person_id,
                me.retired_at.is_(None),
                made_to(me) | (giver.person_id == asker.person_id),
            )
            .order_by(Shift.starts, SwapOffer.id)
            .limit(MOST)
        )
    ).all()
    wanted = await _wanted(session, [row[0].id for row in rows])
    have = await own_places(session, asker, now) if own is None else own
    seen = [
        _seen(asker, Place(seat, shift, channel), offer, pool, (mine, theirs), wanted, have)
        for offer, seat, shift, channel, pool, mine, theirs in rows
    ]
    return [one for one in seen if one is not None]


Wanted = dict[UUID, list[tuple[Place, Times]]]


def _seen(
    asker: Asker,
    place: Place,
    offer: SwapOffer,
    pool: Pool,
    handles: tuple[Handle, Handle | None],
    wanted: Wanted,
    own: Sequence[Place],
) -> OfferSeen | None:
    me, giver = handles
    mine = giver is not None and giver.person_id == asker.person_id
    to_me = offer.to_handle_id == me.id
    asked = wanted.get(offer.id, [])
    in_return = [] if mine or offer.one_way else _in_return(place, giver, asked, own)
    could = fits(place.seat.role, frozenset(me.roles)) and (offer.one_way or in_return)
    if not (mine or to_me or could):
        return None
    named = giver.display if giver is not None else offer.giver
    shown = named if to_me else None
    return OfferSeen(
        offer, place, pool, mine, to_me, shown, [each for each, _times in asked], in_return
    )


def _in_return(
    place: Place,
    giver: Handle | None,
    asked: Sequence[tuple[Place, Times]],
    own: Sequence[Place],
) -> list[Place]:
    """Choose among one's own seats; what a giver of another node may take, its host will say."""
    times = {each.seat.id: then for each, then in asked}
    return [
        each
        for each in own
        if each.shift.pool_id == place.shift.pool_id
        and (giver is None or fits(each.seat.role, frozenset(giver.roles)))
        and (not times or times.get(each.seat.id) == each.times)
    ]


async def _wanted(session: AsyncSession, offers: Sequence[UUID]) -> Wanted:
    rows = await session.execute(
        select(SwapWanted, Seat, Shift, Channel)
        .join(Seat, Seat.id == SwapWanted.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(SwapWanted.offer_id.in_(offers))
        .order_by(Shift.starts, Seat.id)
    )
    found: Wanted = defaultdict(list)
    for wanted, seat, shift, channel in rows:
        times = Times(wanted.starts, wanted.ends)
        found[wanted.offer_id].append((Place(seat, shift, channel), times))
    return found


async def own_places(session: AsyncSession, asker: Asker, now: datetime) -> list[Place]:
    """List the seats that the asker holds on shifts to come."""
    rows = await session.execute(
        select(Seat, Shift, Channel, Claim.id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(
            Handle.person_id == asker.person_id,
            Claim.state == "held",
            Shift.starts > now,
            Shift.cancelled_at.is_(None),
        )
        .order_by(Shift.starts, Seat.id)
        .limit(MOST)
    )
    return [Place(seat, shift, channel, claim) for seat, shift, channel, claim in rows]


class _Claimed(NamedTuple):
    """A claim with its place, under names of its own: a query may look for several."""

    claim: type[Claim]
    seat: type[Seat]
    shift: type[Shift]
    channel: type[Channel]

    @classmethod
    def anew(cls) -> "_Claimed":
        """Give names that nothing else has."""
        return cls(aliased(Claim), aliased(Seat), aliased(Shift), aliased(Channel))

    def joined(self, query: Select[Any], claim_id: InstrumentedAttribute[Any]) -> Select[Any]:
        """Look for the place of a claim, if there is one."""
        return (
            query.outerjoin(self.claim, self.claim.id == claim_id)
            .outerjoin(self.seat, self.seat.id == self.claim.seat_id)
            .outerjoin(self.shift, self.shift.id == self.seat.shift_id)
            .outerjoin(self.channel, self.channel.id == self.shift.channel_id)
        )


_GIVES, _GAVE, _GOT = _Claimed.anew(), _Claimed.anew(), _Claimed.anew()
_WAITS = _GIVES.joined(
    select(Claim.id, Claim.answer_by, Seat, Shift, Channel, *_GIVES[1:])
    .join(Handle, Handle.id == Claim.handle_id)
    .join(Seat, Seat.id == Claim.seat_id)
    .join(Shift, Shift.id == Seat.shift_id)
    .join(Channel, Channel.id == Shift.channel_id)
    .where(
        Handle.person_id == bindparam("person"),
        Claim.state == "requested",
        Claim.instead_of.is_not(None),
        Claim.origin != "exchange",
    )
    .order_by(Claim.made_at, Claim.id)
    .limit(MOST),
    Claim.instead_of,
)
_EXCHANGED = _GOT.joined(
    _GAVE.joined(
        select(Exchange.at, *_GAVE[1:], *_GOT[1:])
        .join(ExchangeLeg, ExchangeLeg.exchange_id == Exchange.id)
        .join(Handle, Handle.id == ExchangeLeg.handle_id)
        .where(Handle.person_id == bindparam("person"), Exchange.at > bindparam("since"))
        .order_by(Exchange.at.desc(), Exchange.id)
        .limit(MOST),
        ExchangeLeg.gave_claim_id,
    ),
    ExchangeLeg.got_claim_id,
)
"""Built once: building such a statement takes longer than asking it."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What somebody gave and got at one moment; one of the two is None in a hand-over."""

    at: datetime
    gave: Place | None
    got: Place | None


async def exchanged_by(session: AsyncSession, asker: Asker, now: datetime) -> list[Exchanged]:
    """List the asker's exchanges of the last weeks, the newest first."""
    rows = await session.execute(_EXCHANGED, {"person": asker.person_id, "since": now - LOOKS_BACK})
    return [Exchanged(row[0], _place(row[1:4]), _place(row[4:7])) for row in rows]


def _place(found: Sequence[Any]) -> Place | None:
    return None if found[0] is None else Place(*found)


async def could_be_wanted(session: AsyncSession, held: Held, now: datetime) -> list[Place]:
    """List the seats of others that might be had in return in the coming weeks.

    Roles and own bookings are looked at here; everything else when the offer is made.
    """
    rows = await session.execute(
        select(Seat, Shift, Channel)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            Shift.pool_id == held.pool.id,
            Shift.cancelled_at.is_(None),
            Shift.starts > now,
            Shift.starts < max(now, held.shift.starts) + LOOKS_AHEAD,
            Seat.state == "held",
            ~holds(held.person_id),
        )
        .order_by(Shift.starts, Seat.id)
        .limit(MOST)
    )
    ends = max(now, held.shift.starts) + LOOKS_AHEAD + AROUND
    others = {held.shift.id}
    people = [held.person_id] if held.person_id is not None else []
    stays = await stays_of(session, people, now, ends, except_shifts=others)
    booked = [stay for each in stays.values() for stay in each]
    found = []
    for seat, shift, channel in rows:
        stay = wish_for(shift, seat.role).stay
        free = not any(stay.touches(each.begins, each.ends) for each in booked)
        if free and fits(seat.role, frozenset(held.handle.roles)):
            found.append(Place(seat, shift, channel))
    return found


async def offer_standing(session: AsyncSession, claim_id: UUID) -> SwapOffer | None:
    """Find the open offer of a claim; the caller has found the claim for the asker."""
    offer: SwapOffer | None = await session.scalar(
        select(SwapOffer).where(SwapOffer.claim_id == claim_id, SwapOffer.state == "open")
    )
    return offer


@dataclass(frozen=True, slots=True)
class Waiting:
    """A seat for which the asker has taken up an offer, and what they would give for it."""

    claim_id: UUID
    wanted: Place
    gives: Place | None
    answer_by: datetime


async def waits_for_exchange(session: AsyncSession, asker: Asker) -> list[Waiting]:
    """List what the asker waits for: other nodes are asked whether seats may change hands."""
    rows = await session.execute(_WAITS, {"person": asker.person_id})
    return [Waiting(row[0], Place(*row[2:5]), _place(row[5:8]), row[1]) for row in rows]
