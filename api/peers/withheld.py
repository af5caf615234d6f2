"""What this node does when a partner says what it grants or withholds: it tells what was missed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.partners.rules.capabilities import OFFER, SHIFTS
from federation.pools.models import Pool
from federation.pools.restating import restate_members_and_handles
from rota.offers.actions import state_again


async def take_note(
    session: AsyncSession,
    partner: Partner,
    granted: Sequence[str],
    withheld: Sequence[str],
    *,
    now: datetime,
) -> None:
    """Keep what a partner grants and withholds; what it did not hear meanwhile is said anew."""
    shown = set(granted) - set(partner.they_grant)
    partner.they_grant = list(granted)
    await _take_part_again(session, partner.node_id, _pools(shown, SHIFTS), now)
    regained = set(partner.they_withhold) - set(withheld)
    partner.they_withhold = list(withheld)
    pools = _pools(regained, OFFER)
    if pools:
        await state_again(session, partner.node_id, pools, now)


async def _take_part_again(
    session: AsyncSession, host: str, pools: Sequence[UUID], now: datetime
) -> None:
    """Say who takes part to a host that lets them only now: it may have refused that before.

    So does one that came to host a pool just as our project had joined it elsewhere.
    """
    theirs = await session.scalars(select(Pool.id).where(Pool.host == host, Pool.id.in_(pools)))
    if found := theirs.all():
        await restate_members_and_handles(session, now, pools=found)


def _pools(capabilities: set[str], wanted: str) -> list[UUID]:
    """Name the pools of which a capability was gained; what a partner makes up is not one."""
    named = [one.partition(":") for one in capabilities]
    return [UUID(subject) for kind, _, subject in named if kind == wanted and _is_id(subject)]


def _is_id(subject: str) -> bool:
    try:
        UUID(subject)
    except ValueError:
        return False
    return True
