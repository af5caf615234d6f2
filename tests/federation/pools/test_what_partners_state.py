"""Partners' words about pools, members and handles, as this node takes them, well meant or not."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound, Refusal
from federation.feeds.models import Feed, FeedEvent
from federation.partners.models import Partner
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.from_partners import (
    receive_handle,
    receive_member,
    receive_pool,
    receive_rename,
)
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.errors import UnknownZone
from federation.projects.models import Project
from tests.rota.world import NOW, ExamplePool, a_pool, a_project, a_worker, everything

HOME, OTHER = "the-home-of-workers", "another-node"

PROJECT: dict[str, Any] = {
    "id": str(new_id()),
    "slug": "southern",
    "name": "Southern",
    "region": "South",
    "jurisdiction": "netherlands",
    "zone": "Europe/Amsterdam",
    "languages": ["nl"],
}
MEMBER: dict[str, Any] = {
    "project": PROJECT,
    "hours_offered_per_week": "7.5",
    "hours_before_per_week": "0",
}
CHANNEL: dict[str, Any] = {
    "id": str(new_id()),
    "slug": "live-chat",
    "name": "Live chat",
    "kind": "session",
    "minimum_workers": 2,
    "minimum_supervisors": 1,
    "trainings": [],
    "rules_of_engagement": "",
}
POOL: dict[str, Any] = {
    "id": str(new_id()),
    "slug": "nights",
    "name": "Nights",
    "zone": "Europe/Amsterdam",
    "supervisor_sessions_at_once": 1,
    "speakers_shown_from": 3,
    "elsewhere": [],
    "channels": [CHANNEL],
    "members": [MEMBER],
}


@pytest.fixture
async def coordinator(session: AsyncSession) -> Asker:
    return await a_project(session)


@pytest.fixture
async def pool(session: AsyncSession, coordinator: Asker) -> ExamplePool:
    """Give a pool hosted here, to which one of two partners is invited."""
    pool = await a_pool(session, coordinator)
    for node_id, granted in ((HOME, [f"shifts:{pool.id}"]), (OTHER, [])):
        session.add(
            Partner(
                node_id=node_id,
                name=node_id,
                base_url="https://partner.test",
                state="joined",
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=granted,
                they_grant=[],
                met_at=NOW,
            )
        )
    await session.flush()
    return pool


def joins(pool: ExamplePool, **changed: Any) -> dict[str, Any]:
    return {"pool": str(pool.id), **MEMBER} | changed


def a_handle(pool: ExamplePool, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "pool": str(pool.id),
        "project": PROJECT["id"],
        "display": "Amber Otter 42",
        "roles": ["worker"],
        "languages": ["nl"],
        "hours_per_week": "7.5",
        "shifts_per_week": 3,
        "rest_hours": "11",
        "retired": False,
    } | changed


async def refused(session: AsyncSession, action: Any, kind: type[Exception] = NotFound) -> None:
    before = await everything(session)
    with pytest.raises(kind):
        async with session.begin_nested():
            await action
    assert await everything(session) == before


async def members(session: AsyncSession, pool_id: UUID) -> dict[str, tuple[float, float]]:
    rows = await session.execute(
        select(Project.slug, PoolMember.hours_offered_per_week, PoolMember.hours_before_per_week)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id)
    )
    return {slug: (offered, before) for slug, offered, before in rows}


async def test_an_invited_partners_project_joins(session: AsyncSession, pool: ExamplePool) -> None:
    for offered in ("7.5", "10"):
        stated = joins(pool, hours_offered_per_week=offered)
        await receive_member(session, HOME, stated, NOW)
    found = await members(session, pool.id)
    assert len(found) == 2
    assert found["southern"] == (10.0, 0.0)


async def test_who_is_not_invited_does_not_join(session: AsyncSession, pool: ExamplePool) -> None:
    """The pool exists, and another partner is invited to it."""
    await refused(session, receive_member(session, OTHER, joins(pool), NOW))
    await refused(
        session, receive_member(session, HOME, joins(pool) | {"pool": str(new_id())}, NOW)
    )


async def test_a_partner_speaks_for_its_own_projects_only(
    session: AsyncSession, pool: ExamplePool, coordinator: Asker
) -> None:
    await receive_member(session, HOME, joins(pool), NOW)
    partner = await session.get_one(Partner, OTHER)
    partner.we_grant = [f"shifts:{pool.id}"]
    own = PROJECT | {"id": str(coordinator.project_id), "name": "Taken over"}
    for node_id, project in ((OTHER, PROJECT), (HOME, own)):
        await refused(session, receive_member(session, node_id, joins(pool, project=project), NOW))
    await refused(session, receive_handle(session, OTHER, a_handle(pool), NOW))
    stated = a_handle(pool, project=str(coordinator.project_id))
    await refused(session, receive_handle(session, HOME, stated, NOW))


async def test_a_handle_is_entered_and_changed_by_its_home(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await receive_member(session, HOME, joins(pool), NOW)
    stated = a_handle(pool, roles=["worker", "coordinator", "supervisor"])
    await receive_handle(session, HOME, stated, NOW)
    await receive_handle(session, HOME, stated | {"retired": True, "languages": ["ro"]}, NOW)
    kept = await session.get_one(Handle, UUID(stated["id"]), populate_existing=True)
    assert (kept.roles, kept.languages, kept.retired_at, kept.person_id, kept.hours_per_week) == (
        ["worker", "supervisor"],
        ["ro"],
        NOW,
        None,
        7.5,
    )


async def test_a_display_that_is_taken_gets_another_and_home_is_told(
    session: AsyncSession, pool: ExamplePool, coordinator: Asker
) -> None:
    await receive_member(session, HOME, joins(pool), NOW)
    taken = await a_worker(session, pool.id, coordinator)
    first, second = [a_handle(pool, display=taken.display) for _ in range(2)]
    await receive_handle(session, HOME, first, NOW)
    await receive_handle(session, HOME, second, NOW)
    rows = await session.scalars(
        select(Handle.display).where(Handle.pool_id == pool.id).order_by(Handle.display)
    )
    assert list(rows) == [taken.display, f"{taken.display}-2", f"{taken.display}-3"]
    told = await session.scalars(
        select(FeedEvent.payload)
        .join(Feed, Feed.id == FeedEvent.feed_id)
        .where(Feed.subject == HOME, FeedEvent.kind == "handle.renamed")
        .order_by(FeedEvent.seq)
    )
    assert [msgspec.json.decode(payload or b"") for payload in told] == [
        {"id": first["id"], "display": f"{taken.display}-2"},
        {"id": second["id"], "display": f"{taken.display}-3"},
    ]


async def test_home_takes_over_the_name_that_the_host_gave(
    session: AsyncSession, pool: ExamplePool, coordinator: Asker
) -> None:
    await receive_pool(session, HOME, POOL, NOW)
    session.add(
        PoolMember(
            pool_id=UUID(POOL["id"]),
            project_id=coordinator.project_id,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
    )
    await session.flush()
    ours = await a_worker(session, UUID(POOL["id"]), coordinator)
    renamed = {"id": str(ours.handle), "display": "Grey Heron 10-2"}
    await refused(session, receive_rename(session, OTHER, renamed, NOW))
    await receive_rename(session, HOME, renamed, NOW)
    assert (await session.get_one(Handle, ours.handle)).display == "Grey Heron 10-2"
    local = await a_worker(session, pool.id, coordinator)
    await refused(session, receive_rename(session, HOME, renamed | {"id": str(local.handle)}, NOW))


async def test_a_pool_of_a_partner_is_kept_with_channels_and_members(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await receive_pool(session, HOME, POOL, NOW)
    changed = POOL | {"name": "Later", "channels": [CHANNEL | {"minimum_workers": 1}]}
    await receive_pool(session, HOME, changed, NOW)
    kept = await session.get_one(Pool, UUID(POOL["id"]), populate_existing=True)
    assert (kept.slug, kept.name, kept.host, kept.revision) == ("nights", "Later", HOME, 2)
    channel = await session.get_one(Channel, UUID(CHANNEL["id"]), populate_existing=True)
    assert (channel.pool_id, channel.minimum_workers) == (kept.id, 1)
    assert await members(session, kept.id) == {"southern": (7.5, 0)}
    await receive_pool(session, HOME, POOL | {"members": []}, NOW)
    assert await members(session, kept.id) == {}
    assert len(await members(session, pool.id)) == 1


async def test_whose_name_is_taken_here_gets_another(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """Two nodes may have chosen the same short name; the address of the first stays."""
    own = await session.scalar(select(Project.slug))
    named = PROJECT | {"slug": own}
    stated = POOL | {"slug": pool.slug, "members": [MEMBER | {"project": named}]}
    for _ in range(2):
        await receive_pool(session, HOME, stated, NOW)
    kept = await session.get_one(Pool, UUID(POOL["id"]), populate_existing=True)
    assert kept.slug == f"{pool.slug}-2"
    assert list(await members(session, kept.id)) == [f"{own}-2"]


async def test_nobody_takes_over_a_pool_or_its_channels(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await receive_pool(session, HOME, POOL, NOW)
    for node_id, pool_id in ((HOME, str(pool.id)), (OTHER, POOL["id"])):
        stated = POOL | {"id": pool_id, "name": "Taken over"}
        await refused(session, receive_pool(session, node_id, stated, NOW))
    channel = CHANNEL | {"id": str(pool.channel), "name": "Taken over"}
    stated = POOL | {"channels": [CHANNEL, channel]}
    await receive_pool(session, HOME, stated, NOW)
    kept = await session.get_one(Channel, pool.channel, populate_existing=True)
    assert (kept.pool_id, kept.name) == (pool.id, "Live chat")


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"zone": "Mars/Olympus"}, UnknownZone),
        ({"zone": "../../etc/passwd"}, UnknownZone),
        ({"slug": "Two Words"}, msgspec.ValidationError),
        ({"name": ""}, msgspec.ValidationError),
        ({"supervisor_sessions_at_once": -1}, msgspec.ValidationError),
        ({"channels": [CHANNEL | {"kind": "other"}]}, msgspec.ValidationError),
        ({"members": [MEMBER | {"hours_offered_per_week": "nan"}]}, msgspec.ValidationError),
        ({"members": [MEMBER | {"hours_offered_per_week": "1e9"}]}, msgspec.ValidationError),
        ({"members": [MEMBER | {"project": PROJECT | {"zone": "Nowhere"}}]}, UnknownZone),
        ({"members": [{}]}, msgspec.ValidationError),
    ],
)
@pytest.mark.usefixtures("pool")
async def test_what_would_break_a_page_is_not_kept(
    session: AsyncSession, changed: dict[str, Any], kind: type[Exception]
) -> None:
    await refused(session, receive_pool(session, HOME, POOL | changed, NOW), kind)


async def test_a_newer_partner_may_say_more(session: AsyncSession, pool: ExamplePool) -> None:
    await receive_pool(session, HOME, POOL | {"deputy": "somebody"}, NOW)
    await receive_member(session, HOME, joins(pool, mood="good"), NOW)
    assert (await members(session, pool.id))["southern"] == (7.5, 0)


async def test_a_handle_is_only_for_pools_hosted_here(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """The partner's own pool is known here, and its project takes part in it."""
    await receive_pool(session, HOME, POOL, NOW)
    stated = a_handle(pool) | {"pool": POOL["id"]}
    await refused(session, receive_handle(session, HOME, stated, NOW), Refusal)
