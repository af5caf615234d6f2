"""Proposing a project's own words to whoever owns the text, on this node or another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.partners.sender import Sender
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.models import Project
from protocols.items.actions import APPROVERS
from protocols.proposals.errors import NothingToPropose, ProposalOpen, ProposalRefused
from protocols.proposals.models import Proposal
from protocols.proposals.notices import tell_owner
from protocols.proposals.queries import Proposable, own_people, proposable, stated_here
from protocols.proposals.rules.leaving import Wanted, propose_from, reasons_against_leaving
from protocols.proposals.rules.parts import ProposedPart, Said, hash_of_parts, reasons_against
from protocols.releases.rules import read_manifest
from protocols.statements.errors import AlreadyDifferent, NotTheirs

MADE = "text-proposal.made"
WITHDRAWN = "text-proposal.withdrawn"


class Withdrawal(msgspec.Struct, frozen=True):
    """Which proposal is taken back."""

    proposal: UUID


async def propose(
    session: AsyncSession, asker: Asker, urn: str, wanted: Sequence[Wanted], now: datetime
) -> UUID:
    """Suggest live own parts to the text's owner, with places for values and nobody's name."""
    require_role(asker, *APPROVERS)
    require_write(asker)
    text = await proposable(session, asker, urn)
    owner, parts = text.owned_by, await _checked(session, asker, text, wanted)
    said = Said(
        proposal=new_id(),
        urn=urn,
        sequence=text.version.release.sequence,
        project=asker.project_id,
        parts=parts,
    )
    if not await _keep(session, said, owner.id, now, written_by=asker.person_id):
        raise ProposalOpen
    await _note(session, asker.person_id, "proposed", said.proposal, now)
    if owner.node is None:
        await tell_owner(session, owner.id, now)
    else:
        await append(session, PRIVATE, owner.node, MADE, msgspec.to_builtins(said), now=now)
    return said.proposal


async def withdraw(session: AsyncSession, asker: Asker, proposal_id: UUID, now: datetime) -> None:
    """Take back what nobody has answered yet; an answer that is on its way stands."""
    require_role(asker, *APPROVERS)
    require_write(asker)
    gone = delete(Proposal).where(
        Proposal.id == proposal_id,
        Proposal.from_project_id == asker.project_id,
        Proposal.state == "sent",
    )
    owner_id = await session.scalar(gone.returning(Proposal.owner_id))
    if owner_id is None:
        raise NotFound
    await _note(session, asker.person_id, "withdrew", proposal_id, now)
    owner = await session.get_one(Project, owner_id)
    if owner.node is not None:
        told = {"proposal": str(proposal_id)}
        await append(session, PRIVATE, owner.node, WITHDRAWN, told, now=now)


async def receive_proposal(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Take in what a partner's project suggests for a text of this node; it is screened again.

    A newer one about the same text takes an open one's place: a partner that was restored may not
    know of it any more.
    """
    said = msgspec.convert(payload, Said)
    project = await session.get(Project, said.project)
    if sender.feed_kind != PRIVATE or (project and project.node != sender.node_id):
        raise NotTheirs
    release = await stated_here(session, said) if project else None
    if release is None:
        raise NotFound
    if await _known(session, sender, said):
        return
    reasons = reasons_against(read_manifest(release.manifest), said.parts)
    if reasons:
        raise ProposalRefused(reasons=tuple(reasons))
    await session.execute(
        delete(Proposal).where(
            Proposal.from_project_id == said.project,
            Proposal.urn == said.urn,
            Proposal.state == "sent",
        )
    )
    await _keep(session, said, release.project_id, now, node_id=sender.node_id)
    await _note(session, sender.node_id, "proposed", said.proposal, now)
    await tell_owner(session, release.project_id, now)


async def receive_withdrawal(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Forget what a partner has taken back, unless it was answered before."""
    said = msgspec.convert(payload, Withdrawal)
    if sender.feed_kind != PRIVATE:
        raise NotTheirs
    gone = delete(Proposal).where(
        Proposal.id == said.proposal,
        Proposal.node_id == sender.node_id,
        Proposal.state == "sent",
    )
    if await session.scalar(gone.returning(Proposal.id)) is not None:
        await _note(session, sender.node_id, "withdrew", said.proposal, now)


async def _checked(
    session: AsyncSession, asker: Asker, text: Proposable, wanted: Sequence[Wanted]
) -> list[ProposedPart]:
    prepared = {one.own.block: one for one in text.prepared}
    if not wanted or not prepared.keys() >= {one.block for one in wanted}:
        raise NothingToPropose
    chosen = [(prepared[one.block], one) for one in wanted]
    parts = [propose_from(*pair) for pair in chosen]
    manifest, people = text.version.manifest, await own_people(session, asker.project_id)
    reasons = [
        *reasons_against_leaving(manifest, chosen, values=text.version.values, people=people),
        *reasons_against(manifest, parts),
    ]
    if reasons:
        raise ProposalRefused(reasons=tuple(dict.fromkeys(reasons)))
    return parts


async def _known(session: AsyncSession, sender: Sender, said: Said) -> bool:
    before = await session.get(Proposal, said.proposal)
    if before is None:
        return False
    same = before.sent_hash == hash_of_parts(said.urn, said.sequence, said.parts)
    if before.node_id != sender.node_id or not same:
        raise AlreadyDifferent
    return True


async def _keep(
    session: AsyncSession, said: Said, owner_id: UUID, now: datetime, **more: Any
) -> bool:
    """Write it down, once; False where the project has an open one about this text."""
    row = insert(Proposal).values(
        id=said.proposal,
        urn=said.urn,
        owner_id=owner_id,
        from_project_id=said.project,
        sequence=said.sequence,
        parts=msgspec.to_builtins(said.parts),
        sent_hash=hash_of_parts(said.urn, said.sequence, said.parts),
        sent_at=now,
        state="sent",
        **more,
    )
    kept = await session.scalar(row.on_conflict_do_nothing().returning(Proposal.id))
    return kept is not None


async def _note(
    session: AsyncSession, actor: UUID | str, verb: str, proposal_id: UUID, now: datetime
) -> None:
    await record(
        session, actor=actor, verb=verb, subject="proposal", subject_id=proposal_id, now=now
    )
