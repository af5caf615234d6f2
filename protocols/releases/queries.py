from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import InstrumentedAttribute

from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.adoption.models import Adoption
from protocols.pool_texts.models import OWNER, PoolText
from protocols.releases.models import Release
from protocols.releases.rules import Manifest, Work, is_number, read_manifest


def work_of(release: Release) -> Work:
    """Tell whose item a release is of."""
    return Work(release.urn, release.project_id, release.node_id)


def same_work(one: type[Release], other: type[Release]) -> ColumnElement[bool]:
    """State that two releases are of one item, of one project."""
    return and_(
        other.urn == one.urn,
        other.project_id == one.project_id,
        other.node_id.is_not_distinct_from(one.node_id),
    )


def kept_manifest(release: Release) -> Manifest:
    """Read a release under the id that it has on this node."""
    manifest = read_manifest(release.manifest)
    if manifest.release == release.id:
        return manifest
    return msgspec.structs.replace(manifest, release=release.id)


def visible_to(project_id: UUID) -> ColumnElement[bool]:
    """Limit releases to those of the project itself and of projects that it shares a pool with.

    Two projects of one node that share no pool are as separate as if they were on two. What a node
    states in the name of another one's project is nobody's.
    """
    mine, theirs, home = aliased(PoolMember), aliased(PoolMember), aliased(Project)
    partners = (
        select(theirs.project_id, _here(home.node))
        .join(mine, mine.pool_id == theirs.pool_id)
        .join(home, home.id == theirs.project_id)
        .where(mine.project_id == project_id)
    )
    in_force = (
        select(PoolText.urn)
        .join(PoolMember, PoolMember.pool_id == PoolText.pool_id)
        .where(PoolMember.project_id == project_id)
    )
    elsewhere = exists().where(
        home.id == Release.project_id, home.node.is_distinct_from(Release.node_id)
    )
    on_shifts = or_(
        Release.urn.in_(in_force.where(OWNER.is_(None))),
        tuple_(Release.urn, Release.project_id).in_(in_force.add_columns(OWNER)),
    )
    return or_(
        Release.project_id == project_id,
        tuple_(Release.project_id, _here(Release.node_id)).in_(partners),
        and_(on_shifts, ~elsewhere),
    )


def _here(node: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """Name this node, so that it is equal to itself."""
    return func.coalesce(node, "")


async def meant_by(session: AsyncSession, project_id: UUID, urns: Collection[str]) -> set[Work]:
    """Give the items that a project means by some URNs, among all that it may see."""
    among = (Release.urn.in_(urns), visible_to(project_id))
    return await meant_among(session, project_id, *among)


async def meant_among(
    session: AsyncSession, project_id: UUID, *among: ColumnElement[bool]
) -> set[Work]:
    """Choose one item where several projects state one URN, asking as often where none do.

    A project means its own text, then what its pools have named, then what it uses, and else what
    was here first.
    """
    stated = (
        select(
            Release.urn,
            Release.project_id,
            Release.node_id,
            _is_named(project_id),
            _is_used(project_id),
        )
        .where(*among)
        .group_by(Release.urn, Release.project_id, Release.node_id)
        .order_by(func.min(Release.received_at), Release.project_id, _here(Release.node_id))
    )
    rows = await session.execute(stated)
    works = {Work(urn, owner, node): (named, used) for urn, owner, node, named, used in rows}
    return chosen(
        project_id,
        works,
        {(work.urn, work.project_id) for work, (named, _) in works.items() if named},
        {work for work, (_, used) in works.items() if used},
    )


def chosen(
    project_id: UUID,
    works: Iterable[Work],
    named: Collection[tuple[str, UUID]],
    used: Collection[Work],
) -> set[Work]:
    """Choose in this way where it is known what pools have named and what is used."""
    rivals: dict[str, list[Work]] = defaultdict(list)
    for work in works:
        rivals[work.urn].append(work)
    return {
        min(
            each,
            key=lambda one: (
                one.project_id != project_id,
                (one.urn, one.project_id) not in named,
                one not in used,
            ),
        )
        for each in rivals.values()
    }


def _is_named(project_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        PoolMember.project_id == project_id,
        PoolText.pool_id == PoolMember.pool_id,
        PoolText.urn == Release.urn,
        Release.project_id == OWNER,
    )


def _is_used(project_id: UUID) -> ColumnElement[bool]:
    used = aliased(Release)
    return exists().where(
        Adoption.project_id == project_id,
        Adoption.urn == Release.urn,
        used.id == Adoption.release_id,
        same_work(Release, used),
    )


async def release_of(session: AsyncSession, asker: Asker, urn: str, number: str | None) -> Release:
    """Give one release that the asker's project may see; the newest where no number is asked."""
    if number is not None and not is_number(number):
        raise NotFound
    meant = await meant_by(session, asker.project_id, [urn])
    query = select(Release).where(
        tuple_(Release.urn, Release.project_id, _here(Release.node_id)).in_(
            [(one.urn, one.project_id, one.node_id or "") for one in meant]
        )
    )
    if number is not None:
        query = query.where(Release.number == number)
    found = await session.scalar(query.order_by(Release.sequence.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


async def newest(session: AsyncSession, urn: str) -> Release | None:
    """Give the newest release of an item of this node, for whoever publishes the next."""
    query = select(Release).where(Release.urn == urn, Release.node_id.is_(None))
    return await session.scalar(query.order_by(Release.sequence.desc()).limit(1))


_OF_ITEMS = (
    select(Release)
    .where(Release.urn.in_(bindparam("urns", expanding=True)))
    .order_by(Release.urn, Release.sequence)
)


async def releases_of(session: AsyncSession, urns: Collection[str]) -> dict[Work, list[Release]]:
    """Give every known release of some items, oldest first, apart for each that states them.

    Whose release was here first comes first.
    """
    return apart(await session.scalars(_OF_ITEMS, {"urns": list(urns)}))


async def releases_seen_by(
    session: AsyncSession, project_id: UUID, urn: str
) -> tuple[dict[Work, list[Release]], set[Work]]:
    """Give the same of one item, and whose of it a project may see."""
    query = select(Release, visible_to(project_id)).where(Release.urn == urn)
    rows = (await session.execute(query.order_by(Release.sequence))).all()
    return apart(one for one, _ in rows), {work_of(one) for one, visible in rows if visible}


def apart(releases: Iterable[Release]) -> dict[Work, list[Release]]:
    """Keep releases by whose they are, in order of arrival."""
    found: dict[Work, list[Release]] = defaultdict(list)
    for release in releases:
        found[work_of(release)].append(release)
    arrived = {
        work: (min(one.received_at for one in found[work]), work.project_id, work.node_id or "")
        for work in found
    }
    return {work: found[work] for work in sorted(found, key=arrived.__getitem__)}
