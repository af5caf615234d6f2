from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.models import PoolMember
from protocols.adoption.models import Adoption
from protocols.bundles.errors import BundleIncomplete, BundleTooLarge
from protocols.bundles.rules import LARGEST, Signed, bundled
from protocols.pool_texts.models import PoolText
from protocols.recalls.models import Recall
from protocols.releases.models import Release
from protocols.releases.queries import meant_among, visible_to, work_of
from protocols.statements.rules import Sign


async def bundle_for(
    session: AsyncSession,
    asker: Asker,
    *,
    node_id: str,
    document: str,
    kind: str | None = None,
    sign: Sign,
    now: datetime,
) -> bytes:
    """Write all releases and recalls of what the asker's project has, and nothing of its own.

    Local values, overlays, drafts, comments and who has read what stay at home.
    """
    releases = await _releases(session, asker.project_id, kind)
    documents = {node_id: document} | await _documents(session, releases)
    # what a partner without a document signed could not be verified by anybody
    known = [one for one in releases if (one.node_id or node_id) in documents]
    _require_whole(known)
    recalls = await _recalls(session, known)
    return bundled(
        node=node_id,
        project=asker.project_id,
        documents=documents,
        releases=_signed(known, node_id),
        recalls=_signed(recalls, node_id),
        sign=sign,
        now=now,
    )


async def _releases(session: AsyncSession, project_id: UUID, kind: str | None) -> list[Release]:
    adopted = select(Adoption.urn).where(Adoption.project_id == project_id)
    on_shifts = (
        select(PoolText.urn)
        .join(PoolMember, PoolMember.pool_id == PoolText.pool_id)
        .where(PoolMember.project_id == project_id)
    )
    theirs = or_(
        and_(Release.project_id == project_id, Release.node_id.is_(None)),
        Release.urn.in_(adopted),
        Release.urn.in_(on_shifts),
    )
    among = [theirs, visible_to(project_id)]
    if kind is not None:
        among.append(Release.kind == kind)
    query = select(Release).where(*among).order_by(Release.urn, Release.sequence)
    found = list(await session.scalars(query))
    meant = await meant_among(session, project_id, *among)
    return [one for one in found if work_of(one) in meant]


def _require_whole(releases: Sequence[Release]) -> None:
    if sum(len(one.manifest) for one in releases) > LARGEST:
        raise BundleTooLarge
    for _, chain in groupby(releases, key=lambda one: one.urn):
        if any(later.sequence != one.sequence + 1 for one, later in pairwise(chain)):
            raise BundleIncomplete


async def _documents(session: AsyncSession, releases: Iterable[Release]) -> dict[str, str]:
    nodes = {one.node_id for one in releases if one.node_id is not None}
    query = select(Partner.node_id, Partner.document).where(Partner.node_id.in_(nodes))
    found = await session.execute(query)
    return {row.node_id: row.document for row in found if row.document}


async def _recalls(session: AsyncSession, releases: Sequence[Release]) -> list[Recall]:
    """Give what each text's own project has recalled; what others say about it counts nowhere."""
    owners = {(one.urn, one.project_id, one.node_id) for one in releases}
    query = select(Recall).where(Recall.urn.in_({urn for urn, _, _ in owners}))
    found = await session.scalars(query.order_by(Recall.urn, Recall.sequence, Recall.id))
    return [one for one in found if (one.urn, one.project_id, one.node_id) in owners]


def _signed(rows: Iterable[Release | Recall], node_id: str) -> list[Signed]:
    return [
        Signed(
            node=row.node_id or node_id,
            manifest=row.manifest.decode(),
            signature=row.signature,
        )
        for row in rows
    ]
