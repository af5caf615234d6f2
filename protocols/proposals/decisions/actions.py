"""The owner's answer to a proposal, and hearing it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.partners.errors import NotGranted
from federation.partners.sender import Sender
from federation.permissions.rules import Asker, require_role, require_write
from federation.projects.models import Project
from protocols.drafting.actions import add_translations
from protocols.items.actions import APPROVERS, revise_item
from protocols.items.models import Item
from protocols.items.queries import written_of
from protocols.proposals.decisions.queries import owned_item
from protocols.proposals.decisions.rules import require_sentence
from protocols.proposals.errors import AlreadyAnswered
from protocols.proposals.models import Proposal
from protocols.proposals.notices import tell_proposer
from protocols.proposals.queries import own_people, proposal_of
from protocols.proposals.rules.parts import Sentence
from protocols.proposals.rules.taking_up import take_up
from protocols.statements.errors import NotTheirs

ANSWERED = "text-proposal.answered"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner says: yes, or no and why; never who said it."""

    proposal: UUID
    accepted: bool
    sentence: Sentence = ""


async def accept(
    session: AsyncSession, asker: Asker, proposal_id: UUID, *, seen: int, now: datetime
) -> Item:
    """Take a proposal into the owner's draft as the accepter's own change; others approve it.

    `seen` is the version of the draft that was on the page, beside which the words were read.
    """
    proposal = await _open(session, asker, proposal_id)
    item = await owned_item(session, asker, proposal.urn, lock=True)
    received = await proposal_of(session, asker, proposal.id)
    taken = take_up(await written_of(session, item), received.parts, received.base)
    item = await revise_item(session, asker, item.id, taken.draft, now, seen=seen)
    await add_translations(session, asker, item, taken.translations, now)
    await _answer(session, asker, proposal, Answer(proposal=proposal.id, accepted=True), now)
    return item


async def decline(
    session: AsyncSession, asker: Asker, proposal_id: UUID, *, sentence: str, now: datetime
) -> None:
    """Say no, and why, in words that may leave the project."""
    proposal = await _open(session, asker, proposal_id)
    said = Answer(proposal=proposal.id, accepted=False, sentence=sentence.strip())
    require_sentence(said.sentence, await own_people(session, asker.project_id))
    await _answer(session, asker, proposal, said, now)


async def turn_away(
    session: AsyncSession, sender: Sender, proposal_id: UUID, now: datetime
) -> None:
    """Say no for the owner to a partner that may not propose; nobody here has to read it."""
    if sender.feed_kind != PRIVATE:
        raise NotTheirs
    said = Answer(proposal=proposal_id, accepted=False, sentence=NotGranted.title)
    await append(session, PRIVATE, sender.node_id, ANSWERED, msgspec.to_builtins(said), now=now)


async def receive_answer(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Hear what the owner says; of one that was taken back meanwhile nothing is left to note."""
    said = msgspec.convert(payload, Answer)
    if said.accepted:
        # a yes has no words, and what nobody screens is not kept
        said = msgspec.structs.replace(said, sentence="")
    else:
        require_sentence(said.sentence)
    row = (
        select(Proposal, Project.node)
        .join(Project, Project.id == Proposal.owner_id)
        .where(Proposal.id == said.proposal, Proposal.node_id.is_(None))
        .with_for_update(of=Proposal)
    )
    found = (await session.execute(row)).one_or_none()
    if sender.feed_kind != PRIVATE or (found and found[1] != sender.node_id):
        raise NotTheirs
    if found is not None and found[0].state == "sent":
        await _settle(session, sender.node_id, found[0], said, now)


async def _open(session: AsyncSession, asker: Asker, proposal_id: UUID) -> Proposal:
    require_role(asker, *APPROVERS)
    require_write(asker)
    query = select(Proposal).where(
        Proposal.id == proposal_id, Proposal.owner_id == asker.project_id
    )
    found: Proposal | None = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.state != "sent":
        raise AlreadyAnswered
    return found


async def _answer(
    session: AsyncSession, asker: Asker, proposal: Proposal, said: Answer, now: datetime
) -> None:
    await _settle(session, asker.person_id, proposal, said, now)
    if proposal.node_id is not None:
        told = msgspec.to_builtins(said)
        await append(session, PRIVATE, proposal.node_id, ANSWERED, told, now=now)


async def _settle(
    session: AsyncSession, actor: UUID | str, proposal: Proposal, said: Answer, now: datetime
) -> None:
    proposal.state = "accepted" if said.accepted else "declined"
    proposal.sentence, proposal.answered_at = said.sentence, now
    await session.flush()
    verb = f"{proposal.state}-proposal"
    await record(
        session, actor=actor, verb=verb, subject="proposal", subject_id=proposal.id, now=now
    )
    if proposal.node_id is None:
        await tell_proposer(session, proposal.from_project_id, now)
