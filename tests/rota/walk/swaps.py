"""Steps by which people of all nodes offer seats to one another, take them up, and think again."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.people.models import Handle
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.swaps.exchange import accept_offer
from rota.swaps.held import held_by_claim
from rota.swaps.models import ExchangeLeg, SwapOffer
from rota.swaps.offering import offer_seat, withdraw_offer
from rota.swaps.queries import OfferSeen, Place, could_be_wanted, offers_seen
from tests.rota.station import Station
from tests.rota.walk.steps import Step, Walk
from tests.rota.world import Worker

OFFERS = (
    select(SwapOffer.id)
    .where(SwapOffer.state == "open", SwapOffer.claim_id.is_not(None))
    .order_by(SwapOffer.made_at, SwapOffer.id)
)


async def offer(walk: Walk) -> str:
    """Offer a seat to all or to one, for nothing, for any seat or for a certain one."""
    station, worker, claim = await walk.holder({"held"})
    one_way = walk.random.random() < 0.3
    to = _somebodys_name(walk) if walk.random.random() < 0.2 else None
    choosy = not one_way and walk.random.random() < 0.3
    wanted = await _something_wanted(walk, station, claim) if choosy else []
    return await walk.attempt(
        station,
        lambda session: offer_seat(
            session, worker.asker, claim, walk.now, to=to, one_way=one_way, wanted=wanted
        ),
    )


def _somebodys_name(walk: Walk) -> str:
    return walk.random.choice(
        [each for some in walk.nodes.people.values() for each in some]
    ).display


async def _something_wanted(walk: Walk, station: Station, claim: UUID) -> list[UUID]:
    if claim == UUID(int=0):
        return []
    async with door(station.engine) as session:
        places = await could_be_wanted(session, await held_by_claim(session, claim), walk.now)
        found = [place.seat.id for place in _in_order(places)]
    return [walk.random.choice(found)] if found else []


def _in_order(places: list[Place]) -> list[Place]:
    return sorted(places, key=lambda each: (*each.times, each.seat.role))


async def swap(walk: Walk) -> str:
    """Take up an offer as somebody who sees one, at whichever node."""
    seen = [(station, *each) for station in walk.nodes.all for each in await _seen(walk, station)]
    if not seen:
        return "nobody sees an offer to take up"
    station, worker, offer_id, in_return = walk.random.choice(seen)
    gives = walk.random.choice(in_return) if in_return else None
    return await walk.attempt(
        station,
        lambda session: accept_offer(session, worker.asker, offer_id, walk.now, gives=gives),
    )


async def _seen(walk: Walk, station: Station) -> list[tuple[Worker, UUID, list[UUID | None]]]:
    async with door(station.engine) as session:
        return [
            (worker, one.offer.id, [place.claim_id for place in _in_order(list(one.in_return))])
            for worker in walk.nodes.people[station.name]
            for one in await _others_offers(session, worker, walk)
        ]


async def _others_offers(session: AsyncSession, worker: Worker, walk: Walk) -> list[OfferSeen]:
    return [one for one in await offers_seen(session, worker.asker, walk.now) if not one.mine]


async def take_offer_back(walk: Walk) -> str:
    station, _worker = walk.somebody()
    offer_id = await walk.any_of(station, OFFERS)
    worker = await _who_offers(walk, station, offer_id)
    if worker is None:
        return "nothing is offered"
    return await walk.attempt(
        station, lambda session: withdraw_offer(session, worker.asker, offer_id, walk.now)
    )


async def _who_offers(walk: Walk, station: Station, offer_id: UUID) -> Worker | None:
    async with door(station.engine) as session:
        handle = await session.scalar(
            select(Claim.handle_id)
            .join(SwapOffer, SwapOffer.claim_id == Claim.id)
            .where(SwapOffer.id == offer_id)
        )
    by_handle = {worker.handle: worker for worker in walk.nodes.people[station.name]}
    return by_handle.get(handle) if handle else None


async def note_exchanges(walk: Walk) -> None:
    """Note between whom seats were swapped so far, each giving one."""
    async with door(walk.nodes.host.engine) as session:
        walk.exchanged |= await _pairs(session)


async def _pairs(session: AsyncSession) -> set[str]:
    rows = await session.execute(
        select(ExchangeLeg.exchange_id, Project.node)
        .join(Handle, Handle.id == ExchangeLeg.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(ExchangeLeg.gave_claim_id.is_not(None), ExchangeLeg.got_claim_id.is_not(None))
    )
    nodes: dict[UUID, list[str | None]] = {}
    for exchange, node in rows:
        nodes.setdefault(exchange, []).append(node)
    return {_pair(both) for both in nodes.values() if len(both) == 2}


def _pair(nodes: list[str | None]) -> str:
    if None in nodes:
        return "both at the host" if nodes[0] == nodes[1] else "one at the host"
    return "of one home" if nodes[0] == nodes[1] else "of two homes"


SWAPS: dict[Step, int] = {offer: 12, swap: 14, take_offer_back: 2}
