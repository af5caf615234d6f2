"""A recall and the adoption of what it withdraws at the same moment, each on its own connection."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from protocols.adapting.actions import take_version
from protocols.adapting.approval.actions import approve_change, ask_approval
from protocols.adoption.models import Adoption
from protocols.adoption.queries import text_of_project
from protocols.recalls.errors import Withdrawn
from protocols.recalls.receiving import receive_recall
from protocols.releases.actions import receive_releases
from protocols.releases.models import Release
from tests.locks import until_somebody_waits
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    events,
    partner,
    project_with_people,
    protocol,
    recall_statements,
    released,
    revised,
    sender_of,
    take_up,
    verifier,
    withdraw,
    world,
)
from tests.protocols.recalls.test_receiving_recalls import share_a_pool

Act = Callable[[AsyncSession], Awaitable[Any]]


@dataclass(frozen=True)
class Deciding:
    """South uses the first release, and is about to decide on the second, which is withdrawn."""

    engine: AsyncEngine
    south: Members
    urn: str
    recall: Act
    asked: bytes

    async def approve(self, session: AsyncSession) -> None:
        await approve_change(session, self.south.coordinator, self.urn, seen=self.asked, now=NOW)

    async def holds(self) -> tuple[str, str, str | None]:
        """Give what is locked, what holds, and why."""
        async with door(self.engine) as session:
            text = await text_of_project(session, self.south.project, self.urn)
            assert text
            assert text.locked
            assert text.manifest
            return text.locked.number, text.manifest.number, text.withdrawn_because


async def about_to_approve(session: AsyncSession, south: Members, urn: str) -> bytes:
    """Draft the step to the second release and ask for approval; gives what is to be approved."""
    first = (await session.scalars(select(Release).where(Release.sequence == 1))).one()
    await take_up(session, south, first)
    await take_version(session, south.reviewer, urn, number="2.0.0", decisions={}, now=NOW)
    asked = await ask_approval(session, south.reviewer, urn, NOW)
    return asked.asked_hash or b""


@pytest.fixture(params=["of the own node", "of a partner"])
async def deciding(request: pytest.FixtureRequest, committing_engine: AsyncEngine) -> Deciding:
    if request.param == "of the own node":
        return await beside_its_author(committing_engine)
    return await far_from_its_author(committing_engine)


async def beside_its_author(engine: AsyncEngine) -> Deciding:
    async with door(engine) as session:
        projects = await world(session)
        first = await released(session, projects.north, protocol(Told()))
        second = await revised(session, projects.north, first, Told(parts=("Two, always.",)))
        asked = await about_to_approve(session, projects.south, first.urn)

    async def recalls(other: AsyncSession) -> None:
        await withdraw(other, projects.north, second, holds_number="1.0.0")

    return Deciding(engine, projects.south, first.urn, recalls, asked)


async def far_from_its_author(engine: AsyncEngine) -> Deciding:
    async with door(engine) as session:
        north = await session.begin_nested()
        projects = await world(session)
        first = await released(session, projects.north, protocol(Told()))
        second = await revised(session, projects.north, first, Told(parts=("Two, always.",)))
        await withdraw(session, projects.north, second, holds_number="1.0.0")
        payloads = [msgspec.json.decode(event.payload or b"") for event in await events(session)]
        [statement] = await recall_statements(session)
        await north.rollback()
    async with door(engine) as session:
        node = await partner(session, "node-north")
        south = await project_with_people(session, "south")
        await share_a_pool(session, projects.north.project, south.project, node)
        sender = sender_of(node, projects.north.project)
        await receive_releases(session, sender, payloads, NOW, verify=verifier)
        asked = await about_to_approve(session, south, first.urn)

    async def recalls(other: AsyncSession) -> None:
        assert await receive_recall(other, sender, statement, NOW, verify=verifier)

    return Deciding(engine, south, first.urn, recalls, asked)


async def in_its_own(engine: AsyncEngine, act: Act) -> None:
    async with door(engine) as session:
        await act(session)


async def while_open(deciding: Deciding, first: Act, second: Act) -> None:
    """Let the second begin when the first has done its part and has not committed yet."""
    async with door(deciding.engine) as session:
        await first(session)
        other = asyncio.create_task(in_its_own(deciding.engine, second))
        await until_somebody_waits(deciding.engine)
    await other


async def test_a_recall_during_an_approval_wins(deciding: Deciding) -> None:
    await while_open(deciding, deciding.approve, deciding.recall)

    assert await deciding.holds() == ("2.0.0", "1.0.0", "The law has changed.")


async def test_an_approval_during_a_recall_changes_nothing_of_it(deciding: Deciding) -> None:
    """The approval has looked for recalls before this one was committed, and is late by a hair."""
    await while_open(deciding, deciding.recall, deciding.approve)

    assert await deciding.holds() == ("2.0.0", "1.0.0", "The law has changed.")


async def test_an_approval_after_a_recall_is_refused(deciding: Deciding) -> None:
    await in_its_own(deciding.engine, deciding.recall)

    with pytest.raises(Withdrawn):
        await in_its_own(deciding.engine, deciding.approve)

    assert await deciding.holds() == ("1.0.0", "1.0.0", None)
    async with door(deciding.engine) as session:
        [adoption] = await session.scalars(select(Adoption))
        assert adoption.overlay_id is None
