import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound, Refusal
from federation.feeds.models import Feed, FeedEvent
from federation.partners.models import Partner
from federation.people.actions import let_go
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, give_handle, join_pool, make_pool
from federation.pools.drafts import ChannelDraft
from federation.pools.errors import AlreadyMember, HasHandle, NotTheHost
from federation.pools.models import Pool, PoolMember
from federation.pools.queries import pool_planned_by, pool_seen_by, pools_of
from tests.rota.world import CORE, NOW, SHARE, a_person, a_pool, a_project, a_worker

HOST = "the-host-of-this-pool"
DRAFT = ChannelDraft("forum", "Forum", "task", 1)


async def a_partner(session: AsyncSession, node_id: str = HOST) -> None:
    session.add(
        Partner(
            node_id=node_id,
            name="Host",
            base_url="https://host.test",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=[],
            we_grant=[],
            they_grant=[],
            met_at=NOW,
        )
    )
    await session.flush()


async def a_pool_elsewhere(session: AsyncSession, member: Asker) -> UUID:
    """Keep a pool that a partner hosts, in which a project of this node takes part."""
    await a_partner(session)
    pool = Pool(slug=f"far-{new_id()}", name="Far", zone="Europe/London", host=HOST)
    session.add(pool)
    await session.flush()
    await join_pool(session, member, pool.id, SHARE, NOW)
    return pool.id


async def said(session: AsyncSession, subject: str, kind: str) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(FeedEvent.payload)
        .join(Feed, Feed.id == FeedEvent.feed_id)
        .where(Feed.subject == subject, FeedEvent.kind == kind)
        .order_by(FeedEvent.seq)
    )
    return [json.loads(payload or b"") for payload in rows]


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> None:
    """See an action refused, and that nothing of it stays."""
    with pytest.raises(kind):
        async with session.begin_nested():
            await action


@pytest.fixture
async def coordinator(session: AsyncSession) -> Asker:
    return await a_project(session)


async def test_a_pool_is_stated_to_its_members_with_channels_and_totals(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool = await a_pool(session, coordinator)
    stated = (await said(session, str(pool.id), "pool.stated"))[-1]
    (member,) = stated.pop("members")
    assert stated == {
        "id": str(pool.id),
        "slug": pool.slug,
        "name": "Evening chat",
        "zone": "Europe/London",
        "supervisor_sessions_at_once": 1,
        "speakers_shown_from": 3,
        "publishes_planned": False,
        "consent_needed": False,
        "reading_days": None,
        "reading_overdue": "vacate",
        "topics": [],
        "message_languages": [],
        "languages_shown": [],
        "slots": [],
        "elsewhere": [],
        "channels": [
            {
                "id": str(pool.channel),
                "slug": "live-chat",
                "name": "Live chat",
                "kind": "session",
                "minimum_workers": 2,
                "minimum_supervisors": 1,
                "trainings": [CORE],
                "rules_of_engagement": "Be kind.",
                "tool_account": None,
            }
        ],
        "term": 1,
    }
    project = member.pop("project")
    assert member == {"hours_offered_per_week": "12", "hours_before_per_week": "6"}
    assert project == {
        "id": str(coordinator.project_id),
        "slug": project["slug"],
        "name": "Quayside Outreach",
        "region": "North East",
        "jurisdiction": "england-and-wales",
        "zone": "Europe/London",
        "languages": ["en"],
    }


async def test_joining_is_stated_and_written_down(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool = await a_pool(session, coordinator)
    other = await a_project(session)
    await join_pool(session, other, pool.id, SHARE, NOW)
    stated = (await said(session, str(pool.id), "pool.stated"))[-1]
    members = {member["project"]["id"] for member in stated["members"]}
    assert members == {str(coordinator.project_id), str(other.project_id)}
    verbs = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb)
        .where(AuditEntry.subject_id == pool.id)
        .order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in verbs] == [
        (str(coordinator.person_id), "make-pool"),
        (str(other.person_id), "join-pool"),
    ]
    await refused(session, AlreadyMember, join_pool(session, other, pool.id, SHARE, NOW))


async def test_the_host_elsewhere_hears_of_a_new_member(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool_id = await a_pool_elsewhere(session, coordinator)
    (joined,) = await said(session, HOST, "member.joined")
    assert (joined["pool"], joined["project"]["id"]) == (
        str(pool_id),
        str(coordinator.project_id),
    )
    assert (joined["hours_offered_per_week"], joined["hours_before_per_week"]) == ("12", "6")


async def test_pools_are_made_and_joined_by_coordinators_who_may_write(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool = await a_pool(session, coordinator)
    worker = await a_person(session, coordinator.project_id, "worker", "supervisor")
    reader = replace(coordinator, scopes=frozenset({"read"}))
    facts: dict[str, Any] = {"slug": "new", "name": "New", "zone": "Europe/London", "share": SHARE}
    for asker in (worker, reader):
        await refused(session, NotAllowed, make_pool(session, asker, NOW, **facts))
        await refused(session, NotAllowed, join_pool(session, asker, pool.id, SHARE, NOW))
        await refused(session, NotAllowed, add_channel(session, asker, pool.id, DRAFT, NOW))
    await refused(session, NotFound, join_pool(session, coordinator, new_id(), SHARE, NOW))


async def test_a_pool_is_planned_by_members_at_its_host(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool = await a_pool(session, coordinator)
    stranger = await a_project(session)
    elsewhere = await a_pool_elsewhere(session, coordinator)
    assert (await pool_planned_by(session, coordinator, pool.id)).id == pool.id
    await refused(session, NotFound, add_channel(session, stranger, pool.id, DRAFT, NOW))
    await refused(session, NotTheHost, add_channel(session, coordinator, elsewhere, DRAFT, NOW))


async def test_a_project_sees_its_own_pools_only(session: AsyncSession, coordinator: Asker) -> None:
    pool = await a_pool(session, coordinator)
    stranger = await a_project(session)
    worker = await a_person(session, coordinator.project_id, "worker")
    assert (await pool_seen_by(session, worker, pool.slug)).id == pool.id
    assert [seen.id for seen in await pools_of(session, worker)] == [pool.id]
    await refused(session, NotFound, pool_seen_by(session, stranger, pool.slug))
    assert await pools_of(session, stranger) == []


async def test_a_handle_tells_the_host_what_fits_and_nothing_of_the_person(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool_id = await a_pool_elsewhere(session, coordinator)
    person = await a_person(
        session,
        coordinator.project_id,
        "worker",
        "supervisor",
        "coordinator",
        languages=["en", "ro"],
        hours_per_week=7.5,
    )
    handle = await give_handle(session, coordinator, pool_id, person.person_id, NOW)
    assert await said(session, HOST, "handle.stated") == [
        {
            "id": str(handle.id),
            "pool": str(pool_id),
            "project": str(coordinator.project_id),
            "display": handle.display,
            "roles": ["supervisor", "worker"],
            "languages": ["en", "ro"],
            "hours_per_week": "7.5",
            "shifts_per_week": 3,
            "rest_hours": "11",
            "retired": False,
        }
    ]
    # random, so that not even the time of its making shows
    assert handle.id.version == 4


async def test_one_person_has_one_handle_in_a_pool(
    session: AsyncSession, coordinator: Asker
) -> None:
    pool, other = [await a_pool(session, coordinator) for _ in range(2)]
    worker = await a_worker(session, pool.id, coordinator)
    await refused(session, HasHandle, give_handle(session, coordinator, pool.id, worker.id, NOW))
    again = await give_handle(session, coordinator, other.id, worker.id, NOW)
    assert (again.display, again.id) != (worker.display, worker.handle)


async def test_handles_are_given_to_the_own_projects_people(
    session: AsyncSession, coordinator: Asker
) -> None:
    """The stranger is a member too, and the person exists."""
    pool = await a_pool(session, coordinator)
    stranger = await a_project(session)
    await join_pool(session, stranger, pool.id, SHARE, NOW)
    person = await a_person(session, coordinator.project_id, "worker")
    elsewhere = await a_pool(session, stranger)
    for kind, asker, pool_id in (
        (NotFound, stranger, pool.id),
        (NotFound, coordinator, elsewhere.id),
        (NotAllowed, person, pool.id),
        (NotAllowed, replace(coordinator, scopes=frozenset({"read"})), pool.id),
    ):
        action = give_handle(session, asker, pool_id, person.person_id, NOW)
        await refused(session, kind, action)
    await let_go(session, OPERATOR, person_id=person.person_id, now=NOW)
    action = give_handle(session, coordinator, pool.id, person.person_id, NOW)
    await refused(session, NotFound, action)
    assert list(await session.scalars(select(Handle.id))) == []


async def test_a_membership_is_counted_once(session: AsyncSession, coordinator: Asker) -> None:
    pool = await a_pool(session, coordinator)
    rows = await session.execute(
        select(PoolMember.project_id, PoolMember.hours_offered_per_week).where(
            PoolMember.pool_id == pool.id
        )
    )
    assert [tuple(row) for row in rows] == [(coordinator.project_id, 12)]
