"""Making a pool, taking part in it, and the handles by which its members know one another."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.session import broken_constraint
from federation.audit.actions import record
from federation.errors import ExampleStaysApart, NotFound
from federation.feeds.actions import append
from federation.people.models import Handle, Person, RoleGrant
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.announce import announce_pool, handle_facts, member_facts
from federation.pools.drafts import (
    ChannelDraft,
    Share,
    require_fit_channel,
    require_fit_pool,
    require_fit_share,
)
from federation.pools.errors import AlreadyMember, HasHandle
from federation.pools.models import Channel, Pool, PoolMember
from federation.pools.queries import pool_planned_by
from federation.pools.room import require_room_for_channel
from federation.pools.rules import ROLES_ABROAD, draw_display
from federation.pools.slots.restating import ask_new_speaker, restate_slots
from federation.projects.errors import SlugTaken
from federation.projects.models import Project
from federation.projects.rules import require_slug, require_zone


async def make_pool(
    session: AsyncSession,
    asker: Asker,
    now: datetime,
    *,
    slug: str,
    name: str,
    zone: str,
    share: Share,
    supervisor_sessions_at_once: int = 1,
    elsewhere: list[dict[str, Any]] | None = None,
    example: bool = False,
) -> Pool:
    """Found a pool on this node, with the asker's project as its first member."""
    require_write(asker)
    require_role(asker, "coordinator")
    require_fit_pool(name, supervisor_sessions_at_once)
    pool = Pool(
        id=new_id(),
        slug=require_slug(slug),
        name=name,
        zone=require_zone(zone),
        supervisor_sessions_at_once=supervisor_sessions_at_once,
        elsewhere=elsewhere or [],
        example=example,
    )
    session.add(pool)
    await _flush_named(session)
    await _add_member(session, pool.id, asker.project_id, share, now)
    await record(
        session,
        actor=asker.person_id,
        verb="make-pool",
        subject="pool",
        subject_id=pool.id,
        now=now,
    )
    await announce_pool(session, pool.id, now)
    return pool


async def add_channel(
    session: AsyncSession, asker: Asker, pool_id: UUID, draft: ChannelDraft, now: datetime
) -> Channel:
    """Add a channel to a pool that this node hosts."""
    await pool_planned_by(session, asker, pool_id, lock=True)
    require_fit_channel(draft)
    await require_room_for_channel(session, pool_id)
    channel = Channel(
        pool_id=pool_id,
        slug=require_slug(draft.slug),
        name=draft.name,
        kind=draft.kind,
        minimum_workers=draft.minimum_workers,
        minimum_supervisors=draft.minimum_supervisors,
        trainings=draft.trainings,
        rules_of_engagement=draft.rules_of_engagement,
    )
    session.add(channel)
    await _flush_named(session)
    await record(
        session,
        actor=asker.person_id,
        verb="add-channel",
        subject="channel",
        subject_id=channel.id,
        now=now,
    )
    await announce_pool(session, pool_id, now)
    return channel


async def _flush_named(session: AsyncSession) -> None:
    """Write down what has a short name, unless something else has it."""
    try:
        await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) in {"uq_pool_slug", "uq_channel_pool_id_slug"}:
            raise SlugTaken from error
        raise


async def join_pool(
    session: AsyncSession, asker: Asker, pool_id: UUID, share: Share, now: datetime
) -> None:
    """Let the asker's project take part; the host learns what is public about the project."""
    require_write(asker)
    require_role(asker, "coordinator")
    pool = await session.get(Pool, pool_id)
    if pool is None:
        raise NotFound
    if pool.example or asker.example:
        raise ExampleStaysApart
    await _add_member(session, pool_id, asker.project_id, share, now)
    await record(
        session,
        actor=asker.person_id,
        verb="join-pool",
        subject="pool",
        subject_id=pool_id,
        now=now,
    )
    if pool.host is None:
        await announce_pool(session, pool_id, now)
        return
    project = await session.get_one(Project, asker.project_id)
    member = await session.scalar(
        select(PoolMember).where(PoolMember.pool_id == pool_id, PoolMember.project_id == project.id)
    )
    if member is None:
        raise NotFound
    stated = {"pool": str(pool_id), **member_facts(project, member)}
    await append(session, "private", pool.host, "member.joined", stated, now=now)


async def _add_member(
    session: AsyncSession, pool_id: UUID, project_id: UUID, share: Share, now: datetime
) -> None:
    require_fit_share(share)
    made = await session.scalar(
        insert(PoolMember)
        .values(
            id=new_id(),
            pool_id=pool_id,
            project_id=project_id,
            hours_offered_per_week=share.hours_offered_per_week,
            hours_before_per_week=share.hours_before_per_week,
            joined_at=now,
        )
        .on_conflict_do_nothing(constraint="uq_pool_member_pool_id_project_id")
        .returning(PoolMember.id)
    )
    if made is None:
        raise AlreadyMember


async def give_handle(
    session: AsyncSession, asker: Asker, pool_id: UUID, person_id: UUID, now: datetime
) -> Handle:
    """Give a worker of the asker's project a pseudonym in a pool; only it leaves the project."""
    require_write(asker)
    require_role(asker, "coordinator")
    person = await session.scalar(
        select(Person).where(
            Person.id == person_id,
            Person.project_id == asker.project_id,
            Person.left_at.is_(None),
        )
    )
    member = await session.scalar(
        select(PoolMember.id).where(
            PoolMember.pool_id == pool_id, PoolMember.project_id == asker.project_id
        )
    )
    if person is None or member is None:
        raise NotFound
    roles = await session.scalars(
        select(RoleGrant.role).where(RoleGrant.person_id == person_id).order_by(RoleGrant.role)
    )
    handle = Handle(
        id=uuid4(),
        pool_id=pool_id,
        project_id=asker.project_id,
        display=await _free_display(session, pool_id),
        roles=[role for role in roles if role in ROLES_ABROAD],
        languages=person.languages,
        hours_per_week=person.limits.hours_per_week,
        shifts_per_week=person.limits.shifts_per_week,
        rest_hours=person.limits.rest_hours,
        person_id=person_id,
    )
    session.add(handle)
    try:
        await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "uq_handle_current_person":
            raise HasHandle from error
        raise
    await record(
        session,
        actor=asker.person_id,
        verb="give-handle",
        subject="handle",
        subject_id=handle.id,
        now=now,
    )
    await restate_slots(session, pool_id, now)
    await ask_new_speaker(session, handle, (), now)
    pool = await session.get_one(Pool, pool_id)
    if pool.host is not None:
        await append(session, "private", pool.host, "handle.stated", handle_facts(handle), now=now)
    return handle


async def give_handles(
    session: AsyncSession, asker: Asker, person_id: UUID, now: datetime
) -> list[Handle]:
    """Give somebody who takes seats a pseudonym in each pool of the project where they have none.

    Of whom no role is told abroad, no pool hears.
    """
    require_write(asker)
    require_role(asker, "coordinator")
    takes_seats = exists().where(RoleGrant.person_id == person_id, RoleGrant.role.in_(ROLES_ABROAD))
    known = exists().where(
        Handle.pool_id == PoolMember.pool_id,
        Handle.person_id == person_id,
        Handle.retired_at.is_(None),
    )
    lacking = await session.scalars(
        select(PoolMember.pool_id)
        .where(PoolMember.project_id == asker.project_id, takes_seats, ~known)
        .order_by(PoolMember.pool_id)
    )
    return [await give_handle(session, asker, pool, person_id, now) for pool in list(lacking)]


async def _free_display(session: AsyncSession, pool_id: UUID) -> str:
    taken = set(await session.scalars(select(Handle.display).where(Handle.pool_id == pool_id)))
    while (display := draw_display()) in taken:
        pass
    return display


async def restate_handles(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Bring a person's handles in line with roles, languages and limits; a leaver's retire."""
    person = await session.scalar(
        select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    )
    if person is None:
        raise NotFound
    roles = set(
        await session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id))
    )
    facts: dict[str, Any] = {
        "roles": sorted(roles & ROLES_ABROAD),
        "languages": person.languages,
        "hours_per_week": person.limits.hours_per_week,
        "shifts_per_week": person.limits.shifts_per_week,
        "rest_hours": person.limits.rest_hours,
        "retired_at": now if person.left_at else None,
    }
    current = await session.execute(
        select(Handle, Pool.host)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(Handle.person_id == person_id, Handle.retired_at.is_(None))
        .order_by(Pool.host, Handle.id)
    )
    changed = [
        (handle, host)
        for handle, host in current.all()
        if any(getattr(handle, name) != value for name, value in facts.items())
    ]
    for handle, _ in changed:
        spoken_before = handle.languages if "worker" in handle.roles else ()
        for name, value in facts.items():
            setattr(handle, name, value)
        await ask_new_speaker(session, handle, spoken_before, now)
    # all pools before the first private feed, as everywhere
    for pool_id in sorted(handle.pool_id for handle, _ in changed):
        await restate_slots(session, pool_id, now)
    for handle, host in changed:
        if host is not None:
            await append(session, "private", host, "handle.stated", handle_facts(handle), now=now)
