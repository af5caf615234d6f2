"""What partner administrators do about who plans a pool: one step, however it is asked for."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.handing.actions import accept_pool, offer_pool, take_back_offer
from federation.handing.disputes import settle
from federation.handing.errors import OtherNameTyped
from federation.handing.losses import agree, name_deputy
from federation.handing.queries import pool_of_member
from federation.partners.actions import may_partner
from federation.partners.keys import NodeKeys
from federation.permissions.rules import Asker
from rota.handing.after_loss import go_on_without, take_over
from rota.handing.leaving import follow_from_here
from rota.reentry.actions import lock_everybody

StepName = Literal[
    "hand-over",
    "accept",
    "keep",
    "deputy",
    "take-over",
    "agree",
    "go-on-without",
    "settle-known",
    "settle-other",
]


class Wanted(NamedTuple):
    """Which pool, the node that the step names if it names one, and what somebody has typed."""

    pool_id: UUID
    node_id: str = ""
    typed: str = ""


Act = Callable[[AsyncSession, Asker, Wanted, NodeKeys, datetime], Awaitable[None]]


async def step(
    session: AsyncSession,
    asker: Asker,
    name: StepName,
    wanted: Wanted,
    keys: NodeKeys,
    now: datetime,
) -> None:
    """Take a step, once the pool's name was typed where others decide about its seats from then."""
    may_partner(asker)
    pool = await pool_of_member(session, asker, wanted.pool_id, lock=False)
    if name not in REVOCABLE and wanted.typed.strip() not in {pool.name, pool.slug}:
        raise OtherNameTyped
    await STEPS[name](session, asker, wanted, keys, now)


async def _hand_over(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await offer_pool(session, asker, wanted.pool_id, wanted.node_id, keys.node_id, now)


async def _accept(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await accept_pool(session, asker, wanted.pool_id, keys, now)


async def _keep(
    session: AsyncSession, asker: Asker, wanted: Wanted, _keys: NodeKeys, now: datetime
) -> None:
    await take_back_offer(session, asker, wanted.pool_id, now)


async def _deputy(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await name_deputy(session, asker, wanted.pool_id, wanted.node_id or None, keys, now)


async def _take_over(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await take_over(session, asker, wanted.pool_id, keys, now)


async def _agree(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await agree(session, asker, wanted.pool_id, keys, now)


async def _go_on_without(
    session: AsyncSession, asker: Asker, wanted: Wanted, _keys: NodeKeys, now: datetime
) -> None:
    await go_on_without(session, asker, wanted.pool_id, wanted.node_id, now)


async def _settle_known(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await settle(session, asker, wanted.pool_id, keys, now, take_other=False)


async def _settle_other(
    session: AsyncSession, asker: Asker, wanted: Wanted, keys: NodeKeys, now: datetime
) -> None:
    await lock_everybody(session, now)
    change = await settle(session, asker, wanted.pool_id, keys, now, take_other=True)
    if change is not None:
        await follow_from_here(session, change, keys, now)


REVOCABLE = {"keep", "deputy"}
"""What leaves the pool where it is, so that nobody has to type its name."""
STEPS: Mapping[StepName, Act] = {
    "hand-over": _hand_over,
    "accept": _accept,
    "keep": _keep,
    "deputy": _deputy,
    "take-over": _take_over,
    "agree": _agree,
    "go-on-without": _go_on_without,
    "settle-known": _settle_known,
    "settle-other": _settle_other,
}
