"""South uses a text of North's and says some of it in words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.partners.models import Partner
from federation.partners.sender import Sender
from federation.people.models import RoleGrant
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.adapting.actions import write_part
from protocols.items.models import Item
from protocols.items.queries import written_of
from protocols.overlays.rules.writing import Told as Part
from protocols.proposals.actions import propose
from protocols.proposals.models import Proposal
from protocols.proposals.rules.leaving import Wanted
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.adapting.own_words import REVIEW, TOLD, VALUES
from tests.protocols.example_texts import (
    NOW,
    Members,
    World,
    approve_own,
    partner,
    protocol,
    released,
    take_up,
)

WHY = "Two were too few on busy evenings."
OWN = "Three of you are online, and 0113 496 0000 is rung."
RESTORED = "Three of you are online, and {{on_call}} is rung."


@dataclass(frozen=True)
class Suggesting:
    """North's text, and the block of South's part in place of the first and after the second."""

    text: Release
    replaced: UUID
    added: UUID

    @property
    def second(self) -> UUID:
        return read_manifest(self.text.manifest).blocks[1].id

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The two parts of North's text."""
        return self.replaced, self.second

    def wanted(self, **texts: Mapping[str, str]) -> list[Wanted]:
        """Propose both, or those named, in the words that somebody has looked at."""
        blocks = {"replaced": self.replaced, "added": self.added}
        return [
            Wanted(block=blocks[name], why=WHY, texts=texts.get(name)) for name in (texts or blocks)
        ]


async def with_own_parts(session: AsyncSession, north: Members, south: Members) -> Suggesting:
    text = await released(session, north, protocol(TOLD))
    await take_up(session, south, text, values=VALUES)
    return await own_parts(session, south, text)


async def own_parts(
    session: AsyncSession, south: Members, text: Release, *words: str
) -> Suggesting:
    """Write words of South's own, and have them approved."""
    first, second = [part.id for part in read_manifest(text.manifest).blocks]
    added = new_id()
    said = words or (OWN, "Close the chat together.")
    for action, block, text_said in (
        ("replace", first, said[0]),
        ("add", added, said[1]),
    ):
        facts: dict[str, Any] = {"action": action, "block": block}
        told = Part(
            **facts,
            after=second if action == "add" else None,
            texts={"en": text_said},
            reason="CanaryReason",
            review_by=REVIEW,
        )
        await write_part(session, south.reviewer, text.urn, told, NOW)
    await approve_own(session, south, text.urn)
    return Suggesting(text, first, added)


async def grant(session: AsyncSession, *members: Members) -> None:
    """Give people the roles in which they ask, so that they can be told of something."""
    session.add_all(
        RoleGrant(person_id=getattr(one, role).person_id, role=role)
        for one in members
        for role in ("coordinator", "reviewer", "worker")
    )
    await session.flush()


async def proposed(session: AsyncSession, south: Members, own: Suggesting) -> UUID:
    return await propose(session, south.reviewer, own.text.urn, own.wanted(), NOW)


async def item_of(session: AsyncSession, urn: str) -> Item:
    return (await session.scalars(select(Item).where(Item.urn == urn))).one()


async def words(session: AsyncSession, item: Item, language: str = "en") -> list[str]:
    """Give what the owner's draft says, part by part."""
    written = await written_of(session, item)
    texts = written.variants[language].texts
    return [texts.get(str(block.id), "") for block in written.blocks]


async def state(session: AsyncSession, proposal: UUID) -> tuple[str, str]:
    row = await session.get_one(Proposal, proposal, populate_existing=True)
    return row.state, row.sentence


async def owned_elsewhere(session: AsyncSession, project: UUID, node: str) -> None:
    """Have a project, and all that was released, be of another node."""
    await session.execute(update(Project).where(Project.id == project).values(node=node))
    await session.execute(update(Release).values(node_id=node))


def said_of(own: Suggesting, project: UUID, **more: Any) -> dict[str, Any]:
    """Give what a partner's node would say in its feed."""
    part = {
        "block": str(own.replaced),
        "action": "replace",
        "why": WHY,
        "texts": {"en": RESTORED},
    }
    return {
        "proposal": str(uuid4()),
        "urn": own.text.urn,
        "sequence": 1,
        "project": str(project),
        "parts": [part],
        "newer": "is ignored",
        **more,
    }


SENDER = Sender(node_id="node-far", name="Far", feed_kind="private", subject="node-here")


async def far_away(session: AsyncSession, projects: World, slug: str = "far") -> UUID:
    """Let a project of another node take part in the pool."""
    if await session.get(Partner, SENDER.node_id) is None:
        await partner(session, SENDER.node_id)
    far = Project(
        slug=slug,
        name="Far",
        region="",
        jurisdiction="england",
        zone="Europe/London",
        languages=["en"],
        node=SENDER.node_id,
    )
    session.add(far)
    await session.flush()
    session.add(
        PoolMember(
            pool_id=projects.pool,
            project_id=far.id,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
    )
    await session.flush()
    return far.id
