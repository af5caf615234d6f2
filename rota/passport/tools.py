"""Accounts on a channel's tool: what it needs, and for which handles its owner has made one."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.announce import announce_pool
from federation.pools.models import Channel, Pool, PoolMember
from federation.pools.queries import pool_planned_by
from federation.projects.models import Project
from rota.passport.actions import PASSPORT
from rota.passport.errors import NoAccountNeeded, NotTheOwner
from rota.passport.models import ToolAccount
from rota.passport.requirements import lock_shifts_to_come

HAS_ACCOUNT = (
    select(ToolAccount.id)
    .where(
        ToolAccount.channel_id == bindparam("channel_id"),
        ToolAccount.handle_id == bindparam("handle_id"),
        ToolAccount.withdrawn_at.is_(None),
    )
    .with_for_update(read=True)
)
NEEDS_ACCOUNT = select(Channel.tool_account.is_not(None)).where(
    Channel.id == bindparam("channel_id")
)
"""Built once: every claim asks for the first, and on a channel that needs an account for the other.

Shared lock: the account is withdrawn before a claim, or after it and then sees the claim.
"""


class AccountSeen(NamedTuple):
    """A handle of the pool, its project, and since when it has an account on a channel's tool."""

    handle_id: UUID
    display: str
    project: str
    granted_at: datetime | None


class Tool(NamedTuple):
    """A channel of a pool whose tool needs an account, and the handles with theirs."""

    channel: Channel
    pool: Pool
    accounts: list[AccountSeen]


async def lacks_account(session: AsyncSession, channel_id: UUID, handle_id: UUID) -> bool:
    """Tell whether a channel's tool needs an account that a handle does not have.

    Read anew each time, since the channel may have been read before its shift was locked.
    """
    if not await session.scalar(NEEDS_ACCOUNT, {"channel_id": channel_id}):
        return False
    asked = {"channel_id": channel_id, "handle_id": handle_id}
    return await session.scalar(HAS_ACCOUNT, asked) is None


async def need_account(
    session: AsyncSession, asker: Asker, channel_id: UUID, needed: str, now: datetime
) -> None:
    """Say in a few words what a channel's tool needs; nothing means no account is needed.

    The asker's project owns the tool from then on. Seats of those who have no account yet fall
    free, so grant the accounts at once or do this before the shifts are staffed.
    """
    channel = await _channel(session, asker, channel_id)
    if channel.tool_owner not in {None, asker.project_id}:
        raise NotTheOwner
    # who claims a seat holds its shift, and looks at the channel after that: before us or after us
    await lock_shifts_to_come(session, [channel_id], now)
    channel.tool_account = needed or None
    channel.tool_owner = asker.project_id if needed else None
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="need-tool-account" if needed else "need-no-tool-account",
        subject="channel",
        subject_id=channel_id,
        now=now,
    )
    await announce_pool(session, channel.pool_id, now)
    await put(session, PASSPORT, {"channel": str(channel_id)}, now=now, key=str(channel_id))


async def grant_account(
    session: AsyncSession, asker: Asker, channel_id: UUID, handle_id: UUID, now: datetime
) -> None:
    """Note that the tool's owner has made an account under the handle; twice is once."""
    await _owned(session, asker, channel_id, handle_id)
    made = await session.scalar(
        insert(ToolAccount)
        .values(id=new_id(), channel_id=channel_id, handle_id=handle_id, granted_at=now)
        .on_conflict_do_nothing()
        .returning(ToolAccount.id)
    )
    if made is not None:
        await _record(session, asker, "grant-tool-account", handle_id, made, now)


async def withdraw_account(
    session: AsyncSession, asker: Asker, channel_id: UUID, handle_id: UUID, now: datetime
) -> None:
    """Note that an account is gone: the handle's seats on that channel fall free."""
    await _owned(session, asker, channel_id, handle_id)
    gone = await session.scalar(
        update(ToolAccount)
        .where(
            ToolAccount.channel_id == channel_id,
            ToolAccount.handle_id == handle_id,
            ToolAccount.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .returning(ToolAccount.id)
    )
    if gone is None:
        raise NotFound
    await _record(session, asker, "withdraw-tool-account", handle_id, gone, now)
    await put(session, PASSPORT, {"channel": str(channel_id)}, now=now, key=str(channel_id))


async def accounts_on(session: AsyncSession, asker: Asker, channel_id: UUID) -> list[AccountSeen]:
    """List the pool's handles with their accounts, for the coordinators of the tool's owner."""
    require_role(asker, "coordinator")
    channel = await session.get(Channel, channel_id)
    if channel is None or channel.tool_owner != asker.project_id:
        raise NotFound
    return (await _accounts(session, [channel_id]))[channel_id]


async def owned_tools(session: AsyncSession, asker: Asker) -> list[Tool]:
    """List the tools that need an account from the asker's project, with those that there are."""
    require_role(asker, "coordinator")
    rows = await session.execute(
        select(Channel, Pool)
        .join(Pool, Pool.id == Channel.pool_id)
        .where(Channel.tool_owner == asker.project_id, Channel.tool_account.is_not(None))
        .order_by(Pool.slug, Channel.slug)
    )
    tools = [(channel, pool) for channel, pool in rows]
    accounts = await _accounts(session, [channel.id for channel, _ in tools])
    return [Tool(channel, pool, accounts[channel.id]) for channel, pool in tools]


async def _accounts(
    session: AsyncSession, channel_ids: Collection[UUID]
) -> dict[UUID, list[AccountSeen]]:
    rows = await session.execute(
        select(Channel.id, Handle.id, Handle.display, Project.slug, ToolAccount.granted_at)
        .join(Handle, Handle.pool_id == Channel.pool_id)
        .join(Project, Project.id == Handle.project_id)
        .outerjoin(
            ToolAccount,
            (ToolAccount.handle_id == Handle.id)
            & (ToolAccount.channel_id == Channel.id)
            & ToolAccount.withdrawn_at.is_(None),
        )
        .where(Channel.id.in_(channel_ids), Handle.retired_at.is_(None))
        .order_by(Project.slug, Handle.display)
    )
    found: dict[UUID, list[AccountSeen]] = {channel_id: [] for channel_id in channel_ids}
    for channel_id, handle_id, display, project, granted_at in rows:
        found[channel_id].append(AccountSeen(handle_id, display, project, granted_at))
    return found


async def _channel(session: AsyncSession, asker: Asker, channel_id: UUID) -> Channel:
    """Find a channel of a pool that the asker may plan, locked: nobody adds a shift meanwhile."""
    require_write(asker)
    channel = await session.get(Channel, channel_id, with_for_update=True, populate_existing=True)
    if channel is None:
        raise NotFound
    await pool_planned_by(session, asker, channel.pool_id)
    return channel


async def _owned(session: AsyncSession, asker: Asker, channel_id: UUID, handle_id: UUID) -> Channel:
    require_write(asker)
    require_role(asker, "coordinator")
    row = (
        await session.execute(
            select(Channel, Handle.id)
            .join(PoolMember, PoolMember.pool_id == Channel.pool_id)
            .outerjoin(Handle, (Handle.pool_id == Channel.pool_id) & (Handle.id == handle_id))
            .where(Channel.id == channel_id, PoolMember.project_id == asker.project_id)
        )
    ).one_or_none()
    if row is None or row[1] is None:
        raise NotFound
    channel: Channel = row[0]
    if channel.tool_account is None:
        raise NoAccountNeeded
    if channel.tool_owner != asker.project_id:
        raise NotTheOwner
    return channel


async def _record(
    session: AsyncSession,
    asker: Asker,
    verb: str,
    handle_id: UUID,
    account_id: UUID,
    now: datetime,
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="handle",
        subject_id=handle_id,
        now=now,
        facts={"account": str(account_id)},
    )
