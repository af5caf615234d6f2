"""Cover on two nodes, act by act: but for `hold`, what is done here is still to be carried."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from rota.cover.actions import ask_for_cover
from rota.cover.ladder import move_on
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, Worker, claim_now

DAY = timedelta(days=1)


async def hold(side: Side, worker: Worker, seat: UUID, nodes: TwoNodes) -> UUID:
    async with side.door() as session:
        claim = (await claim_seat(session, worker.asker, seat, NOW)).id
    await nodes.exchange()
    assert await state(side, claim) == "held"
    return claim


async def state(side: Side, claim: UUID) -> str:
    return (await claim_now(side.session, claim)).state


async def cover_at(side: Side, cover: UUID) -> tuple[str, str] | None:
    await side.session.flush()
    row = (
        await side.session.execute(
            select(CoverRequest.step, CoverRequest.state).where(CoverRequest.id == cover)
        )
    ).one_or_none()
    return (row.step, row.state) if row else None


async def ask(side: Side, worker: Worker, claim: UUID) -> UUID:
    async with side.door() as session:
        return (await ask_for_cover(session, worker.asker, claim, NOW)).id


async def take(side: Side, worker: Worker, cover: UUID) -> UUID:
    async with side.door() as session:
        return (await take_cover(session, worker.asker, cover, NOW)).id


async def step(side: Side, cover: UUID, name: str, days: int) -> None:
    async with side.door() as session:
        await move_on(session, cover, name, NOW + days * DAY)
