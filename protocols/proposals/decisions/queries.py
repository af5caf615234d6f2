"""A proposal beside the owner's draft as it stands now: what accepting it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from protocols.history.rules.words import PageOfWords, Piece
from protocols.history.rules.written import Written, words_in
from protocols.items.models import Item
from protocols.items.queries import written_of
from protocols.overlays.rules.parts import words_of
from protocols.proposals.queries import proposal_of
from protocols.proposals.rules.parts import ProposedPart
from protocols.proposals.rules.taking_up import left_out, place_of
from protocols.releases.rules import Manifest


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
    """The draft that a received proposal is shown beside, and how they compare."""

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
    page = PageOfWords()
    parts = [_beside(part, seen.base, written, page) for part in seen.parts]
    fits = [one.part for one in parts if not one.gone]
    return ToDecide(
        item=item.id,
        version=item.version,
        parts=parts,
        left_out=left_out(written, fits),
    )


async def owned_item(session: AsyncSession, asker: Asker, urn: str, *, lock: bool = False) -> Item:
    """Give the text that a proposal is about, as the asker's own project writes it."""
    query = select(Item).where(Item.urn == urn, Item.project_id == asker.project_id)
    found: Item | None = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def _beside(part: ProposedPart, base: Manifest, written: Written, page: PageOfWords) -> Beside:
    key, source = str(part.block), written.source_language
    there = {block.id for block in written.blocks}
    now = {language: words_in(written, language).get(key, "") for language in written.variants}
    then = words_of(base, part.block)
    said = part.texts if part.action != "hide" else dict.fromkeys(now, "")
    place = place_of(part, written, base) if part.action == "add" else None
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
