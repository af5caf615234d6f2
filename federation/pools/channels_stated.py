"""The channels of another node's pool: its host names all that there are, each time anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Channel
from federation.pools.rules import free_slug
from federation.pools.stated import Count, Long, Name, Slug, Texts


class StatedChannel(msgspec.Struct, frozen=True):
    """A channel, as the host describes it."""

    id: UUID
    slug: Slug
    name: Name
    kind: Literal["session", "task", "inbox"]
    minimum_workers: Count
    minimum_supervisors: Count
    trainings: Texts
    rules_of_engagement: Long
    tool_account: Long | None = None


async def keep_channels(
    session: AsyncSession, pool_id: UUID, channels: Sequence[StatedChannel], now: datetime
) -> None:
    """Keep what a host says of its channels; one that it leaves out is neither shown nor offered.

    Its row stays: sessions that were held there are part of what people and projects have done.
    """
    named = {channel.slug: channel.id for channel in channels}
    known = await session.execute(
        select(Channel.id, Channel.slug, Channel.left_out_at).where(Channel.pool_id == pool_id)
    )
    rows = known.all()
    taken = {*named, *(row.slug for row in rows)}
    for row in rows:
        if row.id not in named.values():
            await _leave_out(session, row.id, row.left_out_at or now)
        if named.get(row.slug, row.id) != row.id:
            # another channel has its short name now, perhaps until its own comes
            taken.add(slug := free_slug(row.slug, taken))
            await session.execute(update(Channel).where(Channel.id == row.id).values(slug=slug))
    for channel in channels:
        await _keep_channel(session, pool_id, channel)


async def _leave_out(session: AsyncSession, channel_id: UUID, at: datetime) -> None:
    await session.execute(update(Channel).where(Channel.id == channel_id).values(left_out_at=at))


async def _keep_channel(session: AsyncSession, pool_id: UUID, channel: StatedChannel) -> None:
    facts = msgspec.structs.asdict(channel)
    row = insert(Channel).values(**facts, pool_id=pool_id)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Channel.id],
            set_={name: row.excluded[name] for name in facts if name != "id"}
            | {"left_out_at": None},
            where=Channel.pool_id == pool_id,
        )
    )
