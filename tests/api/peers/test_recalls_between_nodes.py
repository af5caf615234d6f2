"""A recall on its way: by poll and by poke, confirmed by each node, two adopters away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.text_events import TEXT_EVENTS, TEXT_RECALLS
from api.worker.jobs import pull_partner
from database.outbox import OutboxRow
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import Feed, FeedEvent, FeedRecall, SetAsideEvent
from federation.partners.actions import POKE
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import with_payload
from federation.pools.models import Pool, PoolMember
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project
from protocols.confirmations.models import RecallConfirmation
from protocols.recalls.actions import recall
from protocols.recalls.models import Recall
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from protocols.statements.rules import signed
from tests.api.peers.nodes import RunningNode, clock, join, running
from tests.api.peers.test_texts_between_nodes import know, publish, pull_now
from tests.conftest import own_name
from tests.postgres import copy_of
from tests.protocols.example_texts import NOW, Members, project_with_people

Pair = tuple[RunningNode, RunningNode]


@dataclass(frozen=True)
class Chain:
    """North wrote it, South made its own of it, East uses what South made; East met South only."""

    north: RunningNode
    south: RunningNode
    east: RunningNode
    author: Members
    adopter: Members
    user: Members

    @property
    def nodes(self) -> tuple[RunningNode, ...]:
        return self.north, self.south, self.east


async def share(node: RunningNode, host: str | None, pool_id: UUID, *members: Members) -> None:
    async with door(node.engine) as session:
        pool = Pool(slug=f"pool-{pool_id}", name="Chat", zone="Europe/London", host=host)
        pool.id = pool_id
        session.add(pool)
        await session.flush()
        session.add_all(
            PoolMember(
                pool_id=pool_id,
                project_id=one.project,
                hours_offered_per_week=1,
                hours_before_per_week=1,
                joined_at=NOW,
            )
            for one in members
        )


@pytest.fixture
async def chain(
    two_nodes: Pair, server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Chain]:
    north, south = two_nodes
    folder = tmp_path_factory.mktemp("east")
    async with (
        copy_of(server_url, template, own_name(template)) as url,
        running(url, folder, "East") as east,
    ):
        await join(south, east)
        people = {}
        for name, node in (("north", north), ("south", south), ("east", east)):
            async with door(node.engine) as session:
                people[name] = await project_with_people(session, name)
            node.apply.update(TEXT_EVENTS)
            node.apply_recall.update(TEXT_RECALLS)
        chain = Chain(north, south, east, people["north"], people["south"], people["east"])
        await know(north, chain.adopter, south)
        await know(south, chain.author, north)
        await know(south, chain.user, east)
        await know(east, chain.adopter, south)
        first, second = uuid4(), uuid4()
        await share(north, None, first, chain.author, chain.adopter)
        await share(south, north.id, first, chain.author, chain.adopter)
        await share(south, None, second, chain.adopter, chain.user)
        await share(east, south.id, second, chain.adopter, chain.user)
        yield chain


async def make_ones_own(node: RunningNode, members: Members, source: Release) -> str:
    """Release a text that says from which exact release it was made; gives its URN."""
    facts: dict[str, Any] = msgspec.json.decode(source.manifest)
    facts |= {
        "release": str(uuid4()),
        "urn": f"urn:uuid:{uuid4()}",
        "project": str(members.project),
        "derived_from": {"urn": source.urn, "hash": source.hash.hex()},
    }
    await state_as_ones_own(node, facts)
    return str(facts["urn"])


async def state_as_ones_own(node: RunningNode, facts: dict[str, Any]) -> Release:
    """Release whatever a node might sign."""
    stored = canonical(facts)
    manifest = read_manifest(stored)
    statement = signed(stored, lambda raw: node.node.keys.sign("release", raw))
    one = Release(
        id=manifest.release,
        urn=manifest.urn,
        project_id=manifest.project,
        number="1.0.0",
        sequence=1,
        acknowledgement="re-read",
        kind="protocol",
        manifest=stored,
        signature=statement.signature,
        hash=sha256(stored).digest(),
        stated_at=NOW,
        expires_at=manifest.expires,
        received_at=NOW,
    )
    async with door(node.engine) as session:
        session.add(one)
        said = msgspec.structs.asdict(statement)
        subject = str(manifest.project)
        await append(session, "project/releases", subject, "release.stated", said, now=clock())
    return one


async def withdraw(node: RunningNode, members: Members, published: Release) -> None:
    """Withdraw it on the nodes' own clock, by which their workers look for what is due."""
    async with door(node.engine) as session:
        await recall(
            session,
            members.coordinator,
            urn=published.urn,
            number=published.number,
            reason="It was wrong.",
            holds_texts={"en": "Close the chat."},
            sign=lambda raw: node.node.keys.sign("release", raw),
            now=clock(),
        )


async def take_up(node: RunningNode, members: Members, urn: str) -> None:
    async with door(node.engine) as session:
        await adopt(session, members.coordinator, urn=urn, now=NOW)


async def emergency(node: RunningNode, members: Members, urn: str) -> Any:
    async with door(node.engine) as session:
        text = await text_of_project(session, members.project, urn)
    assert text is not None
    return text.emergency


async def confirmed(node: RunningNode) -> list[tuple[str, list[UUID]]]:
    async with door(node.engine) as session:
        rows = await session.execute(select(RecallConfirmation.node_id, RecallConfirmation.used_by))
        return [(node_id, used_by) for node_id, used_by in rows]


async def work_off(*nodes: RunningNode) -> None:
    for node in nodes:
        await node.loop.work_off()


async def everybody_has_it(chain: Chain) -> tuple[Release, str]:
    published = await publish(chain.north, chain.author)
    await pull_now(chain.south, chain.north)
    await take_up(chain.south, chain.adopter, published.urn)
    made = await make_ones_own(chain.south, chain.adopter, published)
    await pull_now(chain.east, chain.south)
    await take_up(chain.east, chain.user, made)
    await work_off(*chain.nodes)
    return published, made


async def test_by_poke_it_is_there_at_once_two_adopters_away(chain: Chain) -> None:
    published, made = await everybody_has_it(chain)

    await withdraw(chain.north, chain.author, published)
    await work_off(chain.north, chain.south, chain.east)

    assert await emergency(chain.south, chain.adopter, published.urn) == {"en": "Close the chat."}
    assert await emergency(chain.east, chain.user, made) == {"en": "Close the chat."}
    # each node has the word of those whom it told, and of nobody else
    await work_off(chain.south, chain.north)
    assert await confirmed(chain.north) == [(chain.south.id, [chain.adopter.project])]
    assert await confirmed(chain.south) == [(chain.east.id, [chain.user.project])]
    async with door(chain.east.engine) as session:
        [there] = await session.scalars(select(Recall))
        assert (there.node_id, there.urn) == (chain.south.id, made)
        assert (await session.scalars(select(SetAsideEvent))).all() == []


async def test_03_without_pokes_it_is_there_within_two_polls_of_twenty_seconds(
    chain: Chain,
) -> None:
    published, made = await everybody_has_it(chain)
    await withdraw(chain.north, chain.author, published)

    for reader, writer in ((chain.south, chain.north), (chain.east, chain.south)):
        await lose_pokes(writer)
        due = await pull_partner(reader.workshop, {"node_id": writer.id})
        assert due is not None
        assert due - clock() <= timedelta(seconds=20)
        # what was derived is withdrawn by the reader's own worker, woken by its database
        await lose_pokes(reader)
        await work_off(reader)

    assert await emergency(chain.east, chain.user, made) == {"en": "Close the chat."}


async def lose_pokes(node: RunningNode) -> None:
    async with door(node.engine) as session:
        await session.execute(delete(OutboxRow).where(OutboxRow.kind == POKE))


async def test_a_derived_text_that_comes_after_its_sources_recall_is_withdrawn(
    chain: Chain,
) -> None:
    """The recall came before its release, and South's own text was on its way all the same."""
    published = await publish(chain.north, chain.author)
    await withdraw(chain.north, chain.author, published)
    await pull_now(chain.south, chain.north)
    made = await make_ones_own(chain.south, chain.adopter, published)

    await work_off(chain.south)
    await pull_now(chain.east, chain.south)
    await pull_now(chain.east, chain.south)

    async with door(chain.east.engine) as session:
        [there] = await session.scalars(select(Recall))
    assert there.urn == made


async def test_it_is_confirmed_once_and_to_whom_it_came_from(chain: Chain) -> None:
    published, _ = await everybody_has_it(chain)
    await withdraw(chain.north, chain.author, published)
    for _ in range(3):
        await pull_now(chain.south, chain.north)

    async with door(chain.south.engine) as session:
        said = await events(session, "recall.confirmed")
        assert [subject for subject, _ in said] == [chain.north.id]


async def events(session: AsyncSession, kind: str) -> list[tuple[str, bytes]]:
    rows = await session.execute(
        select(Feed.subject, FeedEvent.payload)
        .join(Feed, Feed.id == FeedEvent.feed_id)
        .where(FeedEvent.kind == kind)
    )
    return [(subject, payload or b"") for subject, payload in rows]


async def test_nobodys_name_or_id_leaves_a_node_with_a_recall(chain: Chain) -> None:
    published, _ = await everybody_has_it(chain)
    await withdraw(chain.north, chain.author, published)
    await work_off(chain.north, chain.south, chain.east)
    await work_off(chain.south, chain.north)

    for node, members in zip(chain.nodes, (chain.author, chain.adopter, chain.user), strict=True):
        people = [members.coordinator, members.reviewer, members.worker]
        async with door(node.engine) as session:
            payloads = [
                payload or b"" for payload in await session.scalars(select(FeedEvent.payload))
            ]
            statements = [
                each.encode() for each in await session.scalars(select(FeedRecall.statement))
            ]
        recalled = [
            with_payload(one.signature, one.manifest).encode() for one in await all_recalls(node)
        ] + [one.manifest for one in await all_recalls(node)]
        for said in (*payloads, *statements, *recalled):
            for asker in people:
                assert str(asker.person_id).encode() not in said
            for role in ("coordinator", "reviewer", "worker"):
                assert f"{members.name} {role}".encode() not in said


async def all_recalls(node: RunningNode) -> list[Recall]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(Recall)))
