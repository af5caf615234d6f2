"""A pool may ask that somebody with lived experience has reviewed the texts on its shifts."""

import asyncio

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.errors import NotAllowed, NotFound
from federation.feeds.models import Feed
from federation.partners.sender import Sender
from federation.pools.models import Pool
from federation.restoring.actions import begin_restore, mark_restored
from protocols.adoption.queries import text_of_project, texts_on_pool
from protocols.items.actions import draft_item
from protocols.lived_reviews.actions import attest_lived_review
from protocols.pool_texts.actions import name_pool_text
from protocols.pool_texts.errors import LivedReviewMissing, TextsNotReviewed
from protocols.pool_texts.models import PoolText
from protocols.pool_texts.queries import asks_for_lived_experience
from protocols.pool_texts.rule_actions import (
    RULE_STATED,
    ask_for_lived_experience,
    receive_pool_text_rule,
)
from protocols.releases.models import Release
from protocols.statements.errors import NotAStatement, NotTheirs
from tests.locks import until_somebody_waits
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    events,
    looked_over,
    partner,
    protocol,
    release_approved,
    released,
    revised,
    take_up,
    world,
)


async def reviewed(session: AsyncSession, projects: World, title: str = "Reviewed") -> Release:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told(title=title)), NOW)
    await attest_lived_review(session, north.coordinator, item.id, who=None, now=NOW)
    await looked_over(session, north, item.id)
    return await release_approved(session, north, item.id)


async def ask(session: AsyncSession, projects: World, *, required: bool = True) -> None:
    await ask_for_lived_experience(
        session, projects.north.coordinator, pool_id=projects.pool, required=required, now=NOW
    )


async def put_in_force(session: AsyncSession, projects: World, published: Release) -> None:
    await name_pool_text(
        session, projects.north.coordinator, pool_id=projects.pool, urn=published.urn, now=NOW
    )


async def test_a_text_without_it_is_not_put_in_force(
    session: AsyncSession, projects: World
) -> None:
    plain = await released(session, projects.north, protocol(Told()))
    other = await reviewed(session, projects)
    await ask(session, projects)

    with pytest.raises(LivedReviewMissing):
        await put_in_force(session, projects, plain)
    await put_in_force(session, projects, other)

    assert list(await session.scalars(select(PoolText.urn))) == [other.urn]


async def test_the_next_release_without_it_is_not_taken_up_there(
    session: AsyncSession, projects: World
) -> None:
    first = await reviewed(session, projects)
    await ask(session, projects)
    await put_in_force(session, projects, first)
    await take_up(session, projects.south, first)

    second = await revised(session, projects.north, first, Told(parts=("Other words.",)))

    with pytest.raises(LivedReviewMissing):
        await take_up(session, projects.south, second)
    await ask(session, projects, required=False)
    assert (await take_up(session, projects.south, second)).release_id == second.id


async def test_the_next_release_without_it_holds_for_nobody_who_took_no_decision(
    session: AsyncSession, projects: World
) -> None:
    first = await reviewed(session, projects)
    await ask(session, projects)
    await put_in_force(session, projects, first)
    await revised(session, projects.north, first, Told(parts=("Other words.",)))

    asked = await text_of_project(session, projects.south.project, first.urn)
    [listed] = await texts_on_pool(session, [projects.south.project], projects.pool)
    await ask(session, projects, required=False)
    any_text = await text_of_project(session, projects.south.project, first.urn)

    assert asked == listed
    assert [text.manifest.number for text in (asked, any_text) if text and text.manifest] == [
        "1.0.0",
        "2.0.0",
    ]


async def test_a_text_and_the_wish_for_reviews_never_pass_each_other(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        plain = await released(session, projects.north, protocol(Told()))

    async def ask_meanwhile() -> None:
        async with door(committing_engine) as session:
            await ask(session, projects)

    async with door(committing_engine) as session:
        await put_in_force(session, projects, plain)
        asking = asyncio.create_task(ask_meanwhile())
        await until_somebody_waits(committing_engine)
    with pytest.raises(TextsNotReviewed):
        await asking

    async with door(committing_engine) as session:
        assert await asks_for_lived_experience(session, projects.pool) is False
        assert list(await session.scalars(select(PoolText.urn))) == [plain.urn]


async def test_a_pool_cannot_ask_for_what_its_own_texts_lack(
    session: AsyncSession, projects: World
) -> None:
    plain = await released(session, projects.north, protocol(Told()))
    await put_in_force(session, projects, plain)

    with pytest.raises(TextsNotReviewed) as refused:
        await ask(session, projects)

    [reason] = refused.value.reasons
    assert (reason.code, reason.text) == ("not-reviewed", "Live chat conduct, version 1.0.0")
    assert await asks_for_lived_experience(session, projects.pool) is False


async def test_members_are_told_and_ask_for_it_too(session: AsyncSession, projects: World) -> None:
    await ask(session, projects)
    [event] = await events(session)
    said = {"pool": str(projects.pool), "lived_experience": True}
    await ask(session, projects, required=False)
    host = await partner(session, "node-host")
    await session.execute(update(Pool).where(Pool.id == projects.pool).values(host=host))

    sender = Sender(host, "Host", "pool/shifts", str(projects.pool))
    await receive_pool_text_rule(session, sender, said, NOW)

    assert event.kind == "pool-text-rule.stated"
    assert await asks_for_lived_experience(session, projects.pool) is True


async def test_only_the_host_says_what_a_pool_asks(session: AsyncSession, projects: World) -> None:
    said = {"pool": str(projects.pool), "lived_experience": True}
    stranger = Sender("node-x", "X", "pool/shifts", str(projects.pool))

    with pytest.raises(NotTheirs):
        await receive_pool_text_rule(session, stranger, said, NOW)
    with pytest.raises(NotAStatement):
        await receive_pool_text_rule(session, stranger, {"pool": "x"}, NOW)
    for asker, refusal in (
        (projects.north.worker, NotAllowed),
        (projects.elsewhere.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await ask_for_lived_experience(
                session, asker, pool_id=projects.pool, required=True, now=NOW
            )

    assert await asks_for_lived_experience(session, projects.pool) is False


async def test_what_a_pool_asks_is_said_again_when_its_host_was_restored(
    session: AsyncSession, projects: World
) -> None:
    await ask(session, projects)
    feed = await session.scalar(select(Feed).where(Feed.subject == str(projects.pool)))
    assert feed is not None
    before = [event for event in await events(session) if event.feed_id == feed.id]
    await mark_restored(session, NOW)
    await begin_restore(session, NOW)
    await session.refresh(feed)
    again = [event for event in await events(session) if event.epoch == feed.epoch]
    said = [(event.kind, event.payload) for event in before]
    assert [(event.kind, event.payload) for event in again if event.kind == RULE_STATED] == said
