from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role
from protocols.recalls.models import Recall
from protocols.recalls.rules import Withdrawal, Withdrawals
from protocols.releases.models import Release
from protocols.releases.queries import release_of, work_of
from protocols.releases.rules import Manifest, Work, read_manifest


async def withdrawals_of(session: AsyncSession, work: Work) -> dict[int, Withdrawal]:
    """Give the recalls of whole releases of an item, by sequence."""
    return (await all_withdrawals(session, [work]))[work].releases


_OF_ITEMS = select(Recall).where(Recall.urn.in_(bindparam("urns", expanding=True)))


async def all_withdrawals(
    session: AsyncSession, works: Collection[Work]
) -> dict[Work, Withdrawals]:
    """Give the recalls of some items, as far as they come from the item's own project."""
    urns = {"urns": [work.urn for work in works]}
    return withdrawals_in(await session.scalars(_OF_ITEMS, urns), works)


def withdrawals_in(recalls: Iterable[Recall], works: Collection[Work]) -> dict[Work, Withdrawals]:
    """Keep recalls by whose item they are about; those that do not come from there are left out."""
    found = {work: Withdrawals() for work in works}
    for recall in recalls:
        withdrawal = Withdrawal(recall.reason, recall.holds_sequence, recall.holds_texts)
        known = found.get(withdrawn_from(recall))
        if known is None:
            continue
        if recall.block is None:
            known.releases[recall.sequence] = withdrawal
        else:
            known.blocks.setdefault(recall.sequence, {})[str(recall.block)] = withdrawal
    return found


def of_release(release: type[Release]) -> ColumnElement[bool]:
    """Limit recalls to those that concern a release, or a part of it, and come from its project."""
    return and_(of_item(release), Recall.sequence == release.sequence)


def of_item(release: type[Release]) -> ColumnElement[bool]:
    """Limit recalls to those of any release of the same item that come from its project."""
    return and_(
        Recall.urn == release.urn,
        Recall.project_id == release.project_id,
        Recall.node_id.is_not_distinct_from(release.node_id),
    )


def withdrawn_from(recall: Recall) -> Work:
    """Tell whose item a recall is about."""
    return Work(recall.urn, recall.project_id, recall.node_id)


async def newest_sound(session: AsyncSession, asker: Asker, urn: str) -> Release:
    """Give the newest release that nobody has withdrawn; the newest of all where every one is."""
    newest = await release_of(session, asker, urn, None)
    withdrawn = await withdrawals_of(session, work_of(newest))
    if newest.sequence not in withdrawn:
        return newest
    sound = (
        select(Release)
        .where(
            Release.urn == urn,
            Release.project_id == newest.project_id,
            Release.node_id.is_not_distinct_from(newest.node_id),
            Release.sequence.not_in(withdrawn),
        )
        .order_by(Release.sequence.desc())
    )
    return await session.scalar(sound.limit(1)) or newest


async def believed_recalls(session: AsyncSession, urn: str) -> list[Recall]:
    """Give the recalls of an item's releases that came from where these came, oldest first."""
    stated = exists().where(
        Release.urn == Recall.urn,
        Release.project_id == Recall.project_id,
        Release.node_id.is_not_distinct_from(Recall.node_id),
    )
    query = select(Recall).where(Recall.urn == urn, stated)
    return list(await session.scalars(query.order_by(Recall.stated_at, Recall.id)))


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
    work = work_of(releases[0])
    known = (await all_withdrawals(session, [work]))[work]
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
