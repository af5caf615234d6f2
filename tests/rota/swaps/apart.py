"""Two workers whose homes are on different nodes, each with a seat on an evening of their own."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from database.session import door
from federation.errors import Refusal
from federation.notices.models import Notice
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.leave.actions import enter_leave
from rota.sign_up.actions import claim_seat, release_claim
from rota.swaps.exchange import Taken, accept_offer
from rota.swaps.models import Exchange, SwapOffer
from rota.swaps.offering import offer_seat, withdraw_offer
from tests.rota.standing import resting_wrong
from tests.rota.station import Station
from tests.rota.three_nodes import ThreeNodes
from tests.rota.world import Planned, Worker, a_shift

WEEK = timedelta(days=7)
PLACES = [("host", "east"), ("east", "host"), ("east", "west"), ("east", "east")]
"""Where wren and robin can be at home, seen from the host of their pool."""


@dataclass
class Apart:
    """`wren` leads on Tuesday, `robin` is second on Wednesday; each at home at their own place."""

    nodes: ThreeNodes
    wrens_home: Station
    robins_home: Station
    wren: Worker
    robin: Worker
    tuesday: Planned
    wednesday: Planned
    wrens: UUID
    robins: UUID
    """The claims that they hold."""

    @property
    def host(self) -> Station:
        return self.nodes.host

    @property
    def now(self) -> datetime:
        return self.nodes.clock.now

    async def offer(self, **terms: Any) -> UUID:
        """Let wren offer the seat; what follows from it is still to be delivered."""
        made = await self.wrens_home.do(
            lambda session: offer_seat(session, self.wren.asker, self.wrens, self.now, **terms)
        )
        offer: UUID = made.id
        return offer

    async def offered(self, **terms: Any) -> UUID:
        offer = await self.offer(**terms)
        await self.nodes.calm_down()
        return offer

    async def take(self, offer: UUID, **given: Any) -> Taken:
        """Let robin take it up for their own seat."""
        terms = {"gives": self.robins} | given
        taken: Taken = await self.robins_home.do(
            lambda session: accept_offer(session, self.robin.asker, offer, self.now, **terms)
        )
        return taken

    async def take_back(self, offer: UUID) -> None:
        await self.wrens_home.do(
            lambda session: withdraw_offer(session, self.wren.asker, offer, self.now)
        )

    async def wren_gives_up(self, claim: UUID | None = None) -> None:
        await self._give_up(self.wrens_home, self.wren, claim or self.wrens)

    async def robin_gives_up(self, claim: UUID | None = None) -> None:
        await self._give_up(self.robins_home, self.robin, claim or self.robins)

    async def _give_up(self, home: Station, worker: Worker, claim: UUID) -> None:
        await home.do(lambda session: release_claim(session, worker.asker, claim, self.now))

    async def robin_is_away(self, starts: datetime) -> None:
        ends = starts + timedelta(hours=1)
        await self.robins_home.do(
            lambda session: enter_leave(
                session, self.robin.asker, self.robin.id, starts, ends, self.now, give_back=False
            )
        )

    async def robin_waits_for(self) -> UUID:
        """Give the claim by which robin waits for what was offered."""
        async with door(self.robins_home.engine) as session:
            mine = (Claim.handle_id == self.robin.handle, Claim.state == "requested")
            return (await session.scalars(select(Claim.id).where(*mine))).one()

    async def holders(self, station: Station | None = None) -> dict[str, UUID]:
        """Tell who has which of the two seats, in the words of one node."""
        async with door((station or self.host).engine) as session:
            rows = await session.execute(
                select(Claim.seat_id, Claim.handle_id).where(
                    Claim.state == "held", Claim.seat_id.in_(self.seats.values())
                )
            )
            held = dict(rows.all())
        return {name: held[seat] for name, seat in self.seats.items() if seat in held}

    @property
    def seats(self) -> dict[str, UUID]:
        return {"tuesday": self.tuesday.lead, "wednesday": self.wednesday.seats["second"]}

    @property
    def as_before(self) -> dict[str, UUID]:
        return {"tuesday": self.wren.handle, "wednesday": self.robin.handle}

    @property
    def swapped(self) -> dict[str, UUID]:
        return {"tuesday": self.robin.handle, "wednesday": self.wren.handle}

    async def booked(self, station: Station, worker: Worker) -> set[UUID]:
        """Give the seats for which somebody's time is kept at home."""
        async with door(station.engine) as session:
            rows = await session.scalars(
                select(Claim.seat_id)
                .join(Booking, Booking.claim_id == Claim.id)
                .where(
                    Booking.person_id == worker.id,
                    Booking.active,
                    Claim.seat_id.in_(self.seats.values()),
                )
            )
            return set(rows)

    async def offer_at(self, station: Station, offer: UUID) -> str | None:
        """Give how an offer stands in the words of one node."""
        async with door(station.engine) as session:
            state: str | None = await session.scalar(
                select(SwapOffer.state).where(SwapOffer.id == offer)
            )
            return state

    async def exchanged(self, offer: UUID) -> bool:
        """Tell whether the host has let seats change hands for an offer."""
        async with door(self.host.engine) as session:
            found = await session.scalar(select(Exchange.id).where(Exchange.offer_id == offer))
        return found is not None

    async def told(self, station: Station, worker: Worker) -> list[str]:
        """Give what somebody was told of swaps since this story began."""
        async with door(station.engine) as session:
            rows = await session.scalars(
                select(Notice.code)
                .where(
                    Notice.person_id == worker.id,
                    Notice.at >= self.now,
                    Notice.code.startswith("swap"),
                )
                .order_by(Notice.at, Notice.id)
            )
            return list(rows)

    async def settled(self) -> dict[str, UUID]:
        """Deliver everything; see that all nodes agree, and give who holds which seat."""
        await self.nodes.calm_down()
        assert await resting_wrong(self.nodes) == []
        at_host = await self.holders()
        for home in (self.wrens_home, self.robins_home):
            here = {self.wren.handle} if home is self.wrens_home else set()
            here |= {self.robin.handle} if home is self.robins_home else set()
            mine = {name: handle for name, handle in at_host.items() if handle in here}
            assert await self.holders(home) == (at_host if home is self.host else mine)
        return at_host


async def refusal(action: Awaitable[Any]) -> list[str]:
    """Give the codes by which an action was refused."""
    try:
        await action
    except Refusal as refused:
        return [reason.code for reason in refused.reasons] or [refused.code]
    return []


async def apart(nodes: ThreeNodes, wrens: Station, robins: Station, **shift: Any) -> Apart:
    """Seat both, some weeks after whatever other tests have planned."""
    nodes.clock.now += 6 * WEEK
    evening = nodes.clock.now.replace(hour=19, minute=0) + WEEK
    later = shift.pop("later", timedelta(days=1))
    async with door(nodes.host.engine) as session:
        tuesday = await a_shift(session, nodes.pool, evening, trainings=[])
        wednesday = await a_shift(session, nodes.pool, evening + later, trainings=[], **shift)
    await nodes.calm_down()
    wren = nodes.people[wrens.name][0]
    robin = nodes.people[robins.name][1]
    claims = [
        await _seated(nodes, wrens, wren, tuesday.lead),
        await _seated(nodes, robins, robin, wednesday.seats["second"]),
    ]
    await nodes.calm_down()
    made = Apart(nodes, wrens, robins, wren, robin, tuesday, wednesday, *claims)
    assert await made.holders() == made.as_before
    return made


async def at(nodes: ThreeNodes, wrens: str, robins: str) -> Apart:
    """Seat both, their homes given by name."""
    by_name = {station.name: station for station in nodes.all}
    return await apart(nodes, by_name[wrens], by_name[robins])


async def _seated(nodes: ThreeNodes, home: Station, worker: Worker, seat: UUID) -> UUID:
    claim = await home.do(lambda session: claim_seat(session, worker.asker, seat, nodes.clock.now))
    made: UUID = claim.id
    return made
