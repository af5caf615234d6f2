from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound
from federation.feeds import actions as feeds
from federation.partners.rules.encoding import with_payload
from federation.permissions.rules import Asker, require_role, require_write
from protocols.changes.actions import follow_recalls_of, texts_changed
from protocols.items.models import Item
from protocols.recalls.errors import AlreadyRecalled, NothingWouldHold, WordsRefused
from protocols.recalls.keeping import keep_recall, note_recall
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals, withdrawals_of
from protocols.recalls.rules import (
    Holds,
    RecallManifest,
    block_words,
    passages_of_recall,
    reasons_against_words,
    recall_bytes,
    says_the_same,
    what_holds,
)
from protocols.releases.models import Release
from protocols.releases.rules import Work, read_manifest
from protocols.screening.queries import require_screened
from protocols.statements.queries import FEED
from protocols.statements.rules import Sign, signed


@dataclass(frozen=True, kw_only=True)
class Withdrawing:
    """What is withdrawn, why, and what holds meanwhile; `follows` names the recall behind it."""

    release: Release
    reason: str
    holds_sequence: int | None = None
    holds_texts: Mapping[str, str] = field(default_factory=dict)
    block: UUID | None = None
    follows: bytes | None = None


async def recall(
    session: AsyncSession,
    asker: Asker,
    *,
    urn: str,
    number: str,
    reason: str,
    block: UUID | None = None,
    holds_number: str | None = None,
    holds_texts: Mapping[str, str] | None = None,
    sign: Sign,
    now: datetime,
) -> Recall:
    """Withdraw a release of the asker's project, or one part of it, and say what holds meanwhile.

    A part that other releases say in the same words is withdrawn from these as well.
    """
    _require_may(asker)
    releases = {one.number: one for one in await _own(session, asker, urn)}
    withdrawn = releases.get(number)
    earlier = releases.get(holds_number) if holds_number else None
    if withdrawn is None or (holds_number and earlier is None):
        raise NotFound
    work = Work(urn, asker.project_id, None)
    known = (await all_withdrawals(session, [work]))[work]
    gone = known.blocks.get(withdrawn.sequence, {})
    if withdrawn.sequence in known.releases or str(block) in gone:
        raise AlreadyRecalled
    if earlier is not None:
        stands = what_holds(earlier.sequence, known.releases).sequence == earlier.sequence
        if not stands or str(block) in known.blocks.get(earlier.sequence, {}):
            raise NothingWouldHold
    what = Withdrawing(
        release=withdrawn,
        reason=reason,
        holds_sequence=earlier.sequence if earlier else None,
        holds_texts=_said(holds_texts),
        block=block,
    )
    if block is not None:
        _require_part(what, earlier)
    withdrawing = [what] + [
        replace(what, release=one)
        for one in _with_the_same_words(what, releases.values())
        if one.sequence not in known.releases
        and str(block) not in known.blocks.get(one.sequence, {})
    ]
    await _require_sayable(session, asker, reason, what.holds_texts, withdrawing)
    stated = [await state_recall(session, asker.person_id, one, sign, now) for one in withdrawing]
    await ask_to_follow(session, [urn], now)
    return stated[0]


async def recall_item(
    session: AsyncSession,
    asker: Asker,
    *,
    urn: str,
    reason: str,
    holds_texts: Mapping[str, str],
    sign: Sign,
    now: datetime,
) -> list[Recall]:
    """Withdraw an answer or a protocol altogether: each of its releases, one statement for each.

    So whoever keeps to an older release is reached, also where an older version of netreach runs.
    """
    _require_may(asker)
    releases = await _own(session, asker, urn)
    known = await withdrawals_of(session, Work(urn, asker.project_id, None))
    if all(one.sequence in known for one in releases):
        raise AlreadyRecalled
    said = _said(holds_texts)
    withdrawing = [
        Withdrawing(release=one, reason=reason, holds_texts=said)
        for one in releases
        if one.sequence not in known
    ]
    await _require_sayable(session, asker, reason, said, withdrawing)
    stated = [await state_recall(session, asker.person_id, one, sign, now) for one in withdrawing]
    await ask_to_follow(session, [urn], now)
    return stated


async def state_recall(
    session: AsyncSession, actor: UUID | str, what: Withdrawing, sign: Sign, now: datetime
) -> Recall:
    """Sign and keep one recall; it travels before all else. Whether it may be is decided before.

    `ask_to_follow` comes after the last one: feeds come before other work in the order of locks.
    """
    manifest = _manifest(what, now)
    statement = signed(recall_bytes(manifest), sign)
    whole = with_payload(statement.signature, statement.manifest.encode())
    await feeds.recall(session, FEED, str(manifest.project), whole, now=now)
    stated = await keep_recall(
        session, manifest, statement, now, node_id=None, kept_as=manifest.recall
    )
    await note_recall(session, actor, "recalled", stated, now)
    return stated


async def ask_to_follow(session: AsyncSession, urns: Collection[str], now: datetime) -> None:
    """Have all that depends on withdrawn items looked at again: derived texts, and who has read."""
    for urn in sorted(urns):
        await follow_recalls_of(session, urn, now)
    await texts_changed(session, now)


def _require_may(asker: Asker) -> None:
    require_role(asker, "coordinator")
    require_write(asker)


async def _own(session: AsyncSession, asker: Asker, urn: str) -> list[Release]:
    # whoever releases the next one meanwhile is waited for, so that it is withdrawn as well
    text = select(Item.id).where(Item.urn == urn, Item.project_id == asker.project_id)
    await session.execute(text.with_for_update())
    own = (Release.project_id == asker.project_id) & Release.node_id.is_(None)
    query = select(Release).where(Release.urn == urn, own).order_by(Release.sequence)
    # locked, so that two recalls of one text are one after the other
    releases = await session.scalars(query.with_for_update())
    found = list(releases)
    if not found:
        raise NotFound
    return found


async def _require_sayable(
    session: AsyncSession,
    asker: Asker,
    reason: str,
    texts: Mapping[str, str],
    withdrawing: Collection[Withdrawing],
) -> None:
    """Hold words that no second person sees before partners do to what a review would hold."""
    releases = [read_manifest(one.release.manifest) for one in withdrawing]
    reasons = reasons_against_words(texts, releases)
    if reasons:
        raise WordsRefused(reasons=tuple(reasons))
    await require_screened(session, asker.project_id, passages_of_recall(reason, texts))


def _require_part(what: Withdrawing, earlier: Release | None) -> None:
    """Hold a recall of one part to what can be shown there: in the text's own language, at least.

    An earlier release that says the same in this part would be no help.
    """
    manifest, block = read_manifest(what.release.manifest), str(what.block)
    if block not in manifest.source.texts:
        raise NotFound
    if earlier is None and manifest.source_language not in what.holds_texts:
        raise NothingWouldHold(
            f"Say what holds meanwhile in the language of the text: {manifest.source_language}."
        )
    if earlier is not None:
        there = read_manifest(earlier.manifest)
        if there.source.texts.get(block) in {None, manifest.source.texts[block]}:
            raise NothingWouldHold(
                "That release does not say anything else in this part. Choose another one, "
                "or write what holds meanwhile."
            )


def _with_the_same_words(what: Withdrawing, releases: Collection[Release]) -> list[Release]:
    """Find the other releases whose readers were told the same in a withdrawn part."""
    if what.block is None:
        return []
    block, since = str(what.block), what.holds_sequence or 0
    wrong = block_words(read_manifest(what.release.manifest), block)
    return [
        one
        for one in releases
        if one.sequence > since
        and one.sequence != what.release.sequence
        and says_the_same(
            block_words(read_manifest(one.manifest), block),
            wrong,
            later=one.sequence > what.release.sequence,
        )
    ]


def _said(texts: Mapping[str, str] | None) -> dict[str, str]:
    return {language: text for language, text in (texts or {}).items() if text.strip()}


def _manifest(what: Withdrawing, now: datetime) -> RecallManifest:
    try:
        return RecallManifest(
            format="netreach-recall/1",
            recall=new_id(),
            urn=what.release.urn,
            project=what.release.project_id,
            sequence=what.release.sequence,
            reason=what.reason,
            holds=Holds(sequence=what.holds_sequence, texts=dict(what.holds_texts) or None),
            stated=now,
            block=what.block or msgspec.UNSET,
            follows=what.follows.hex() if what.follows else msgspec.UNSET,
        )
    except ValueError as error:
        raise NothingWouldHold from error
