from typing import cast
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound, Reason
from federation.people.models import Person
from federation.permissions.rules import Asker
from protocols.history.rules.written import AcknowledgementClass, Gap, Part, Wording, Written
from protocols.items.models import Block, Item, Placeholder, Variant


async def item_of(
    session: AsyncSession, asker: Asker, item_id: UUID, *, lock: bool = False
) -> Item:
    """Give an item of the asker's own project; another's drafts are not there at all."""
    query = select(Item).where(Item.id == item_id, Item.project_id == asker.project_id)
    item = await session.scalar(query.with_for_update() if lock else query)
    if item is None:
        raise NotFound
    return item


async def reasons_against_owner(session: AsyncSession, asker: Asker, owner: UUID) -> list[Reason]:
    """Let nobody answer for words but somebody who is still in the asker's own project."""
    here = select(Person.id).where(
        Person.id == owner, Person.project_id == asker.project_id, Person.left_at.is_(None)
    )
    if await session.scalar(here) is not None:
        return []
    return [Reason("no-such-owner", "Its owner is somebody of your own project.")]


async def blocks_of(session: AsyncSession, item_id: UUID) -> list[Block]:
    """Give an item's parts in their order."""
    query = select(Block).where(Block.item_id == item_id).order_by(Block.position)
    return list(await session.scalars(query))


async def variants_of(session: AsyncSession, item_id: UUID) -> list[Variant]:
    """Give an item's wordings by language."""
    query = select(Variant).where(Variant.item_id == item_id).order_by(Variant.language)
    return list(await session.scalars(query))


async def placeholders_of(session: AsyncSession, item_id: UUID) -> list[Placeholder]:
    """Give an item's declared gaps by name."""
    query = select(Placeholder).where(Placeholder.item_id == item_id).order_by(Placeholder.name)
    return list(await session.scalars(query))


async def written_of(session: AsyncSession, item: Item) -> Written:
    """Give everything that a text says as it stands now."""
    variants = await variants_of(session, item.id)
    return Written(
        kind="protocol" if item.protocol_kind else "answer",
        protocol_kind=item.protocol_kind,
        source_language=item.source_language,
        acknowledgement=cast("AcknowledgementClass", item.acknowledgement),
        jurisdictions=item.jurisdictions,
        review_by=item.review_by,
        use_limits=item.use_limits,
        channels=item.channels,
        blocks=[
            msgspec.convert(block, Part, from_attributes=True)
            for block in await blocks_of(session, item.id)
        ],
        variants={variant.language: _wording(variant) for variant in variants},
        placeholders=[
            msgspec.convert(gap, Gap, from_attributes=True)
            for gap in await placeholders_of(session, item.id)
        ],
    )


def _wording(variant: Variant) -> Wording:
    return Wording(
        title=variant.title,
        question=variant.question,
        keywords=variant.keywords,
        texts=variant.texts,
        source=variant.source_hash.hex() if variant.source_hash else None,
    )
