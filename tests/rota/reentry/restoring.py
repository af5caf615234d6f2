"""Two nodes of which one loses what happened since a moment, as a restored backup does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from database.outbox import OutboxRow
from federation.partners.rules.canonical import admit
from federation.partners.rules.signatures import Jwk, public_part, verified
from federation.restoring.actions import REENTER, begin_restore, mark_restored
from rota.claims.models import Claim
from rota.reentry.actions import RESTATE, reenter, restate_pool
from rota.reentry.entering import Verify
from rota.reentry.models import ReentryFinding
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.from_homes import RECEIPT
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, Worker

BACKUP = "SAVEPOINT backup"
COME_BACK = "ROLLBACK TO SAVEPOINT backup"


@dataclass(frozen=True)
class Backup:
    """A moment of one side to which it can come back, once or more often."""

    side: Side
    read: dict[tuple[str, str, str], int]

    async def restore(self, now: datetime = NOW) -> None:
        """Come back, and ask the other side."""
        self.side.session.expunge_all()
        await self.side.session.execute(text(COME_BACK))
        self.side.read = dict(self.read)
        await self.side.do(lambda session: mark_restored(session, now))
        await self.side.do(lambda session: begin_restore(session, now))


async def backed_up(side: Side) -> Backup:
    await side.session.execute(text(BACKUP))
    return Backup(side, dict(side.read))


def _read(keys: Sequence[Jwk], receipt: str) -> dict[str, Any]:
    return admit(verified(receipt, keys, RECEIPT))


def reader_of(side: Side) -> Verify:
    return partial(_read, [public_part(side.keys.by_role["head"])])


async def enter_again(side: Side, other: Side, now: datetime = NOW) -> None:
    """Do what a worker does once all have answered; nothing before."""
    due = select(OutboxRow.id).where(OutboxRow.kind == REENTER)
    if await side.session.scalar(due) is None:
        return

    async def receipts_of(_nodes: Sequence[str]) -> dict[str, Verify]:
        return {other.id: reader_of(other)}

    async with side.door() as session:
        await reenter(
            session,
            now,
            sign=lambda receipt: side.keys.sign("head", receipt, purpose=RECEIPT),
            our_receipt=reader_of(side),
            receipts_of=receipts_of,
        )
    pools = await side.session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == RESTATE))
    for about in pools.all():
        await side.do(partial(restate_pool, pool_id=about["pool"], now=now))


async def heal(nodes: TwoNodes, side: Side, now: datetime = NOW) -> None:
    """Let both hear one another, the restored side enter what it was told, and both hear that."""
    other = nodes.home if side is nodes.host else nodes.host
    await hear_all(nodes, now)
    await enter_again(side, other, now)
    await hear_all(nodes, now)


async def hear_all(nodes: TwoNodes, now: datetime = NOW) -> None:
    """Deliver everything; what waits for the restore is delivered again afterwards."""
    for _ in range(3):
        await nodes.exchange(now)


async def taken(side: Side, worker: Worker, seat: UUID, *, at: datetime = NOW) -> UUID:
    claim: Claim = await side.do(lambda session: claim_seat(session, worker.asker, seat, at))
    return claim.id


async def given_back(side: Side, worker: Worker, claim: UUID) -> None:
    await side.do(lambda session: release_claim(session, worker.asker, claim, NOW))


async def state(side: Side, claim: UUID) -> str | None:
    found: str | None = await side.session.scalar(select(Claim.state).where(Claim.id == claim))
    return found


async def states(nodes: TwoNodes, claim: UUID) -> list[str | None]:
    """Say how a claim stands at the host and at home."""
    return [await state(side, claim) for side in (nodes.host, nodes.home)]


async def findings(side: Side) -> list[tuple[str, UUID | None, UUID | None]]:
    rows = await side.session.execute(
        select(ReentryFinding.kind, ReentryFinding.claim_id, ReentryFinding.shift_id).order_by(
            ReentryFinding.kind
        )
    )
    return [(kind, claim, shift) for kind, claim, shift in rows]
