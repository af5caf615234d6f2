"""What a project could propose, has proposed, and what others propose to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import and_, false, func, or_, select, true, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.errors import NotFound
from federation.partners.queries import speaking_partner
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role
from federation.projects.models import Project
from protocols.adapting.queries import Version, live_version
from protocols.adoption.models import Adoption
from protocols.items.actions import APPROVERS
from protocols.overlays.models import Overlay
from protocols.proposals.errors import NothingToPropose, OwnerOutOfReach, OwnText
from protocols.proposals.models import Proposal
from protocols.proposals.rules.leaving import Prepared, prepare
from protocols.proposals.rules.names import OwnPeople
from protocols.proposals.rules.parts import ProposedPart, Said
from protocols.releases.models import Release
from protocols.releases.queries import visible_to
from protocols.releases.rules import Manifest, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposable:
    """A text as the asker's project uses it, and its own parts as they would leave."""

    version: Version
    owned_by: Project
    prepared: Sequence[Prepared]
    open_proposal: UUID | None

    @property
    def owner(self) -> str:
        """Name the project to which it would go."""
        return self.owned_by.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A proposal as one of its two projects sees it; `received` where the asker's project owns it.

    `project` is the other one. Who wrote it is not part of it.
    """

    id: UUID
    urn: str
    received: bool
    project: str
    base: Manifest
    parts: Sequence[ProposedPart]
    state: str
    sentence: str
    sent_at: datetime
    answered_at: datetime | None


async def proposals_of(
    session: AsyncSession, asker: Asker, *, only: UUID | None = None
) -> list[Seen]:
    """List what the asker's project has proposed and what was proposed to it, open ones first."""
    require_role(asker, *APPROVERS)
    owner, maker = aliased(Project), aliased(Project)
    query = (
        select(Proposal, Release, owner.name, maker.name)
        .join(
            Release,
            and_(
                Release.urn == Proposal.urn,
                Release.sequence == Proposal.sequence,
                Release.project_id == Proposal.owner_id,
            ),
        )
        .join(owner, owner.id == Proposal.owner_id)
        .join(maker, maker.id == Proposal.from_project_id)
        .where(
            or_(
                Proposal.owner_id == asker.project_id,
                Proposal.from_project_id == asker.project_id,
            ),
            Proposal.id == only if only else true(),
        )
        .order_by((Proposal.state == "sent").desc(), Proposal.sent_at.desc(), Proposal.id)
    )
    return [_seen(asker, *row) for row in await session.execute(query)]


async def proposal_of(session: AsyncSession, asker: Asker, proposal_id: UUID) -> Seen:
    """Give one of them; of others' proposals nobody learns that there are any."""
    found = await proposals_of(session, asker, only=proposal_id)
    if not found:
        raise NotFound
    return found[0]


async def texts_with_own_words(session: AsyncSession, asker: Asker) -> list[Manifest]:
    """List others' texts of which the asker's project says some in words of its own."""
    require_role(asker, *APPROVERS)
    query = (
        select(Release.manifest)
        .join(Adoption, Adoption.release_id == Release.id)
        .join(Overlay, Overlay.id == Adoption.overlay_id)
        .where(
            Adoption.project_id == asker.project_id,
            Release.project_id != asker.project_id,
            func.jsonb_array_length(Overlay.parts) > 0,
        )
        .order_by(Release.urn)
    )
    return [read_manifest(stored) for stored in await session.scalars(query)]


async def proposable(session: AsyncSession, asker: Asker, urn: str) -> Proposable:
    """Give what could be proposed: the own parts that are live, with places put back."""
    require_role(asker, *APPROVERS)
    adoption = await session.scalar(
        select(Adoption).where(Adoption.project_id == asker.project_id, Adoption.urn == urn)
    )
    if adoption is None:
        raise NotFound
    version = await live_version(session, adoption)
    if not version.parts:
        raise NothingToPropose
    open_one = select(Proposal.id).where(
        Proposal.from_project_id == asker.project_id,
        Proposal.urn == urn,
        Proposal.state == "sent",
    )
    return Proposable(
        version=version,
        owned_by=await _owner_of(session, asker, version.release),
        prepared=prepare(version.manifest, version.parts, version.values),
        open_proposal=await session.scalar(open_one),
    )


async def stated_here(session: AsyncSession, said: Said) -> Release | None:
    """Give the exact release that a partner's project speaks of, if that project may see it."""
    found: Release | None = await session.scalar(
        select(Release).where(
            Release.urn == said.urn,
            Release.sequence == said.sequence,
            Release.node_id.is_(None),
            visible_to(said.project),
        )
    )
    return found


async def own_people(session: AsyncSession, project_id: UUID) -> OwnPeople:
    """List what a project's people are called, here and in its pools, to keep it from leaving."""
    names = select(Person.name, true()).where(Person.project_id == project_id)
    handles = select(Handle.display, false()).where(
        Handle.project_id == project_id, Handle.person_id.is_not(None)
    )
    found = [(called, is_name) for called, is_name in await session.execute(union(names, handles))]
    return OwnPeople(
        names=[called for called, is_name in found if is_name],
        handles=[called for called, is_name in found if not is_name],
    )


async def _owner_of(session: AsyncSession, asker: Asker, release: Release) -> Project:
    """Give the project to which a proposal goes; it is another one, and can be spoken to."""
    if release.project_id == asker.project_id:
        raise OwnText
    owner: Project | None = await session.scalar(
        select(Project)
        .join(Release, Release.project_id == Project.id)
        .where(Release.id == release.id, visible_to(asker.project_id))
    )
    if owner is None or owner.node != release.node_id:
        raise OwnerOutOfReach
    if owner.node is not None and await speaking_partner(session, owner.node) is None:
        raise OwnerOutOfReach
    return owner


def _seen(asker: Asker, row: Proposal, release: Release, owner: str, maker: str) -> Seen:
    received = row.owner_id == asker.project_id
    return Seen(
        id=row.id,
        urn=row.urn,
        received=received,
        project=maker if received else owner,
        base=read_manifest(release.manifest),
        parts=msgspec.convert(row.parts, list[ProposedPart]),
        state=row.state,
        sentence=row.sentence,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
    )
