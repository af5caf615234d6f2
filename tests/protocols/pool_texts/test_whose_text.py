"""A pool's host says whose text it means: who states the URN first decides nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.sender import Sender
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project, texts_of_projects, texts_on_pool
from protocols.adoption.rules import InForce
from protocols.overview.queries import texts_to_take_up
from protocols.pool_texts.actions import receive_pool_text
from protocols.pool_texts.models import PoolText
from protocols.pool_texts.queries import newest_on_pool, protocols_to_name
from protocols.pool_texts.rules import Named, meant
from protocols.releases.actions import receive_releases
from protocols.releases.queries import release_of
from protocols.releases.rules import Manifest, Work, manifest_bytes, read_manifest
from protocols.statements.rules import signed
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    World,
    partner,
    protocol,
    released,
    sender_of,
    signer,
    verifier,
)

URN = f"urn:uuid:{uuid4()}"
OWNER, STRANGER = uuid4(), uuid4()
OURS, THEIRS = Work(URN, OWNER, "home"), Work(URN, STRANGER, "far")
FORGED = Work(URN, OWNER, "far")


@pytest.mark.parametrize(
    ("named", "used", "expected"),
    [
        (Named(URN, None, None, met=False), None, THEIRS),
        (Named(URN, None, None, met=False), OURS, OURS),
        (Named(URN, OWNER, "home", met=True), None, OURS),
        (Named(URN, OWNER, "home", met=True), THEIRS, OURS),
        (Named(URN, OWNER, None, met=False), None, FORGED),
        (Named(URN, uuid4(), None, met=False), THEIRS, None),
        (Named(f"urn:uuid:{uuid4()}", None, None, met=False), None, None),
    ],
    ids=["old-host", "in-use", "named", "not-the-used", "not-met", "not-here", "other"],
)
def test_a_pool_means_the_project_that_its_host_has_named(
    named: Named, used: Work | None, expected: Work | None
) -> None:
    assert meant(named, [THEIRS, FORGED, OURS], used) == expected


@pytest.fixture
async def text(session: AsyncSession, projects: World) -> Manifest:
    """Give what North has released; North is at its pool's host, a stranger shares one of South."""
    before = await session.begin_nested()
    ours = read_manifest((await released(session, projects.north, protocol(Told()))).manifest)
    await before.rollback()
    for members, node in ((projects.north, "node-host"), (projects.elsewhere, "node-far")):
        await partner(session, node)
        (await session.get_one(Project, members.project)).node = node
    (await session.get_one(Pool, projects.pool)).host = "node-host"
    await share(session, projects.south, projects.elsewhere)
    return ours


async def share(session: AsyncSession, *members: Members) -> None:
    pool = Pool(slug="other", name="Other", zone="Europe/London")
    session.add(pool)
    await session.flush()
    session.add_all(
        PoolMember(
            pool_id=pool.id,
            project_id=one.project,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
        for one in members
    )
    await session.flush()


async def state(session: AsyncSession, manifest: Manifest, node: str, now: datetime = NOW) -> None:
    payload = msgspec.structs.asdict(signed(manifest_bytes(manifest), signer))
    sender = sender_of(node, manifest.project)
    await receive_releases(session, sender, [payload], now, verify=verifier)


async def state_both(session: AsyncSession, projects: World, text: Manifest) -> None:
    """Let the stranger take the URN and the id first."""
    await state(
        session, msgspec.structs.replace(text, project=projects.elsewhere.project), "node-far"
    )
    await state(session, text, "node-host", NOW + timedelta(minutes=1))


async def name(session: AsyncSession, projects: World, urn: str, **said: Any) -> None:
    pool = str(projects.pool)
    host = Sender("node-host", "Host", "pool/shifts", pool)
    payload = {"pool": pool, "protocol_kind": "conduct", "urn": urn, **said}
    await receive_pool_text(session, host, payload, NOW)


def owners(texts: Iterable[InForce]) -> list[UUID | None]:
    return [one.locked.project if one.locked else None for one in texts]


async def test_who_states_a_urn_first_does_not_get_the_pools_readers(
    session: AsyncSession, projects: World, text: Manifest
) -> None:
    south, owner = projects.south, projects.north.project
    await state_both(session, projects, text)

    await name(session, projects, text.urn, project=str(owner))

    assert owners(await texts_on_pool(session, [south.project], projects.pool)) == [owner]
    assert owners(await texts_of_projects(session, [south.project])) == [owner]
    assert [one.project for one in await newest_on_pool(session, projects.pool)] == [owner]
    assert [one.project for one in await protocols_to_name(session, south.coordinator)] == [owner]
    assert (await release_of(session, south.coordinator, text.urn, None)).project_id == owner
    [offered] = await texts_to_take_up(session, south.coordinator, "")
    assert offered.by == "North"


async def test_a_host_that_names_nobody_means_what_came_first_as_before(
    session: AsyncSession, projects: World, text: Manifest
) -> None:
    south = projects.south
    await state_both(session, projects, text)

    await name(session, projects, text.urn)

    first = [projects.elsewhere.project]
    assert owners(await texts_on_pool(session, [south.project], projects.pool)) == first


async def test_a_text_that_has_not_arrived_is_nobody_elses(
    session: AsyncSession, projects: World, text: Manifest
) -> None:
    theirs = msgspec.structs.replace(text, project=projects.elsewhere.project)
    await state(session, theirs, "node-far")

    await name(session, projects, text.urn, project=str(text.project))

    south = projects.south
    assert owners(await texts_on_pool(session, [south.project], projects.pool)) == [None]
    assert await newest_on_pool(session, projects.pool) == []


async def test_what_was_taken_up_before_stays_until_somebody_decides(
    session: AsyncSession, projects: World, text: Manifest
) -> None:
    south, owner, stranger = projects.south, text.project, projects.elsewhere.project
    await state_both(session, projects, text)
    taken = await adopt(session, south.coordinator, urn=text.urn, now=NOW)
    locked = taken.locked_hash

    await name(session, projects, text.urn, project=str(owner))

    in_use = await texts_of_projects(session, [south.project])
    assert sorted(owners(in_use), key=str) == sorted([owner, stranger], key=str)
    assert owners(await texts_on_pool(session, [south.project], projects.pool)) == [owner]
    shown = await text_of_project(session, south.project, text.urn)
    assert shown is not None
    assert owners([shown]) == [owner]
    assert taken.locked_hash == locked

    await adopt(session, south.coordinator, urn=text.urn, now=NOW)

    assert owners(await texts_of_projects(session, [south.project])) == [owner]


async def test_another_text_named_by_an_older_program_has_no_owner_yet(
    session: AsyncSession, projects: World, text: Manifest
) -> None:
    """Between migration 0022 and its own end, that program writes the URN alone."""
    await name(session, projects, URN, project=str(uuid4()))
    await session.execute(update(PoolText).values(urn=text.urn))
    await state(session, text, "node-host")

    south = projects.south
    assert owners(await texts_on_pool(session, [south.project], projects.pool)) == [text.project]
