"""Names, ids, handles and remarks of those who write and review, looked for in all that leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient
from sqlalchemy import insert, select

from api.parts import current_time
from api.peers.pull import pull
from api.peers.text_events import TEXT_EVENTS, TEXT_RECALLS
from api.tables import METADATA
from database.session import door
from federation.access.actions import make_api_token
from federation.people.models import Handle, Person, RoleGrant
from federation.people.rules import OPERATOR
from federation.projects.models import Project
from netreach_client.bundles import verify
from protocols.releases.models import Release
from tests.api.peers.nodes import RunningNode
from tests.api.peers.test_texts_between_nodes import know, share_a_pool
from tests.protocols.example_texts import Members, project_with_people

Pair = tuple[RunningNode, RunningNode]
WORDS = ("CanaryAuthor", "CanaryApprover", "CanaryOwner", "CanaryLived", "CanaryRemark")
DRAFT: dict[str, Any] = {
    "kind": "protocol",
    "protocol_kind": "conduct",
    "title": "Conduct",
    "source_language": "en",
    "jurisdictions": ["england"],
    "review_by": date(2090, 1, 1).isoformat(),
    "blocks": [{"text": "Two of you are online."}],
}


@pytest.fixture
async def world(two_nodes: Pair) -> tuple[UUID, Members]:
    """Let a project of each node share a pool; both nodes know of both."""
    north, south = two_nodes
    async with door(north.engine) as session:
        project = Project(
            slug="north",
            name="north",
            region="",
            jurisdiction="england",
            zone="Europe/London",
            languages=["en"],
            node=None,
        )
        session.add(project)
        await session.flush()
        ours = project.id
    async with door(south.engine) as session:
        theirs = await project_with_people(session, "south")
        row = {"id": ours, "slug": "north", "name": "north", "region": "", "node": north.id}
        row |= {"jurisdiction": "england", "zone": "Europe/London", "languages": ["en"]}
        await session.execute(insert(Project).values(row))
    await know(north, theirs, south)
    members = Members(ours, theirs.coordinator, theirs.reviewer, theirs.worker, "north")
    async with door(north.engine) as session:
        pool_id = await share_a_pool(session, None, members, theirs)
    async with door(south.engine) as session:
        await share_a_pool(session, (pool_id, north.id), members, theirs)
    south.apply.update(TEXT_EVENTS)
    south.apply_recall.update(TEXT_RECALLS)
    return ours, theirs


class Writer:
    """Somebody of North, with a name and a handle that must not be found anywhere else."""

    def __init__(self, person_id: UUID, handle: Handle, token: str) -> None:
        self.id, self.token = person_id, token
        self.canaries = [str(person_id), handle.display, str(handle.id)]


async def somebody(node: RunningNode, project_id: UUID, name: str, role: str) -> Writer:
    async with door(node.engine) as session:
        [pool_id] = await session.scalars(select(METADATA.tables["pool"].c.id))
        person = Person(project_id=project_id, name=name, languages=["en"])
        session.add(person)
        await session.flush()
        session.add(RoleGrant(person_id=person.id, role=role))
        handle = Handle(
            id=uuid4(),
            hours_per_week=8,
            shifts_per_week=3,
            rest_hours=11,
            pool_id=pool_id,
            project_id=project_id,
            person_id=person.id,
            display=f"{name}-wren",
            roles=[role],
            languages=["en"],
        )
        session.add(handle)
        await session.flush()
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=person.id,
            label="test",
            scopes=["read", "write"],
            days=1,
            now=current_time(),
        )
        return Writer(person.id, handle, token.secret)


@asynccontextmanager
async def asking(node: RunningNode, token: str) -> AsyncIterator[AsyncClient]:
    address = f"{node.settings.base_url}/api/v1"
    async with AsyncClient(
        base_url=address, headers={"Authorization": f"Bearer {token}"}
    ) as client:
        yield client


async def done(client: AsyncClient, method: str, path: str, **sent: Any) -> Any:
    answer = await client.request(method, path, **sent)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def test_no_trace_of_who_wrote_or_reviewed_leaves_the_project(
    two_nodes: Pair, world: tuple[UUID, Members], capfd: pytest.CaptureFixture[str]
) -> None:
    north, south = two_nodes
    ours, theirs = world
    author = await somebody(north, ours, "CanaryAuthor", "reviewer")
    approver = await somebody(north, ours, "CanaryApprover", "coordinator")
    owner = await somebody(north, ours, "CanaryOwner", "worker")
    async with asking(north, author.token) as one, asking(north, approver.token) as other:
        made = await done(one, "POST", "/texts", json=DRAFT | {"owner": str(owner.id)})
        path = f"/texts/{made['text']['id']}"
        await done(other, "POST", f"{path}/comments", json={"said": "CanaryRemark"})
        await done(other, "POST", f"{path}/lived-reviews", json={"who": "CanaryLived"})
        await done(one, "POST", f"{path}/review")
        await done(other, "POST", f"{path}/approval", json={"version": 1})
        await done(other, "POST", f"{path}/releases")
        carried = (await other.get("/bundle")).content

    await pull(south.workshop.reader, await south.client(north), north.id)

    left = {
        "north's feeds": await dumped(north, "feed", "feed_event", "feed_recall"),
        "what south has": await dumped(south, *(table.name for table in METADATA.sorted_tables)),
        "south's page of it": await page_at_south(south, theirs, made["text"]["id"]),
        "the bundle": carried.decode(),
        "the logs": "".join(capfd.readouterr()),
    }
    async with door(south.engine) as session:
        [there] = await session.scalars(select(Release))
    assert b'"lived_experience":true' in there.manifest
    assert len(verify(carried, now=current_time()).texts) == 1
    canaries = [*WORDS, *author.canaries, *approver.canaries, *owner.canaries]
    found = [
        (where, canary) for where, said in left.items() for canary in canaries if canary in said
    ]
    assert found == []
    # the same search does find them at home
    at_home = await dumped(north, "person", "item_comment", "lived_review", "item", "item_version")
    assert [word for word in (*WORDS, str(author.id), str(owner.id)) if word not in at_home] == []


async def dumped(node: RunningNode, *tables: str) -> str:
    """Write every row of some tables, bytes as the text that they are."""
    rows: list[str] = []
    async with door(node.engine) as session:
        for name in tables:
            for row in await session.execute(select(METADATA.tables[name])):
                rows += [
                    value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    for value in row
                ]
    return "\n".join(rows)


async def page_at_south(south: RunningNode, theirs: Members, item: str) -> str:
    """Give what a partner's own people are shown of the release as JSON."""
    async with door(south.engine) as session:
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=theirs.coordinator.person_id,
            label="test",
            scopes=["read"],
            days=1,
            now=current_time(),
        )
    async with asking(south, token.secret) as reader:
        return str(await done(reader, "GET", f"/protocols/{item}/releases/1.0.0"))
