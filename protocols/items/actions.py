from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import Reason
from federation.permissions.rules import Asker, require_role, require_write
from protocols.items.errors import AuthorMayNotApprove, DraftRefused
from protocols.items.models import Block, Item, Placeholder, Variant
from protocols.items.queries import blocks_of, item_of, placeholders_of, variants_of
from protocols.items.rules.drafts import (
    Draft,
    DraftBlock,
    reasons_against,
    reasons_against_variant,
    source_hash,
)

AUTHORS = ("coordinator", "supervisor", "reviewer")
APPROVERS = ("coordinator", "reviewer")


async def draft_item(session: AsyncSession, asker: Asker, draft: Draft, now: datetime) -> Item:
    """Write a new text for the asker's project; nobody else sees it before its release."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    _check(draft)
    item_id = new_id()
    item = Item(
        id=item_id,
        urn=f"urn:uuid:{item_id}",
        project_id=asker.project_id,
        kind=draft.kind,
        protocol_kind=draft.protocol_kind,
        source_language=draft.source_language,
        jurisdictions=list(draft.jurisdictions),
        review_by=draft.review_by,
        use_limits=list(draft.use_limits),
        channels=list(draft.channels),
        authors=[asker.person_id],
    )
    session.add(item)
    await session.flush()
    await _write(session, item, draft)
    await _record(session, asker, "drafted", item, now)
    return item


async def revise_item(
    session: AsyncSession, asker: Asker, item_id: UUID, draft: Draft, now: datetime
) -> Item:
    """Rewrite a text; parts keep their ids, an approval is gone, releases stay."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    _check(draft)
    item.jurisdictions = list(draft.jurisdictions)
    item.review_by = draft.review_by
    item.use_limits = list(draft.use_limits)
    item.channels = list(draft.channels)
    _touched(item, asker)
    await _write(session, item, draft)
    await _record(session, asker, "revised", item, now)
    return item


async def add_variant(
    session: AsyncSession,
    asker: Asker,
    item_id: UUID,
    *,
    language: str,
    title: str,
    texts: Mapping[str, str],
    question: str | None = None,
    keywords: Sequence[str] = (),
    now: datetime,
) -> Variant:
    """Add or replace a translation of the source text as it stands at this moment."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    variants = {variant.language: variant for variant in await variants_of(session, item.id)}
    source = variants[item.source_language]
    await _check_variant(session, item, language, texts)
    variant = variants.get(language) or Variant(
        item_id=item.id, language=language, title=title, question=None, keywords=[], texts={}
    )
    variant.title, variant.question, variant.keywords = title, question, list(keywords)
    variant.texts = dict(texts)
    variant.source_hash = source_hash(source.texts)
    session.add(variant)
    _touched(item, asker)
    await session.flush()
    await _record(session, asker, "translated", item, now)
    return variant


async def approve(session: AsyncSession, asker: Asker, item_id: UUID, now: datetime) -> Item:
    """Say that a text may be released as it stands; whoever wrote part of it may not."""
    require_role(asker, *APPROVERS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    if asker.person_id in item.authors:
        raise AuthorMayNotApprove
    item.state, item.approver_id, item.approved_at = "approved", asker.person_id, now
    await session.flush()
    await _record(session, asker, "approved", item, now)
    return item


def _check(draft: Draft) -> None:
    reasons = reasons_against(draft)
    if reasons:
        raise DraftRefused(reasons=tuple(reasons))


async def _check_variant(
    session: AsyncSession, item: Item, language: str, texts: Mapping[str, str]
) -> None:
    blocks = {str(block.id) for block in await blocks_of(session, item.id)}
    declared = {gap.name for gap in await placeholders_of(session, item.id)}
    reasons = reasons_against_variant(language, texts, blocks, declared)
    if language == item.source_language:
        reasons.append(Reason("source-language", "This is the language that it was written in."))
    if reasons:
        raise DraftRefused(reasons=tuple(reasons))


def _touched(item: Item, asker: Asker) -> None:
    if asker.person_id not in item.authors:
        item.authors = [*item.authors, asker.person_id]
    item.state, item.approver_id, item.approved_at = "draft", None, None


async def _write(session: AsyncSession, item: Item, draft: Draft) -> None:
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
    known = {block.id for block in await blocks_of(session, item.id)}
    asked = [part.id for part in parts if part.id is not None]
    if not known.issuperset(asked) or len(set(asked)) < len(asked):
        raise DraftRefused(
            reasons=(Reason("unknown-part", "A part is named that this text does not have."),)
        )
    await session.execute(delete(Block).where(Block.item_id == item.id))
    ids = [part.id or new_id() for part in parts]
    rows = [
        {"id": block_id, "item_id": item.id, "position": position, "locked": part.locked}
        for position, (block_id, part) in enumerate(zip(ids, parts, strict=True))
    ]
    await session.execute(insert(Block), rows)
    return [str(block_id) for block_id in ids]


async def _record(
    session: AsyncSession, asker: Asker, verb: str, item: Item, now: datetime
) -> None:
    await record(
        session, actor=asker.person_id, verb=verb, subject="item", subject_id=item.id, now=now
    )
