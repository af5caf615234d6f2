"""Accounts on a channel's tool, in the words of the planner: it plans nobody whom a host refuses.

For this node's people the account is one more training that the channel's shifts ask for. Another
home's offers know nothing of accounts, so those for such shifts count only where there is one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Channel
from rota.passport.models import ToolAccount

LASTING = date.max.isoformat()
"""An account ends when it is withdrawn, not on a day known before."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which channels of a pool need an account, and which handles have one."""

    needed: Mapping[UUID, str]
    """By channel, what the planner calls its account."""
    granted: Collection[tuple[UUID, UUID]]
    """Each a channel and a handle."""

    def asked_by(self, channel: UUID) -> list[str]:
        """Name what the shifts of a channel ask for besides trainings."""
        return [self.needed[channel]] if channel in self.needed else []

    def has(self, handle: UUID, channel: UUID) -> bool:
        """Tell whether a handle has what a channel's tool needs, be it nothing."""
        return channel not in self.needed or (channel, handle) in self.granted

    def held_by(self, handle: UUID, kept: Collection[UUID]) -> list[dict[str, Any]]:
        """List a handle's accounts; channels on which they keep a seat already count as well."""
        return [
            {"name": name, "expires": LASTING}
            for channel, name in sorted(self.needed.items(), key=lambda each: each[1])
            if channel in kept or (channel, handle) in self.granted
        ]


async def accounts_in(session: AsyncSession, pool_id: UUID) -> Accounts:
    """Read the accounts of a pool, in two queries however many channels and people it has."""
    channels = await session.execute(
        select(Channel.id, Channel.slug).where(
            Channel.pool_id == pool_id, Channel.tool_account.is_not(None)
        )
    )
    needed = {channel: f"account on {slug}" for channel, slug in channels}
    granted = await session.execute(
        select(ToolAccount.channel_id, ToolAccount.handle_id).where(
            ToolAccount.channel_id.in_(needed), ToolAccount.withdrawn_at.is_(None)
        )
    )
    return Accounts(needed, {(channel, handle) for channel, handle in granted})
