"""Own words on their way to the owner's node, into its next release, and back to be dropped."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from api.peers.text_events import TEXT_EVENTS, TEXT_RECALLS
from api.tables import METADATA
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import SetAsideEvent
from federation.partners.actions import grant as permit
from federation.partners.actions import withdraw as withhold
from federation.partners.errors import NotGranted
from federation.people.models import Handle
from protocols.adapting.actions import take_version
from protocols.adapting.queries import change_of
from protocols.adoption.queries import text_of_project
from protocols.items.actions import approve, ask_for_review
from protocols.proposals.actions import MADE, propose, withdraw
from protocols.proposals.decisions.actions import accept, decline
from protocols.proposals.queries import proposals_of
from protocols.releases.actions import release
from protocols.releases.models import Release
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode
from tests.api.peers.test_nothing_personal_leaves import dumped
from tests.api.peers.test_texts_between_nodes import know, pull_now, share_a_pool
from tests.protocols.adapting.own_words import TOLD, VALUES
from tests.protocols.example_texts import (
    NOW,
    Members,
    approve_own,
    approved,
    project_with_people,
    protocol,
    take_up,
)
from tests.protocols.proposals.suggestions import (
    RESTORED,
    Suggesting,
    grant,
    own_parts,
    said_of,
)

Pair = tuple[RunningNode, RunningNode]
PARTS = [RESTORED, "Ring {{on_call}}.", "Close the chat together."]


@dataclass(frozen=True)
class Both:
    """North owns a text; South uses it in words of its own."""

    north: RunningNode
    south: RunningNode
    owner: Members
    user: Members
    own: Suggesting

    @property
    def urn(self) -> str:
        return self.own.text.urn

    async def propose(self) -> UUID:
        async with door(self.south.engine) as session:
            return await propose(session, self.user.reviewer, self.urn, self.own.wanted(), NOW)

    async def seen(self, node: RunningNode, members: Members) -> list[tuple[str, str, str]]:
        async with door(node.engine) as session:
            found = await proposals_of(session, members.coordinator)
        return [(one.project.lower(), one.state, one.sentence) for one in found]

    async def set_aside(self, node: RunningNode) -> list[tuple[str, str]]:
        async with door(node.engine) as session:
            rows = await session.scalars(select(SetAsideEvent).order_by(SetAsideEvent.seq))
            return [(one.why, one.detail) for one in rows]


@pytest.fixture
async def both(two_nodes: Pair) -> Both:
    north, south = two_nodes
    people = []
    for node, name in ((north, "north"), (south, "south")):
        async with door(node.engine) as session:
            people.append(await project_with_people(session, name))
            await grant(session, people[-1])
        node.apply.update(TEXT_EVENTS)
        node.apply_recall.update(TEXT_RECALLS)
    owner, user = people
    await know(north, user, south)
    await know(south, owner, north)
    async with door(north.engine) as session:
        pool_id = await share_a_pool(session, None, owner, user)
    async with door(south.engine) as session:
        await share_a_pool(session, (pool_id, north.id), owner, user)
    async with door(north.engine) as session:
        item = await approved(session, owner, protocol(TOLD))
        await publish(north, owner, item.id, session)
    await pull_now(south, north)
    async with door(south.engine) as session:
        [text] = await session.scalars(select(Release))
        await take_up(session, user, text, values=VALUES)
        own = await own_parts(session, user, text)
    return Both(north, south, owner, user, own)


async def publish(node: RunningNode, members: Members, item: UUID, session: Any) -> Release:
    return await release(
        session,
        members.coordinator,
        item,
        sign=lambda raw: node.node.keys.sign("release", raw),
        now=NOW,
    )


async def read(node: RunningNode, members: Members, urn: str) -> list[str]:
    """Give what a project's people read."""
    async with door(node.engine) as session:
        text = await text_of_project(session, members.project, urn)
    assert text is not None
    assert text.manifest is not None
    return [text.manifest.source.texts[str(part.id)] for part in text.manifest.blocks]


async def test_from_own_words_to_the_owners_release_and_dropped(both: Both) -> None:
    north, south = both.north, both.south
    proposal = await both.propose()
    await pull_now(north, south)
    assert await both.seen(north, both.owner) == [("south", "sent", "")]

    async with door(north.engine) as session:
        item = await accept(session, both.owner.coordinator, proposal, seen=1, now=NOW)
    await pull_now(south, north)
    assert await both.seen(south, both.user) == [("north", "accepted", "")]
    # nothing changes for anybody before somebody else has approved it
    mine = await read(south, both.user, both.urn)
    async with door(north.engine) as session:
        await ask_for_review(session, both.owner.coordinator, item.id, NOW)
        await approve(session, both.owner.reviewer, item.id, NOW, seen=item.version)
        second = await publish(north, both.owner, item.id, session)
    await pull_now(south, north)
    assert await read(south, both.user, both.urn) == mine

    async with door(south.engine) as session:
        for _ in range(2):
            overlay = await take_version(
                session, both.user.reviewer, both.urn, number=second.number, decisions={}, now=NOW
            )
            assert overlay.parts == []
        await approve_own(session, both.user, both.urn)
        live = (await change_of(session, both.user.reviewer, both.urn)).live
    assert live is not None
    assert (live.release.id, list(live.parts), live.values) == (second.id, [], VALUES)
    assert await read(south, both.user, both.urn) == PARTS
    assert await both.set_aside(north) == await both.set_aside(south) == []


async def test_a_no_comes_back_and_the_next_proposal_can_be_made(both: Both) -> None:
    first = await both.propose()
    await pull_now(both.north, both.south)
    async with door(both.north.engine) as session:
        await decline(session, both.owner.reviewer, first, sentence="Two it is.", now=NOW)
    await pull_now(both.south, both.north)
    assert await both.seen(both.south, both.user) == [("north", "declined", "Two it is.")]

    await both.propose()
    await pull_now(both.north, both.south)
    assert await both.seen(both.north, both.owner) == [
        ("south", "sent", ""),
        ("south", "declined", "Two it is."),
    ]


async def test_a_partner_that_may_not_propose_is_told_so_at_once(both: Both) -> None:
    propose_here = f"propose:{both.owner.project}"
    await change(withhold, both, propose_here)
    await both.propose()
    await pull_now(both.north, both.south)
    await pull_now(both.south, both.north)
    assert await both.seen(both.north, both.owner) == []
    assert await both.seen(both.south, both.user) == [("north", "declined", NotGranted.title)]
    assert await both.set_aside(both.north) == await both.set_aside(both.south) == []

    await change(permit, both, propose_here)
    await both.propose()
    await pull_now(both.north, both.south)
    assert await both.seen(both.north, both.owner) == [("south", "sent", "")]


async def change(verb: Callable[..., Awaitable[None]], both: Both, capability: str) -> None:
    """Let North's partner administrator change what South may do."""
    async with door(both.north.engine) as session:
        await verb(
            session,
            asker=ADMINISTRATOR,
            node_id=both.south.id,
            capability=capability,
            now=NOW,
        )


async def test_an_answer_that_crosses_its_withdrawal_stops_nothing(both: Both) -> None:
    proposal = await both.propose()
    await pull_now(both.north, both.south)
    async with door(both.north.engine) as session:
        await accept(session, both.owner.coordinator, proposal, seen=1, now=NOW)
    async with door(both.south.engine) as session:
        await withdraw(session, both.user.reviewer, proposal, NOW)
    await pull_now(both.south, both.north)
    await pull_now(both.north, both.south)

    assert await both.seen(both.north, both.owner) == [("south", "accepted", "")]
    assert await both.seen(both.south, both.user) == []
    assert await both.set_aside(both.north) == await both.set_aside(both.south) == []


async def test_a_hostile_partner_is_set_aside_and_stops_nothing(both: Both) -> None:
    wrong = [
        said_of(both.own, both.owner.project),
        said_of(both.own, uuid4()),
        said_of(both.own, both.user.project, sequence=7),
        said_of(both.own, both.user.project, parts=[]),
    ]
    async with door(both.south.engine) as session:
        for said in wrong:
            await append(session, "private", both.north.id, MADE, said, now=NOW)
    await both.propose()
    await pull_now(both.north, both.south)

    assert await both.set_aside(both.north) == [
        ("bad", "not-theirs"),
        ("bad", "not-found"),
        ("bad", "not-found"),
        ("bad", "ValidationError"),
    ]
    assert await both.seen(both.north, both.owner) == [("south", "sent", "")]


async def test_no_trace_of_who_had_the_idea_leaves_the_project(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    south, user = both.south, both.user
    handle = uuid4()
    async with door(south.engine) as session:
        [pool_id] = await session.scalars(select(METADATA.tables["pool"].c.id))
        session.add(
            Handle(
                id=handle,
                hours_per_week=8,
                shifts_per_week=3,
                rest_hours=11,
                pool_id=pool_id,
                project_id=user.project,
                person_id=user.reviewer.person_id,
                display="CanaryHandle-wren",
                roles=["worker"],
                languages=["en"],
            )
        )
    proposal = await both.propose()
    await pull_now(both.north, south)
    async with door(both.north.engine) as session:
        await decline(session, both.owner.reviewer, proposal, sentence="Two it is.", now=NOW)
    await pull_now(south, both.north)

    everything = [table.name for table in METADATA.sorted_tables]
    of_user = [
        *("CanaryHandle", "CanaryReason", "0113 496", "south reviewer", "south coordinator"),
        *(str(one) for one in (handle, user.reviewer.person_id, user.coordinator.person_id)),
    ]
    of_owner = ["north reviewer", str(both.owner.reviewer.person_id)]
    left = {
        "south's feeds": (await dumped(south, "feed", "feed_event", "feed_recall"), of_user),
        "what north has": (await dumped(both.north, *everything), of_user),
        "north's feeds": (await dumped(both.north, "feed", "feed_event"), of_owner),
        "what south has": (await dumped(south, *everything), of_owner),
        "the logs": ("".join(capfd.readouterr()), [*of_user, *of_owner]),
    }
    assert [
        (where, canary)
        for where, (said, canaries) in left.items()
        for canary in canaries
        if canary in said
    ] == []
    # the same search does find them at home
    at_home = await dumped(south, *everything)
    assert [canary for canary in of_user if canary not in at_home] == []
