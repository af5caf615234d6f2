from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role
from protocols.recalls.models import Recall
from protocols.recalls.rules import Withdrawal, Withdrawals
from protocols.releases.models import Release
from protocols.releases.queries import release_of, visible_to
from protocols.releases.rules import Manifest, read_manifest


async def withdrawals_of(
    session: AsyncSession, urns: Collection[str]
) -> dict[str, dict[int, Withdrawal]]:
    """Give the recalls of whole releases of some items, by sequence."""
    return {urn: known.releases for urn, known in (await all_withdrawals(session, urns)).items()}


async def all_withdrawals(session: AsyncSession, urns: Collection[str]) -> dict[str, Withdrawals]:
    """Give the recalls of some items, as far as they come from the item's own node."""
    found = {urn: Withdrawals() for urn in urns}
    for recall in await session.scalars(_believed(urns)):
        withdrawal = Withdrawal(recall.reason, recall.holds_sequence, recall.holds_texts)
        known = found[recall.urn]
        if recall.block is None:
            known.releases[recall.sequence] = withdrawal
        else:
            known.blocks.setdefault(recall.sequence, {})[str(recall.block)] = withdrawal
    return found


async def newest_sound(session: AsyncSession, asker: Asker, urn: str) -> Release:
    """Give the newest release that nobody has withdrawn; the newest of all where every one is."""
    newest = await release_of(session, asker, urn, None)
    withdrawn = (await withdrawals_of(session, [urn]))[urn]
    if newest.sequence not in withdrawn:
        return newest
    sound = (
        select(Release)
        .where(Release.urn == urn, visible_to(asker.project_id))
        .where(Release.sequence.not_in(withdrawn))
        .order_by(Release.sequence.desc())
    )
    return await session.scalar(sound.limit(1)) or newest


async def believed_recalls(session: AsyncSession, urn: str) -> list[Recall]:
    """Give the recalls of an item's releases that its own node has stated, oldest first."""
    return list(await session.scalars(_believed([urn]).order_by(Recall.stated_at, Recall.id)))


def _believed(urns: Collection[str]) -> Select[Recall]:
    owner = (
        select(Release.urn, Release.node_id, Release.project_id)
        .where(Release.urn.in_(urns))
        .distinct()
        .subquery()
    )
    theirs = and_(
        owner.c.urn == Recall.urn,
        owner.c.project_id == Recall.project_id,
        owner.c.node_id.is_not_distinct_from(Recall.node_id),
    )
    return select(Recall).join(owner, theirs)


class Withdrawable(NamedTuple):
    """A release of the asker's own project, and what of it has been withdrawn already."""

    manifest: Manifest
    withdrawn: bool
    withdrawn_parts: Collection[str]


async def own_releases(session: AsyncSession, asker: Asker, urn: str) -> list[Withdrawable]:
    """List what a coordinator can withdraw of one text, the newest release first."""
    require_role(asker, "coordinator")
    query = (
        select(Release)
        .where(
            Release.urn == urn, Release.project_id == asker.project_id, Release.node_id.is_(None)
        )
        .order_by(Release.sequence.desc())
    )
    releases = list(await session.scalars(query))
    if not releases:
        raise NotFound
    known = (await all_withdrawals(session, [urn]))[urn]
    return [
        Withdrawable(
            read_manifest(one.manifest),
            one.sequence in known.releases,
            known.blocks.get(one.sequence, {}).keys(),
        )
        for one in releases
    ]


async def own_texts(session: AsyncSession, asker: Asker) -> list[Manifest]:
    """List the texts that a coordinator's project has released, each in its newest release."""
    require_role(asker, "coordinator")
    query = (
        select(Release.manifest)
        .ext(distinct_on(Release.urn))
        .where(Release.project_id == asker.project_id, Release.node_id.is_(None))
        .order_by(Release.urn, Release.sequence.desc())
    )
    texts = [read_manifest(stored) for stored in await session.scalars(query)]
    return sorted(texts, key=lambda text: (text.source.title.casefold(), text.urn))


async def recalled_lately(
    session: AsyncSession, urns: Collection[str], since: datetime
) -> dict[str, datetime]:
    """Tell when something of these items was last withdrawn, where that is not long ago."""
    query = (
        select(Recall.urn, func.max(Recall.received_at))
        .where(Recall.urn.in_(urns), Recall.received_at >= since)
        .group_by(Recall.urn)
    )
    return dict((await session.execute(query)).all())
