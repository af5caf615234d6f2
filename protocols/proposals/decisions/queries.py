"""A proposal beside the owner's draft as it stands now: what accepting it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from protocols.history.rules.words import PageOfWords, Piece
from protocols.history.rules.written import Written, words_in
from protocols.items.models import Item
from protocols.items.queries import written_of
from protocols.overlays.rules.parts import words_of
from protocols.proposals.models import Proposal
from protocols.proposals.queries import Seen, proposal_of
from protocols.proposals.rules.parts import ProposedPart
from protocols.proposals.rules.taking_up import Taken, place_of, take_up
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One proposed part beside the draft, by language; `gone` where the draft has no such part.

    `reworded` says that the owner's draft has moved on since the release they started from;
    `after` gives the words of the part that an added one would follow.
    """

    part: ProposedPart
    languages: Sequence[tuple[str, Sequence[Piece]]]
    gone: bool
    reworded: bool
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """A received proposal, the version of the draft that it is shown beside, and the comparison."""

    seen: Seen
    item: UUID
    version: int
    parts: Sequence[Beside]
    left_out: Sequence[str]


async def to_decide(session: AsyncSession, asker: Asker, proposal_id: UUID) -> ToDecide:
    """Give a proposal that the asker's project has received, beside its draft of the text."""
    seen = await proposal_of(session, asker, proposal_id)
    if not seen.received:
        raise NotFound
    item = await owned_item(session, asker, seen.urn)
    written = await written_of(session, item)
    order = [block.id for block in seen.base.blocks]
    page = PageOfWords()
    parts = [_beside(part, seen, written, order, page) for part in seen.parts]
    fits = [one.part for one in parts if not one.gone]
    return ToDecide(
        seen=seen,
        item=item.id,
        version=item.version,
        parts=parts,
        left_out=take_up(written, fits, order).left_out,
    )


async def owned_item(session: AsyncSession, asker: Asker, urn: str, *, lock: bool = False) -> Item:
    """Give the text that a proposal is about, as the asker's own project writes it."""
    query = select(Item).where(Item.urn == urn, Item.project_id == asker.project_id)
    found: Item | None = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def taken_up(session: AsyncSession, item: Item, proposal: Proposal) -> Taken:
    """Work out what the draft would become."""
    release = await session.scalar(
        select(Release).where(Release.urn == item.urn, Release.sequence == proposal.sequence)
    )
    if release is None:
        raise NotFound
    order = [block.id for block in read_manifest(release.manifest).blocks]
    parts = msgspec.convert(proposal.parts, list[ProposedPart])
    return take_up(await written_of(session, item), parts, order)


def _beside(
    part: ProposedPart, seen: Seen, written: Written, order: Sequence[UUID], page: PageOfWords
) -> Beside:
    key, source = str(part.block), written.source_language
    there = {block.id for block in written.blocks}
    now = {language: words_in(written, language).get(key, "") for language in written.variants}
    then = words_of(seen.base, part.block)
    said = part.texts if part.action != "hide" else dict.fromkeys(now, "")
    place = place_of(part, written, order) if part.action == "add" else None
    return Beside(
        part=part,
        languages=[
            (language, page.compare(now.get(language, ""), text))
            for language, text in sorted(said.items(), key=lambda one: (one[0] != source, one[0]))
        ],
        gone=part.action != "add" and part.block not in there,
        reworded=part.action != "add" and now.get(source) != then.get(source),
        after=words_in(written, source).get(str(place)) if place else None,
    )
