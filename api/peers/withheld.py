"""What this node does when a partner says what it withholds: once granted again, tell it anew."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.partners.rules.capabilities import OFFER
from rota.offers.actions import state_again


async def take_note(
    session: AsyncSession, partner: Partner, withheld: Sequence[str], *, now: datetime
) -> None:
    """Keep what a partner withholds; what it did not hear meanwhile is said from the beginning."""
    regained = set(partner.they_withhold) - set(withheld)
    partner.they_withhold = list(withheld)
    pools = _pools(regained)
    if pools:
        await state_again(session, partner.node_id, pools, now)


def _pools(capabilities: set[str]) -> list[UUID]:
    """Name the pools of which a verb was regained; what a partner makes up is not one."""
    named = [one.partition(":") for one in capabilities]
    return [UUID(subject) for kind, _, subject in named if kind == OFFER and _is_id(subject)]


def _is_id(subject: str) -> bool:
    try:
        UUID(subject)
    except ValueError:
        return False
    return True
