"""Puts a draft's words, parts and gaps into their rows; who may is decided before."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import Reason
from protocols.items.errors import DraftRefused
from protocols.items.models import Block, Item, Placeholder, Variant
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import Draft, DraftBlock


async def write_words(session: AsyncSession, item: Item, draft: Draft) -> None:
    """Replace a text's parts and gaps, and its words in its source language."""
    blocks = await _write_blocks(session, item, draft.blocks)
    query = select(Variant).where(
        Variant.item_id == item.id, Variant.language == item.source_language
    )
    variant = await session.scalar(query) or Variant(
        item_id=item.id,
        language=item.source_language,
        title=draft.title,
        question=draft.question,
        keywords=[],
        texts={},
    )
    variant.title, variant.question = draft.title, draft.question
    variant.keywords = list(draft.keywords)
    variant.texts = {block: part.text for block, part in zip(blocks, draft.blocks, strict=True)}
    session.add(variant)
    await session.execute(delete(Placeholder).where(Placeholder.item_id == item.id))
    session.add_all(
        Placeholder(
            item_id=item.id,
            name=gap.name,
            type=gap.type,
            filled_by=gap.filled_by,
            example=gap.example,
            material=gap.material,
        )
        for gap in draft.placeholders
    )
    await session.flush()


async def _write_blocks(
    session: AsyncSession, item: Item, parts: Sequence[DraftBlock]
) -> list[str]:
    known = {block.id: block.locked for block in await blocks_of(session, item.id)}
    asked = [part.id for part in parts if part.id is not None]
    if not known.keys() >= set(asked) or len(set(asked)) < len(asked):
        raise DraftRefused(
            reasons=(Reason("unknown-part", "A part is named that this text does not have."),)
        )
    await session.execute(delete(Block).where(Block.item_id == item.id))
    ids = [part.id or new_id() for part in parts]
    rows = [
        {
            "id": block_id,
            "item_id": item.id,
            "position": position,
            "locked": part.locked or (part.keep_lock and known.get(block_id, False)),
        }
        for position, (block_id, part) in enumerate(zip(ids, parts, strict=True))
    ]
    await session.execute(insert(Block), rows)
    return [str(block_id) for block_id in ids]
