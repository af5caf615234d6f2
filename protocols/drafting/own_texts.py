"""A project's own texts as they are written now, in a constant number of questions."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.models import Block, Item, Placeholder, Variant
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder


async def own_texts(session: AsyncSession, asker: Asker) -> list[ExchangedText]:
    """Give every text that the asker's project writes, with its translations."""
    require_role(asker, "coordinator", "reviewer")
    items = list(
        await session.scalars(
            select(Item).where(Item.project_id == asker.project_id).order_by(Item.kind, Item.id)
        )
    )
    ids = [item.id for item in items]
    blocks: dict[UUID, list[Block]] = defaultdict(list)
    for block in await session.scalars(
        select(Block).where(Block.item_id.in_(ids)).order_by(Block.position)
    ):
        blocks[block.item_id].append(block)
    variants: dict[UUID, dict[str, Variant]] = defaultdict(dict)
    for variant in await session.scalars(
        select(Variant).where(Variant.item_id.in_(ids)).order_by(Variant.language)
    ):
        variants[variant.item_id][variant.language] = variant
    gaps: dict[UUID, list[Placeholder]] = defaultdict(list)
    for gap in await session.scalars(
        select(Placeholder).where(Placeholder.item_id.in_(ids)).order_by(Placeholder.name)
    ):
        gaps[gap.item_id].append(gap)
    return [_text(item, blocks[item.id], variants[item.id], gaps[item.id]) for item in items]


def _text(
    item: Item, blocks: list[Block], variants: dict[str, Variant], gaps: list[Placeholder]
) -> ExchangedText:
    source = variants[item.source_language]
    draft: dict[str, Any] = {
        "kind": item.kind,
        "title": source.title,
        "source_language": item.source_language,
        "jurisdictions": item.jurisdictions,
        "review_by": item.review_by,
        "blocks": [DraftBlock(source.texts[str(block.id)], block.locked) for block in blocks],
        "protocol_kind": item.protocol_kind,
        "question": source.question,
        "keywords": source.keywords,
        "use_limits": item.use_limits,
        "channels": item.channels,
        "placeholders": [
            msgspec.convert(gap, DraftPlaceholder, from_attributes=True) for gap in gaps
        ],
        "acknowledgement": item.acknowledgement,
    }
    return ExchangedText(
        draft=Draft(**draft),
        translations={
            language: Translated(
                title=variant.title,
                question=variant.question,
                keywords=variant.keywords,
                texts=[
                    variant.texts[str(block.id)]
                    for block in blocks
                    if str(block.id) in variant.texts
                ],
            )
            for language, variant in variants.items()
            if language != item.source_language
        },
    )
