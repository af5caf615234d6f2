"""The demo's protocol and canned answers: written, approved, released, adopted, read."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from api.demo.desk import review_by_experience
from api.demo.library import CannedText, Library, read_library
from api.demo.stage import Stage, clock, wait_until_agreed
from api.peers.text_events import PURPOSE
from database.session import door
from federation.permissions.rules import Asker
from protocols.acknowledgement.actions import acknowledge
from protocols.acknowledgement.rules import hash_to_acknowledge
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project
from protocols.items.actions import add_variant, approve, ask_for_review, draft_item, revise_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import Draft
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.actions import release

REVIEW_WEEKS = 40
LANGUAGE = "en"


def library() -> Library:
    """Read the texts, with a review date that lies ahead."""
    return read_library((clock() + timedelta(weeks=REVIEW_WEEKS)).date())


async def share_texts(author: Stage, other: Stage, pool_id: UUID) -> None:
    """Release the protocol and the answers at one project, and let all projects adopt them."""
    texts = library()
    owner = author.troupes[0].slug
    item = await write(author, texts.first)
    await publish(author, item.id)
    answers = [(answer.draft, await _release_answer(author, answer)) for answer in texts.answers]
    async with door(author.engine) as session:
        await name_pool_text(
            session, author.askers[owner], pool_id=pool_id, urn=item.urn, now=clock()
        )
    await wait_until_agreed(author, other)
    for stage in (author, other):
        for troupe in stage.troupes:
            for draft, urn in [(texts.first, item.urn), *answers]:
                await take_up(stage, troupe.slug, urn, texts.values_for(troupe.slug, draft))
            for player in troupe.players:
                if player.windows:
                    await let_read(stage, troupe.slug, player.name, item.urn)


async def second_release(author: Stage) -> None:
    """Add a part: adopted and read by some at its author, pending at the other projects."""
    texts = library()
    troupe = author.troupes[0]
    async with door(author.engine) as session:
        [item] = await session.scalars(select(Item).where(Item.protocol_kind == "conduct"))
        known = [block.id for block in await blocks_of(session, item.id)]
        ids = [*known[: texts.added], None, *known[texts.added :]]
        blocks = [
            replace(block, id=block_id)
            for block, block_id in zip(texts.second.blocks, ids, strict=True)
        ]
        reviewer = author.reviewers[troupe.slug]
        await revise_item(session, reviewer, item.id, replace(texts.second, blocks=blocks), clock())
    await review_by_experience(author)
    await publish(author, item.id)
    await take_up(author, troupe.slug, item.urn, texts.values_for(troupe.slug, texts.second))
    readers = [player.name for player in troupe.players if player.windows]
    for name in readers[::2]:
        await let_read(author, troupe.slug, name, item.urn)


async def write(stage: Stage, draft: Draft) -> Item:
    """Let the reviewer write: who wrote a text may not approve it."""
    reviewer = stage.reviewers[stage.troupes[0].slug]
    async with door(stage.engine) as session:
        return await draft_item(session, reviewer, draft, clock())


async def publish(stage: Stage, item_id: UUID) -> None:
    """Let the coordinator approve what the reviewer wrote, and release it."""
    owner = stage.troupes[0].slug
    coordinator, reviewer = stage.askers[owner], stage.reviewers[owner]
    async with door(stage.engine) as session:
        item = await ask_for_review(session, reviewer, item_id, clock())
        await approve(session, coordinator, item_id, clock(), seen=item.version)
        await release(
            session,
            coordinator,
            item_id,
            sign=lambda manifest: stage.node.keys.sign("release", manifest, purpose=PURPOSE),
            now=clock(),
        )


async def _release_answer(stage: Stage, answer: CannedText) -> str:
    item = await write(stage, answer.draft)
    reviewer = stage.reviewers[stage.troupes[0].slug]
    async with door(stage.engine) as session:
        [block] = await blocks_of(session, item.id)
        for language, told in answer.translations.items():
            await add_variant(
                session,
                reviewer,
                item.id,
                language=language,
                title=told.title,
                texts={str(block.id): told.text},
                question=told.question,
                keywords=told.keywords,
                now=clock(),
            )
    await publish(stage, item.id)
    return item.urn


async def take_up(stage: Stage, slug: str, urn: str, values: dict[str, str]) -> None:
    """Let a project adopt what is newest of a text."""
    async with door(stage.engine) as session:
        await adopt(session, stage.askers[slug], urn=urn, values=values, now=clock())


async def let_read(stage: Stage, slug: str, name: str, urn: str) -> None:
    """Record that somebody has read the words that are in force in their project."""
    asker = Asker(stage.people[slug, name], stage.askers[slug].project_id, frozenset({"worker"}))
    async with door(stage.engine) as session:
        text = await text_of_project(session, asker.project_id, urn)
        words = hash_to_acknowledge(text, LANGUAGE) if text else None
        if words is not None:
            await acknowledge(
                session, asker, urn=urn, text_hash=words, language=LANGUAGE, now=clock()
            )
