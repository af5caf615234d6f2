"""What members tell one another about a pool: never a name, an address or a telephone number."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.models import Channel, Pool, PoolMember
from federation.pools.slots.queries import current_workers, live_slots, slot_facts
from federation.pools.slots.rules import shown_languages
from federation.pools.stated import written
from federation.pools.terms import TERM_HERE
from federation.projects.models import Project


def project_facts(project: Project) -> dict[str, Any]:
    """Give what is public about a project."""
    return {
        "id": str(project.id),
        "slug": project.slug,
        "name": project.name,
        "region": project.region,
        "jurisdiction": project.jurisdiction,
        "zone": project.zone,
        "languages": project.languages,
    }


def member_facts(project: Project, member: PoolMember) -> dict[str, Any]:
    """Give what members know of one another's share, as totals."""
    return {
        "project": project_facts(project),
        "hours_offered_per_week": written(member.hours_offered_per_week),
        "hours_before_per_week": written(member.hours_before_per_week),
    }


def handle_facts(handle: Handle) -> dict[str, Any]:
    """Give what a host learns of a worker: roles, languages, weekly limits, a pseudonym."""
    return {
        "id": str(handle.id),
        "pool": str(handle.pool_id),
        "project": str(handle.project_id),
        "display": handle.display,
        "roles": handle.roles,
        "languages": handle.languages,
        "hours_per_week": written(handle.hours_per_week),
        "shifts_per_week": handle.shifts_per_week,
        "rest_hours": written(handle.rest_hours),
        "retired": handle.retired_at is not None,
    }


async def announce_pool(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """State a pool that this node hosts, as it now stands, in the feed of its members."""
    raised = update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1)
    term = await session.scalar(raised.returning(TERM_HERE))
    pool = await session.get_one(Pool, pool_id, populate_existing=True)
    channels = await session.scalars(
        select(Channel)
        .where(Channel.pool_id == pool_id, Channel.left_out_at.is_(None))
        .order_by(Channel.slug)
    )
    members = await session.execute(
        select(Project, PoolMember)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id)
        .order_by(Project.slug)
    )
    workers = await current_workers(session, pool_id)
    pool.languages_shown = sorted(shown_languages(workers, pool.speakers_shown_from))
    stated = {
        "id": str(pool.id),
        "slug": pool.slug,
        "name": pool.name,
        "zone": pool.zone,
        "supervisor_sessions_at_once": pool.supervisor_sessions_at_once,
        "speakers_shown_from": pool.speakers_shown_from,
        "publishes_planned": pool.publishes_planned,
        "message_languages": pool.message_languages,
        "languages_shown": pool.languages_shown,
        "elsewhere": pool.elsewhere,
        "channels": [channel_facts(channel, pool) for channel in channels],
        "consent_needed": pool.consent_needed,
        "reading_days": pool.reading_days,
        "reading_overdue": pool.reading_overdue,
        "topics": pool.topics,
        "slots": [slot_facts(slot) for slot in await live_slots(session, pool_id)],
        "members": [
            member_facts(project, member) | ({"node": project.node} if project.node else {})
            for project, member in members
        ],
        "term": term,
    }
    await append(session, "pool/shifts", str(pool_id), "pool.stated", stated, now=now)


def channel_facts(channel: Channel, pool: Pool) -> dict[str, Any]:
    """Give what members need to know of a channel: what its pool asks for is asked on it, too."""
    return {
        "id": str(channel.id),
        "slug": channel.slug,
        "name": channel.name,
        "kind": channel.kind,
        "minimum_workers": channel.minimum_workers,
        "minimum_supervisors": channel.minimum_supervisors,
        "trainings": sorted({*channel.trainings, *pool.trainings}),
        "rules_of_engagement": channel.rules_of_engagement,
        "tool_account": channel.tool_account,
    }
