"""Two people act on one text at the same moment, each on their own connection."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from protocols.adoption.queries import text_of_project
from protocols.items.actions import approve, ask_for_review, draft_item, revise_item
from protocols.items.errors import ChangedSinceSeen, NotApproved, NotInReview
from protocols.items.models import Item
from protocols.recalls.actions import recall_item
from protocols.releases.actions import release
from protocols.releases.models import Release
from tests.locks import until_somebody_waits
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    protocol,
    released,
    revised,
    signer,
    take_up,
    world,
)

Act = Callable[[AsyncSession], Awaitable[Any]]


async def at_once(engine: AsyncEngine, first: Act, second: Act) -> BaseException | None:
    """Let the second begin while the first is not committed; gives what the second was refused."""

    async def beside() -> None:
        async with door(engine) as session:
            await second(session)

    async with door(engine) as session:
        await first(session)
        other = asyncio.create_task(beside())
        await until_somebody_waits(engine)
    [refused] = await asyncio.gather(other, return_exceptions=True)
    return refused


async def in_review(engine: AsyncEngine) -> tuple[World, UUID]:
    async with door(engine) as session:
        projects = await world(session)
        item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
        await ask_for_review(session, projects.north.reviewer, item.id, NOW)
    return projects, item.id


async def test_of_two_who_approve_at_once_one_does(committing_engine: AsyncEngine) -> None:
    projects, item_id = await in_review(committing_engine)
    coordinator = projects.north.coordinator

    async def agree(session: AsyncSession) -> None:
        await approve(session, coordinator, item_id, NOW, seen=1)

    assert isinstance(await at_once(committing_engine, agree, agree), NotInReview)


@pytest.mark.parametrize("first", ["approval", "revision"])
async def test_what_is_written_while_somebody_approves_is_approved_by_nobody(
    committing_engine: AsyncEngine, first: str
) -> None:
    projects, item_id = await in_review(committing_engine)
    north = projects.north

    async def agree(session: AsyncSession) -> None:
        await approve(session, north.coordinator, item_id, NOW, seen=1)

    async def write(session: AsyncSession) -> None:
        draft = protocol(Told(parts=("Other words.",)))
        await revise_item(session, north.reviewer, item_id, draft, NOW, seen=1)

    order = (agree, write) if first == "approval" else (write, agree)
    refused = await at_once(committing_engine, *order)

    assert isinstance(refused, NotInReview | ChangedSinceSeen | None)
    async with door(committing_engine) as session:
        item = await session.get_one(Item, item_id)
        assert (item.state, item.approver_id, item.version) == ("draft", None, 2)


async def test_what_is_released_twice_at_once_is_one_release(
    committing_engine: AsyncEngine,
) -> None:
    projects, item_id = await in_review(committing_engine)
    coordinator = projects.north.coordinator
    async with door(committing_engine) as session:
        await approve(session, coordinator, item_id, NOW, seen=1)

    async def publish(session: AsyncSession) -> None:
        await release(session, coordinator, item_id, sign=signer, now=NOW)

    assert isinstance(await at_once(committing_engine, publish, publish), NotApproved)
    async with door(committing_engine) as session:
        assert [one.number for one in await session.scalars(select(Release))] == ["1.0.0"]


@pytest.mark.parametrize("first_of_all", ["withdrawal", "release"])
async def test_a_release_beside_a_withdrawal_of_all_brings_nothing_back(
    committing_engine: AsyncEngine, first_of_all: str
) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        north = projects.north
        first = await released(session, north, protocol(Told()))
        await take_up(session, projects.south, first)

    async def withdraw_all(session: AsyncSession) -> None:
        await recall_item(
            session,
            north.coordinator,
            urn=first.urn,
            reason="Wrong.",
            holds_texts={"en": "Ask."},
            sign=signer,
            now=NOW,
        )

    async def next_one(session: AsyncSession) -> None:
        await revised(session, north, first, Told(parts=("Two.",)))

    afterwards = first_of_all == "withdrawal"
    order = (withdraw_all, next_one) if afterwards else (next_one, withdraw_all)
    assert await at_once(committing_engine, *order) is None

    async with door(committing_engine) as session:
        text = await text_of_project(session, projects.south.project, first.urn)
        assert text is not None
        assert (text.manifest, text.emergency) == (None, {"en": "Ask."})
        # what is released after all was withdrawn is what its author means to hold
        assert text.pending == ("2.0.0" if afterwards else None)
