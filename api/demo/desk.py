"""The demo's writers' desk: a text in review with a remark on it, and reviews that took place."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from api.demo.library import read_draft
from api.demo.stage import Stage, clock
from database.session import door
from protocols.comments.actions import comment_on
from protocols.items.actions import ask_for_review, draft_item, revise_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.lived_reviews.actions import attest_lived_review

REVIEW_WEEKS = 26
REMARK = "Can we say which of the two of us writes it down?"


async def lay_on_the_desk(author: Stage) -> None:
    """Leave a protocol in review, in its second version, with a question from its reviewer."""
    slug = author.troupes[0].slug
    reviewer, coordinator = author.reviewers[slug], author.askers[slug]
    review_by = (clock() + timedelta(weeks=REVIEW_WEEKS)).date()
    first, second = read_draft("recording.toml", review_by)
    async with door(author.engine) as session:
        item = await draft_item(session, reviewer, first, clock())
        known = [block.id for block in await blocks_of(session, item.id)]
        parts = [
            replace(part, id=known[place] if place < len(known) else None)
            for place, part in enumerate(second.blocks)
        ]
        await revise_item(session, reviewer, item.id, replace(second, blocks=parts), clock())
        await ask_for_review(session, reviewer, item.id, clock())
        await comment_on(session, coordinator, item.id, said=REMARK, block=known[1], now=clock())


async def review_by_experience(author: Stage) -> None:
    """State that the conduct protocol was reviewed by somebody with lived experience."""
    coordinator = author.askers[author.troupes[0].slug]
    async with door(author.engine) as session:
        [item_id] = await session.scalars(select(Item.id).where(Item.protocol_kind == "conduct"))
        await attest_lived_review(session, coordinator, item_id, who=None, now=clock())
