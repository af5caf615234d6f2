"""What must hold of exchanges: at once or not at all, and known alike wherever it is known."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.session import door
from federation.handing.models import PoolTerm
from federation.restoring.queries import was_restored
from rota.claims.models import Claim
from rota.claims.queries import ENDED, LIVE
from rota.swaps.models import AskedExchange, Exchange, ExchangeLeg, SwapOffer
from tests.rota.station import Station
from tests.rota.three_nodes import ThreeNodes


async def halves_wrong(session: AsyncSession) -> list[str]:
    """Find who gave a seat and has it still, and at a host seats that one gave and nobody got."""
    gave, got = aliased(Claim), aliased(Claim)
    rows = await session.execute(
        select(
            Exchange.id,
            gave.state,
            gave.seat_id.label("given"),
            got.seat_id.label("taken"),
            SwapOffer.decided_here,
        )
        .join(ExchangeLeg, ExchangeLeg.exchange_id == Exchange.id)
        .join(SwapOffer, SwapOffer.id == Exchange.offer_id)
        .outerjoin(gave, gave.id == ExchangeLeg.gave_claim_id)
        .outerjoin(got, got.id == ExchangeLeg.got_claim_id)
    )
    wrong: list[str] = []
    moved: dict[UUID, tuple[set[UUID], set[UUID]]] = {}
    for exchange, state, given, taken, decided_here in rows:
        if state in LIVE:
            wrong.append(f"{given} was given in exchange {exchange} and is {state}")
        if decided_here:
            all_given, all_taken = moved.setdefault(exchange, (set(), set()))
            all_given |= {given} - {None}
            all_taken |= {taken} - {None}
    wrong += [
        f"exchange {each}: {given} went away, {taken} came"
        for each, (given, taken) in moved.items()
        if given != taken
    ]
    return wrong


async def left_over(nodes: ThreeNodes) -> list[str]:
    """Find exchanges still under way, and offers that are not known alike, when all is calm."""
    async with door(nodes.host.engine) as session:
        asked = await session.scalars(
            select(AskedExchange.id).where(AskedExchange.state == "asked")
        )
        wrong = [f"exchange {each} is still asked about" for each in asked]
    at_host = await _offers(nodes.host)
    if await _restored(nodes.host):
        return wrong
    came_over = await _came_over(nodes.host)
    for home in nodes.homes:
        over = await _given_up(home)
        for offer, state in (await _offers(home)).items():
            # what ended at a host that was is over, and the next one never knew it
            ended = state not in {"open", "withdrawing"} or offer in over
            alone = came_over and offer not in at_host and ended
            if state != at_host.get(offer) and not alone:
                wrong.append(f"offer {offer}: {home.name} {state}, host {at_host.get(offer)}")
    return wrong


async def _offers(station: Station) -> dict[UUID, str]:
    async with door(station.engine) as session:
        rows = await session.execute(select(SwapOffer.id, SwapOffer.state))
        return dict(rows.all())


async def _given_up(station: Station) -> set[UUID]:
    """Find offers of seats that their givers no longer have: over, also where nobody said so."""
    async with door(station.engine) as session:
        given = select(SwapOffer.id).join(Claim, Claim.id == SwapOffer.claim_id)
        return set(await session.scalars(given.where(Claim.state.in_(ENDED))))


async def _came_over(station: Station) -> bool:
    """Tell whether another node has hosted the pool before this one."""
    async with door(station.engine) as session:
        return bool(await session.scalar(select(exists().where(PoolTerm.term > 1))))


async def _restored(station: Station) -> bool:
    async with door(station.engine) as session:
        return await was_restored(session)
