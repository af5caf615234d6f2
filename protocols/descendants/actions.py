"""A recall reaches those who use what others made of the withdrawn text.

Each node withdraws what it derived itself, and signs that with its own key: so nobody has to trust
a node that it never met, and a forwarding node can neither forge nor hold back another's recall.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM
from federation.feeds.errors import RecallTooLarge
from protocols.descendants.rules import in_short, what_follows, words_of
from protocols.recalls.actions import Withdrawing, ask_to_follow, state_recall
from protocols.recalls.models import Recall
from protocols.recalls.queries import all_withdrawals, believed_recalls, withdrawn_from
from protocols.recalls.rules import Words, what_holds, words_instead
from protocols.releases.models import Release
from protocols.releases.queries import releases_of, work_of
from protocols.releases.rules import Derived, read_manifest
from protocols.statements.rules import Sign


async def follow_recalls(
    session: AsyncSession, urn: str, sign: Sign, now: datetime
) -> list[Recall]:
    """Withdraw what this node derived from a withdrawn text; what is withdrawn already stays so.

    It may come before, while or after the text is derived: it is asked after each of them.
    """
    recalls = await believed_recalls(session, urn)
    derived = await _derived_from(session, urn) if recalls else []
    known_here = (await releases_of(session, [urn])).values()
    sources = {one.hash.hex(): one for releases in known_here for one in releases}
    stated = []
    for release, source in derived:
        known = sources.get(source.hash)
        for recall in recalls:
            if known is not None and _concerns(recall, known):
                stated += await _withdraw(session, release, known, recall, sign, now)
    if stated:
        await ask_to_follow(session, {one.urn for one in stated}, now)
    return stated


def _concerns(recall: Recall, release: Release) -> bool:
    return (withdrawn_from(recall), recall.sequence) == (work_of(release), release.sequence)


async def _derived_from(session: AsyncSession, urn: str) -> list[tuple[Release, Derived]]:
    """Find this node's own releases made from an item; locked, so that one job at a time does."""
    names_it = func.position(literal(urn.encode()).op("IN")(Release.manifest)) > 0
    found = await session.scalars(
        select(Release)
        .where(Release.node_id.is_(None), Release.urn != urn, names_it)
        .order_by(Release.project_id, Release.urn, Release.sequence)
        .with_for_update()
    )
    named = [(one, read_manifest(one.manifest).derived_from) for one in found]
    return [(one, source) for one, source in named if source is not None and source.urn == urn]


async def _withdraw(
    session: AsyncSession,
    derived: Release,
    source: Release,
    recall: Recall,
    sign: Sign,
    now: datetime,
) -> list[Recall]:
    instead = await _instead(session, recall)
    theirs, ours = read_manifest(source.manifest), read_manifest(derived.manifest)
    follows = what_follows(ours, theirs, recall.block, instead)
    work = work_of(derived)
    known = (await all_withdrawals(session, [work]))[work]
    if follows is None or derived.sequence in known.releases:
        return []
    if str(follows.block) in known.blocks.get(derived.sequence, {}):
        return []
    what = Withdrawing(
        release=derived,
        reason=recall.reason,
        holds_texts=follows.texts,
        block=follows.block,
        follows=recall.hash,
    )
    try:
        return [await state_recall(session, SYSTEM, what, sign, now)]
    except RecallTooLarge:
        # a withdrawal with fewer words reaches everybody; words that nobody can fetch reach no one
        what = replace(what, holds_texts=in_short(ours, follows).texts)
        return [await state_recall(session, SYSTEM, what, sign, now)]


async def _instead(session: AsyncSession, recall: Recall) -> Words:
    """Give what the source's project says holds by now, in words: a recall of that counts, too."""
    work = withdrawn_from(recall)
    known = (await all_withdrawals(session, [work]))[work]
    releases = await releases_of(session, [recall.urn])
    manifests = {one.sequence: read_manifest(one.manifest) for one in releases[work]}
    if recall.block is not None:
        return words_instead(recall.sequence, known, manifests)[str(recall.block)]
    standing = what_holds(recall.sequence, known.releases)
    if standing.emergency is not None:
        return standing.emergency
    earlier = manifests.get(standing.sequence) if standing.sequence else None
    return words_of(earlier) if earlier else {}
