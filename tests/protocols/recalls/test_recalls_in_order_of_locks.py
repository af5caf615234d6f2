"""Recalls beside others who lock the same feed and ask for the same work: nobody in a circle."""

import asyncio
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.outbox import OutboxRow
from database.session import door
from federation.feeds import actions as feeds
from federation.feeds.queries import PRIVATE
from protocols.changes.actions import (
    FOLLOW_RECALLS,
    TEXTS_CHANGED,
    follow_recalls_of,
    texts_changed,
)
from protocols.confirmations.actions import confirm_recall
from protocols.descendants.actions import follow_recalls
from protocols.items.rules.drafts import Source
from protocols.recalls.receiving import receive_recall
from protocols.statements.queries import FEED
from tests.locks import until_somebody_waits
from tests.protocols.example_texts import (
    NOW,
    Told,
    approved,
    partner,
    project_with_people,
    protocol,
    recall_statements,
    release_approved,
    released,
    sender_of,
    signer,
    verifier,
    withdraw,
    world,
)
from tests.protocols.recalls.test_recall_during_adoption import Act, in_its_own
from tests.protocols.recalls.test_receiving_recalls import share_a_pool

INSTEAD = {"en": "Close the chat."}


async def while_a_feed_is_held(
    engine: AsyncEngine, feed: tuple[str, str], asked: str, act: Act
) -> list[str]:
    """Act while another holds a feed, who then asks for the same work; gives all that is asked."""
    async with door(engine) as session:
        await feeds.hold(session, *feed, now=NOW)
        other = asyncio.create_task(in_its_own(engine, act))
        await until_somebody_waits(engine)
        await follow_recalls_of(session, asked, NOW)
        await texts_changed(session, NOW)
    await other
    async with door(engine) as session:
        kinds = (FOLLOW_RECALLS, TEXTS_CHANGED)
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind.in_(kinds)))
        return sorted(row.key for row in rows)


async def test_a_recall_locks_its_feed_before_it_asks_for_work(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        published = await released(session, projects.north, protocol(Told()))

    async def recalls(session: Any) -> None:
        await withdraw(session, projects.north, published, holds_texts=INSTEAD)

    feed = (FEED, str(projects.north.project))
    asked = await while_a_feed_is_held(committing_engine, feed, published.urn, recalls)

    assert asked == ["all", published.urn]


async def test_a_release_of_a_derived_text_does_too(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        source = await released(session, projects.north, protocol(Told()))
        draft = replace(
            protocol(Told(parts=("In our own words.",))),
            derived_from=Source(urn=source.urn, hash=source.hash),
        )
        item = await approved(session, projects.south, draft)

    async def releases(session: Any) -> None:
        await release_approved(session, projects.south, item.id)

    feed = (FEED, str(projects.south.project))
    asked = await while_a_feed_is_held(committing_engine, feed, source.urn, releases)

    assert asked == ["all", source.urn]


async def test_what_follows_a_recall_locks_all_feeds_first(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        source = await released(session, projects.north, protocol(Told()))
        draft = replace(
            protocol(Told(parts=("In our own words.",))),
            derived_from=Source(urn=source.urn, hash=source.hash),
        )
        made = [
            await released(session, members, draft)
            for members in (projects.south, projects.elsewhere)
        ]
        await withdraw(session, projects.north, source, holds_texts=INSTEAD)

    async def follows(session: Any) -> None:
        assert len(await follow_recalls(session, source.urn, signer, NOW)) == 2

    last = max(str(one.project_id) for one in made)
    urn = next(one.urn for one in made if str(one.project_id) != last)
    asked = await while_a_feed_is_held(committing_engine, (FEED, last), urn, follows)

    assert asked == sorted(["all", source.urn, *(one.urn for one in made)])


async def test_a_received_recall_locks_the_feed_in_which_it_is_confirmed(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        north = await session.begin_nested()
        projects = await world(session)
        published = await released(session, projects.north, protocol(Told()))
        await withdraw(session, projects.north, published, holds_texts=INSTEAD)
        [statement] = await recall_statements(session)
        urn = msgspec.json.decode(published.manifest)["urn"]
        await north.rollback()
        node = await partner(session, "node-north")
        south = await project_with_people(session, "south")
        await share_a_pool(session, projects.north.project, south.project, node)
        await feeds.hold(session, PRIVATE, node, now=NOW)
    sender = sender_of(node, projects.north.project)

    async def receives(session: Any) -> None:
        heard = await receive_recall(session, sender, statement, NOW, verify=verifier)
        assert heard
        await confirm_recall(session, heard.recall, NOW)

    asked = await while_a_feed_is_held(committing_engine, (PRIVATE, node), urn, receives)

    assert asked == ["all", urn]
