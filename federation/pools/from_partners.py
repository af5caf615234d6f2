"""What a node does with its partners' words about pools, members and handles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import any_, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from database.ids import new_id
from database.outbox import put
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.partners.models import Partner
from federation.partners.rules.capabilities import SHIFTS
from federation.partners.rules.document import NodeId
from federation.people.models import Handle
from federation.pools.announce import announce_pool
from federation.pools.channels_stated import StatedChannel, keep_channels
from federation.pools.models import Pool, PoolMember
from federation.pools.room import require_room_for_handles, require_room_for_projects
from federation.pools.rules import ROLES_ABROAD, free_slug
from federation.pools.slots.from_partners import StatedSlot, keep_slots
from federation.pools.slots.restating import restate_slots
from federation.pools.stated import Amount, Count, Name, Slug, Tags, Texts, Topics
from federation.pools.terms import Term
from federation.projects.models import Project
from federation.projects.rules import require_zone

SIGN_POOL = "sign-pool"
"""Work: sign anew who takes part, where a deputy may have to know it."""
KEPT_ONCE = frozenset({"id", "slug"})
"""An address that people here know stays, whatever the partner calls the thing later."""


class StatedProject(msgspec.Struct, frozen=True):
    """A partner's project, as it describes itself."""

    id: UUID
    slug: Slug
    name: Name
    region: Name
    jurisdiction: Name
    zone: str
    languages: Tags


class StatedMember(msgspec.Struct, frozen=True):
    """A project's place in a pool, as the host states it to all members.

    `node` is where the project lives, if that is not the host.
    """

    project: StatedProject
    hours_offered_per_week: Amount
    hours_before_per_week: Amount
    node: NodeId | None = None


class StatedPool(msgspec.Struct, frozen=True):
    """A pool, as its host describes it."""

    id: UUID
    slug: Slug
    name: Name
    zone: str
    supervisor_sessions_at_once: Count
    speakers_shown_from: Count
    elsewhere: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=100)]
    channels: Annotated[list[StatedChannel], msgspec.Meta(max_length=100)]
    members: Annotated[list[StatedMember], msgspec.Meta(max_length=500)]
    consent_needed: bool = False
    reading_days: Annotated[int, msgspec.Meta(ge=0, le=90)] | None = None
    reading_overdue: Literal["vacate", "warn"] = "vacate"
    topics: Topics = []
    publishes_planned: bool = False
    message_languages: Tags = []
    slots: Annotated[list[StatedSlot], msgspec.Meta(max_length=100)] = []
    languages_shown: Annotated[list[str], msgspec.Meta(max_length=500)] | None = None
    term: Term | None = None


class MemberJoined(msgspec.Struct, frozen=True):
    """A partner's project takes part in a pool of ours."""

    pool: UUID
    project: StatedProject
    hours_offered_per_week: Amount
    hours_before_per_week: Amount


class StatedHandle(msgspec.Struct, frozen=True):
    """A pseudonym in a pool of ours, with what decides which seats fit."""

    id: UUID
    pool: UUID
    project: UUID
    display: Name
    roles: Texts
    languages: Tags
    hours_per_week: Amount
    shifts_per_week: Count
    rest_hours: Amount
    retired: bool


class HandleRenamed(msgspec.Struct, frozen=True):
    """The host's answer when a display handle was taken already."""

    id: UUID
    display: Name


async def receive_pool(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep a host's pool with its channels; the projects that we host stay ours."""
    stated = msgspec.convert(payload, StatedPool)
    require_zone(stated.zone)
    facts = msgspec.structs.asdict(stated)
    del facts["channels"], facts["members"], facts["slots"], facts["term"]
    facts["slug"] = await _free_slug(session, Pool.slug, stated.slug)
    row = insert(Pool).values(**facts, host=host, revision=1)
    kept = await session.scalar(
        row.on_conflict_do_update(
            index_elements=[Pool.id],
            set_={name: row.excluded[name] for name in facts if name not in KEPT_ONCE}
            | {"revision": Pool.revision + 1},
            where=Pool.host == host,
        ).returning(Pool.id)
    )
    if kept is None:
        raise NotFound
    await keep_channels(session, stated.id, stated.channels, now)
    homes = await _known_homes(session, stated.members)
    for member in stated.members:
        home = member.node if member.node in homes else host
        await _keep_project(session, host, member.project, home)
    await _keep_members(session, stated, now)
    await keep_slots(session, stated.id, stated.slots, now)


async def _known_homes(session: AsyncSession, members: Sequence[StatedMember]) -> set[str]:
    """Choose the nodes of members that this node has met itself: they speak for themselves."""
    named = {member.node for member in members if member.node is not None}
    met = select(Partner.node_id).where(Partner.node_id.in_(named))
    return set(await session.scalars(met)) if named else set()


async def _keep_project(
    session: AsyncSession, said_by: str, project: StatedProject, home: str
) -> None:
    """Keep a partner's project; what this node or another partner hosts is not overwritten.

    So far it may have been known as far as the host that speaks of it.
    """
    require_zone(project.zone)
    facts = msgspec.structs.asdict(project)
    facts["slug"] = await _free_slug(session, Project.slug, project.slug)
    facts["node"] = home
    row = insert(Project).values(**facts)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Project.id],
            set_={name: row.excluded[name] for name in facts if name not in KEPT_ONCE},
            where=Project.node == said_by,
        )
    )


async def _free_slug(session: AsyncSession, column: InstrumentedAttribute[str], wanted: str) -> str:
    """Find a short name that nothing here has: two nodes may have chosen the same one."""
    taken = set(await session.scalars(select(column).where(column.startswith(wanted))))
    return free_slug(wanted, taken)


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
    """Enter a partner's project as a member of a pool that this node hosts and shows to it."""
    joined = msgspec.convert(payload, MemberJoined)
    invited = await session.scalar(
        select(Pool.id)
        .join(Partner, Partner.node_id == home)
        .where(
            Pool.id == joined.pool,
            Pool.host.is_(None),
            literal(f"{SHIFTS}:{joined.pool}") == any_(Partner.we_grant),
        )
    )
    if invited is None:
        raise NotFound
    await _keep_project(session, home, joined.project, home)
    await _only_project_of(session, joined.project.id, home)
    await _enter_member(session, joined.pool, joined, now)
    await require_room_for_projects(session, joined.pool, home)
    await put(session, SIGN_POOL, {"pool": str(joined.pool)}, now=now, key=str(joined.pool))
    await announce_pool(session, joined.pool, now)


async def receive_handle(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Enter a partner's pseudonym; one whose display is taken gets another, and home is told."""
    stated = msgspec.convert(payload, StatedHandle)
    await _only_project_of(session, stated.project, home)
    member = await session.scalar(
        select(PoolMember.id)
        .join(Pool, Pool.id == PoolMember.pool_id)
        .where(
            PoolMember.pool_id == stated.pool,
            PoolMember.project_id == stated.project,
            Pool.host.is_(None),
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
    kept = await session.scalar(
        insert(Handle)
        .values(id=stated.id, pool_id=stated.pool, project_id=stated.project, **facts)
        .on_conflict_do_update(
            index_elements=[Handle.id],
            set_=facts,
            where=(Handle.project_id == stated.project) & (Handle.pool_id == stated.pool),
        )
        .returning(Handle.id)
    )
    if kept is None:
        # somebody else's, or their own in another pool
        raise NotFound
    if not stated.retired:
        await require_room_for_handles(session, stated.pool, home)
    await restate_slots(session, stated.pool, now)
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
