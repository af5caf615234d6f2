from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import Reason
from federation.permissions.rules import Asker, require_role, require_write
from protocols.history.actions import keep_version
from protocols.history.queries import last_released
from protocols.history.rules.written import AcknowledgementClass
from protocols.items.errors import (
    AlreadyInReview,
    AuthorMayNotApprove,
    ChangedSinceSeen,
    DifferenceNotSeen,
    DraftRefused,
    NotInReview,
)
from protocols.items.keeping import write_words
from protocols.items.models import Item, Variant
from protocols.items.notices import tell_approvers
from protocols.items.queries import (
    blocks_of,
    item_of,
    placeholders_of,
    reasons_against_owner,
    variants_of,
    written_of,
)
from protocols.items.rules.drafts import (
    MOST_LANGUAGES,
    Draft,
    reasons_against,
    reasons_against_variant,
    source_hash,
    too_many,
)
from protocols.screening.queries import require_screened
from protocols.screening.rules import passages_of

AUTHORS = ("coordinator", "supervisor", "reviewer")
APPROVERS = ("coordinator", "reviewer")


async def draft_item(session: AsyncSession, asker: Asker, draft: Draft, now: datetime) -> Item:
    """Write a new text for the asker's project; nobody else sees it before its release."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    _check(draft)
    item_id = new_id()
    source = draft.derived_from
    item = Item(
        id=item_id,
        urn=f"urn:uuid:{item_id}",
        project_id=asker.project_id,
        kind=draft.kind,
        protocol_kind=draft.protocol_kind,
        source_language=draft.source_language,
        jurisdictions=[],
        review_by=draft.review_by,
        use_limits=list(draft.use_limits),
        channels=[],
        authors=[],
        derived_from_urn=source.urn if source else None,
        derived_from_hash=source.hash if source else None,
    )
    await _take_facts(session, asker, item, draft)
    session.add(item)
    await session.flush()
    await write_words(session, item, draft)
    await _saved(session, asker, "drafted", item, now)
    return item


async def revise_item(
    session: AsyncSession,
    asker: Asker,
    item_id: UUID,
    draft: Draft,
    now: datetime,
    *,
    seen: int | None = None,
) -> Item:
    """Rewrite a text; parts keep their ids, an approval is gone, releases stay.

    `seen` is the version that the author started from: what others saved since is not lost.
    """
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    _check(draft)
    _require_newest(item, seen)
    await _take_facts(session, asker, item, draft)
    await write_words(session, item, draft)
    await _saved(session, asker, "revised", item, now)
    return item


async def choose_acknowledgement(
    session: AsyncSession,
    asker: Asker,
    item_id: UUID,
    acknowledgement: AcknowledgementClass,
    now: datetime,
) -> Item:
    """Say what the next release asks of its readers; whoever approves it sees the choice."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    item.acknowledgement = acknowledgement
    await _saved(session, asker, "revised", item, now)
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
    seen: int | None = None,
) -> Variant:
    """Add or replace a translation of the source text as it stands at this moment."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    variants = {variant.language: variant for variant in await variants_of(session, item.id)}
    source = variants[item.source_language]
    _require_newest(item, seen)
    await _check_variant(session, item, language, [title, question or "", *keywords], texts)
    variant = variants.get(language) or Variant(
        item_id=item.id, language=language, title=title, question=None, keywords=[], texts={}
    )
    variant.title, variant.question, variant.keywords = title, question, list(keywords)
    variant.texts = dict(texts)
    variant.source_hash = source_hash(source.texts)
    session.add(variant)
    await session.flush()
    await _saved(session, asker, "translated", item, now)
    return variant


async def ask_for_review(session: AsyncSession, asker: Asker, item_id: UUID, now: datetime) -> Item:
    """Hand a text to somebody else of the project; from now on they act next.

    What could show who somebody is goes no further, unless the project has said why it may stand.
    """
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    if item.state in {"in-review", "approved"}:
        raise AlreadyInReview
    await _require_screened(session, item)
    item.state = "in-review"
    await session.flush()
    await _record(session, asker, "review-asked", item, now)
    await tell_approvers(session, item.project_id, APPROVERS, now, authors=item.authors)
    return item


async def approve(
    session: AsyncSession,
    asker: Asker,
    item_id: UUID,
    now: datetime,
    *,
    seen: int | None = None,
) -> Item:
    """Say that a text may be released as it stands; whoever wrote part of it may not.

    `seen` is the version on the approver's page. A change after which nobody has to read again
    is approved by somebody who has seen what it changes, or not at all.
    """
    require_role(asker, *APPROVERS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    if item.state != "in-review":
        raise NotInReview
    if asker.person_id in item.authors:
        raise AuthorMayNotApprove
    _require_newest(item, seen)
    if seen is None and item.acknowledgement != "re-read" and await last_released(session, item.id):
        raise DifferenceNotSeen
    await _require_screened(session, item)
    item.state, item.approver_id, item.approved_at = "approved", asker.person_id, now
    await session.flush()
    await _record(session, asker, "approved", item, now)
    return item


async def send_back(session: AsyncSession, asker: Asker, item_id: UUID, now: datetime) -> Item:
    """Ask for changes: the author acts next, and an approval that was given is gone."""
    require_role(asker, *APPROVERS)
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    if item.state not in {"in-review", "approved"}:
        raise NotInReview
    _back_to_draft(item)
    await session.flush()
    await _record(session, asker, "changes-asked", item, now)
    return item


def _check(draft: Draft) -> None:
    reasons = reasons_against(draft)
    if reasons:
        raise DraftRefused(reasons=tuple(reasons))


async def _require_screened(session: AsyncSession, item: Item) -> None:
    written = await written_of(session, item)
    await require_screened(session, item.project_id, passages_of(written))


def _require_newest(item: Item, seen: int | None) -> None:
    if seen is not None and seen != item.version:
        raise ChangedSinceSeen


async def _check_variant(
    session: AsyncSession,
    item: Item,
    language: str,
    lines: Sequence[str],
    texts: Mapping[str, str],
) -> None:
    blocks = {str(block.id) for block in await blocks_of(session, item.id)}
    declared = {gap.name for gap in await placeholders_of(session, item.id)}
    reasons = reasons_against_variant(language, lines, texts, blocks, declared)
    others = {variant.language for variant in await variants_of(session, item.id)} - {language}
    if len(others) >= MOST_LANGUAGES:
        reasons.append(too_many(MOST_LANGUAGES, "languages"))
    if language == item.source_language:
        reasons.append(Reason("source-language", "This is the language that it was written in."))
    if reasons:
        raise DraftRefused(reasons=tuple(reasons))


async def _take_facts(session: AsyncSession, asker: Asker, item: Item, draft: Draft) -> None:
    item.jurisdictions = list(draft.jurisdictions)
    item.review_by = draft.review_by
    item.use_limits = list(draft.use_limits)
    item.channels = list(draft.channels)
    item.acknowledgement = draft.acknowledgement
    owner = draft.owner or item.owner_id or asker.person_id
    if owner != item.owner_id:
        await _require_owner(session, asker, owner)
        item.owner_id = owner


async def _require_owner(session: AsyncSession, asker: Asker, owner: UUID) -> None:
    reasons = await reasons_against_owner(session, asker, owner)
    if reasons:
        raise DraftRefused(reasons=tuple(reasons))


async def _saved(session: AsyncSession, asker: Asker, verb: str, item: Item, now: datetime) -> None:
    """Keep what was saved for good; whoever saved may not approve, and an approval is gone."""
    if asker.person_id not in item.authors:
        item.authors = [*item.authors, asker.person_id]
    _back_to_draft(item)
    item.version += 1
    await session.flush()
    written = await written_of(session, item)
    await keep_version(session, item.id, item.version, written, saved_by=asker.person_id, now=now)
    await _record(session, asker, verb, item, now)


def _back_to_draft(item: Item) -> None:
    item.state, item.approver_id, item.approved_at = "draft", None, None


async def _record(
    session: AsyncSession, asker: Asker, verb: str, item: Item, now: datetime
) -> None:
    await record(
        session, actor=asker.person_id, verb=verb, subject="item", subject_id=item.id, now=now
    )
