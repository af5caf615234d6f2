"""What a node does with its partners' words about pools, members and handles."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.announce import announce_pool
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project

ROLES_ABROAD = frozenset({"worker", "supervisor"})


class StatedProject(msgspec.Struct, frozen=True):
    """A partner's project, as it describes itself."""

    id: UUID
    slug: str
    name: str
    region: str
    jurisdiction: str
    zone: str
    languages: list[str]


class StatedChannel(msgspec.Struct, frozen=True):
    """A channel, as the host describes it."""

    id: UUID
    slug: str
    name: str
    kind: str
    minimum_workers: int
    minimum_supervisors: int
    trainings: list[str]
    rules_of_engagement: str


class StatedMember(msgspec.Struct, frozen=True):
    """A project's place in a pool, as the host states it to all members."""

    project: StatedProject
    hours_offered_per_week: str
    hours_before_per_week: str


class StatedPool(msgspec.Struct, frozen=True):
    """A pool, as its host describes it."""

    id: UUID
    slug: str
    name: str
    zone: str
    supervisor_sessions_at_once: int
    speakers_shown_from: int
    elsewhere: list[dict[str, Any]]
    channels: list[StatedChannel]
    members: list[StatedMember]


class MemberJoined(msgspec.Struct, frozen=True):
    """A partner's project takes part in a pool of ours."""

    pool: UUID
    project: StatedProject
    hours_offered_per_week: str
    hours_before_per_week: str


class StatedHandle(msgspec.Struct, frozen=True):
    """A pseudonym in a pool of ours, with what decides which seats fit."""

    id: UUID
    pool: UUID
    project: UUID
    display: str
    roles: list[str]
    languages: list[str]
    hours_per_week: str
    shifts_per_week: int
    rest_hours: str
    retired: bool


class HandleRenamed(msgspec.Struct, frozen=True):
    """The host's answer when a display handle was taken already."""

    id: UUID
    display: str


async def receive_pool(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep a host's pool with its channels; the projects that we host stay ours."""
    stated = msgspec.convert(payload, StatedPool)
    facts = msgspec.structs.asdict(stated)
    del facts["channels"], facts["members"]
    row = insert(Pool).values(**facts, host=host, revision=1)
    kept = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[Pool.id],
            set_={name: row.excluded[name] for name in facts if name != "id"}
            | {"revision": Pool.revision + 1},
            where=Pool.host == host,
        ).returning(Pool.id)
    )
    if kept is None:
        raise NotFound
    for channel in stated.channels:
        await _keep_channel(session, stated.id, channel)
    for member in stated.members:
        await _keep_project(session, host, member.project)
    await _keep_members(session, stated, now)


async def _keep_channel(session: AsyncSession, pool_id: UUID, channel: StatedChannel) -> None:
    facts = msgspec.structs.asdict(channel)
    row = insert(Channel).values(**facts, pool_id=pool_id)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Channel.id],
            set_={name: row.excluded[name] for name in facts if name != "id"},
            where=Channel.pool_id == pool_id,
        )
    )


async def _keep_project(session: AsyncSession, node: str, project: StatedProject) -> None:
    """Keep a partner's project; what this node or another partner hosts is not overwritten."""
    facts = msgspec.structs.asdict(project)
    row = insert(Project).values(**facts, node=node)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Project.id],
            set_={name: row.excluded[name] for name in facts if name not in {"id", "slug"}},
            where=Project.node == node,
        )
    )


async def _keep_members(session: AsyncSession, stated: StatedPool, now: datetime) -> None:
    """Mirror who takes part; our own projects' membership is ours to say."""
    ours = select(Project.id).where(Project.node.is_(None))
    own_projects = set(await session.scalars(ours))
    abroad = [member for member in stated.members if member.project.id not in own_projects]
    await session.execute(
        delete(PoolMember).where(
            PoolMember.pool_id == stated.id,
            PoolMember.project_id.not_in([member.project.id for member in abroad]),
            PoolMember.project_id.not_in(ours),
        )
    )
    for member in abroad:
        await _enter_member(session, stated.id, member, now)


async def _enter_member(
    session: AsyncSession, pool_id: UUID, member: StatedMember | MemberJoined, now: datetime
) -> None:
    hours = {
        "hours_offered_per_week": float(member.hours_offered_per_week),
        "hours_before_per_week": float(member.hours_before_per_week),
    }
    await session.execute(
        insert(PoolMember)
        .values(
            id=new_id(),
            pool_id=pool_id,
            project_id=member.project.id,
            joined_at=now,
            **hours,
        )
        .on_conflict_do_update(constraint="uq_pool_member_pool_id_project_id", set_=hours)
    )


async def receive_member(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Enter a partner's project as a member of a pool that this node hosts."""
    joined = msgspec.convert(payload, MemberJoined)
    host = await session.execute(select(Pool.host).where(Pool.id == joined.pool))
    if (row := host.one_or_none()) is None or row[0] is not None:
        raise NotFound
    await _keep_project(session, home, joined.project)
    await _only_project_of(session, joined.project.id, home)
    await _enter_member(session, joined.pool, joined, now)
    await announce_pool(session, joined.pool, now)


async def receive_handle(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Enter a partner's pseudonym; one whose display is taken gets another, and home is told."""
    stated = msgspec.convert(payload, StatedHandle)
    await _only_project_of(session, stated.project, home)
    member = await session.scalar(
        select(PoolMember.id).where(
            PoolMember.pool_id == stated.pool, PoolMember.project_id == stated.project
        )
    )
    if member is None:
        raise NotFound
    taken = set(
        await session.scalars(
            select(Handle.display).where(Handle.pool_id == stated.pool, Handle.id != stated.id)
        )
    )
    display, number = stated.display, 2
    while display in taken:
        display, number = f"{stated.display}-{number}", number + 1
    facts = {
        "display": display,
        "roles": [role for role in stated.roles if role in ROLES_ABROAD],
        "languages": stated.languages,
        "hours_per_week": float(stated.hours_per_week),
        "shifts_per_week": stated.shifts_per_week,
        "rest_hours": float(stated.rest_hours),
        "retired_at": now if stated.retired else None,
    }
    await session.execute(
        insert(Handle)
        .values(id=stated.id, pool_id=stated.pool, project_id=stated.project, **facts)
        .on_conflict_do_update(
            index_elements=[Handle.id], set_=facts, where=Handle.project_id == stated.project
        )
    )
    if display != stated.display:
        renamed = {"id": str(stated.id), "display": display}
        await append(session, "private", home, "handle.renamed", renamed, now=now)


async def receive_rename(
    session: AsyncSession, host: str, payload: dict[str, Any], _now: datetime
) -> None:
    """Take over the display that the host gave to one of our handles."""
    renamed = msgspec.convert(payload, HandleRenamed)
    handle = await session.scalar(
        select(Handle)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(Handle.id == renamed.id, Pool.host == host)
    )
    if handle is None:
        raise NotFound
    handle.display = renamed.display


async def _only_project_of(session: AsyncSession, project_id: UUID, node: str) -> None:
    found = await session.scalar(
        select(Project.id).where(Project.id == project_id, Project.node == node)
    )
    if found is None:
        raise NotFound
