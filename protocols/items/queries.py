from typing import cast
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
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


_PARTS = select(
    func.jsonb_agg(
        aggregate_order_by(
            func.jsonb_build_object("id", Block.id, "locked", Block.locked), Block.position
        )
    )
).where(Block.item_id == Variant.item_id)
_GAPS = select(
    func.jsonb_agg(
        aggregate_order_by(
            func.jsonb_build_object(
                *(
                    part
                    for name in Gap.__struct_fields__
                    for part in (name, getattr(Placeholder, name))
                )
            ),
            Placeholder.name,
        )
    )
).where(Placeholder.item_id == Variant.item_id)
_WRITTEN = (
    select(Variant, _PARTS.scalar_subquery(), _GAPS.scalar_subquery())
    .where(Variant.item_id == bindparam("item"))
    .order_by(Variant.language)
)
"""Parts and gaps are few and short: they come beside each wording, in one question."""


async def written_of(session: AsyncSession, item: Item) -> Written:
    """Give everything that a text says as it stands now."""
    rows = await session.execute(_WRITTEN, {"item": item.id})
    variants, parts, gaps = zip(*rows.all(), strict=True)
    return Written(
        kind="protocol" if item.protocol_kind else "answer",
        protocol_kind=item.protocol_kind,
        source_language=item.source_language,
        acknowledgement=cast("AcknowledgementClass", item.acknowledgement),
        jurisdictions=item.jurisdictions,
        review_by=item.review_by,
        use_limits=item.use_limits,
        channels=item.channels,
        blocks=msgspec.convert(parts[0] or [], list[Part]),
        variants={variant.language: _wording(variant) for variant in variants},
        placeholders=msgspec.convert(gaps[0] or [], list[Gap]),
    )


def _wording(variant: Variant) -> Wording:
    return Wording(
        title=variant.title,
        question=variant.question,
        keywords=variant.keywords,
        texts=variant.texts,
        source=variant.source_hash.hex() if variant.source_hash else None,
    )
