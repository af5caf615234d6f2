"""Three projects with people and texts: two share a pool, the third shares nothing with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from joserfc.jwk import OKPKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.feeds.models import FeedEvent, FeedRecall
from federation.partners.models import Partner
from federation.partners.rules.signatures import public_part, sign, verified
from federation.partners.sender import Sender
from federation.people.models import Person
from federation.permissions.rules import Asker
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.acknowledgement.actions import acknowledge
from protocols.acknowledgement.rules import hash_to_acknowledge
from protocols.adapting.actions import give_values
from protocols.adapting.approval.actions import approve_change, ask_approval
from protocols.adoption.actions import adopt
from protocols.adoption.models import Adoption
from protocols.adoption.queries import text_of_project
from protocols.items.actions import (
    approve,
    ask_for_review,
    choose_acknowledgement,
    draft_item,
    revise_item,
)
from protocols.items.models import Item
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder
from protocols.recalls.actions import recall
from protocols.recalls.models import Recall
from protocols.releases.actions import release
from protocols.releases.models import Release
from protocols.releases.rules import AcknowledgementClass, read_manifest

NOW = datetime(2027, 1, 5, 18, 0, tzinfo=UTC)
REVIEW = date(2027, 12, 1)
PURPOSE = "netreach-release+jws"
KEY = OKPKey.generate_key("Ed25519")
OTHER_KEY = OKPKey.generate_key("Ed25519")

signer = partial(sign, key=KEY, purpose=PURPOSE)


def verifier(jws: str) -> bytes:
    return verified(jws, [public_part(KEY)], PURPOSE)


@dataclass(frozen=True)
class Members:
    """A project and its people, as they ask."""

    project: UUID
    coordinator: Asker
    reviewer: Asker
    worker: Asker
    name: str


@dataclass(frozen=True)
class World:
    """North and South share a pool; Elsewhere has texts of its own that could leak."""

    pool: UUID
    north: Members
    south: Members
    elsewhere: Members


async def project_with_people(
    session: AsyncSession, name: str, *, node: str | None = None
) -> Members:
    project = Project(
        slug=name,
        name=name.title(),
        region="somewhere",
        jurisdiction="england",
        zone="Europe/London",
        languages=["en"],
        node=node,
    )
    session.add(project)
    await session.flush()
    askers = {}
    for role in ("coordinator", "reviewer", "worker"):
        person = Person(project_id=project.id, name=f"{name} {role}", languages=["en"])
        session.add(person)
        await session.flush()
        askers[role] = Asker(person.id, project.id, frozenset({role}))
    return Members(project=project.id, name=name, **askers)


async def world(session: AsyncSession) -> World:
    north, south, elsewhere = [
        await project_with_people(session, name) for name in ("north", "south", "elsewhere")
    ]
    pool = Pool(slug="chat", name="Chat", zone="Europe/London")
    session.add(pool)
    await session.flush()
    session.add_all(
        PoolMember(
            pool_id=pool.id,
            project_id=members.project,
            hours_offered_per_week=6,
            hours_before_per_week=2,
            joined_at=NOW,
        )
        for members in (north, south)
    )
    await session.flush()
    return World(pool.id, north, south, elsewhere)


@dataclass(frozen=True)
class Told:
    """What a test says about a protocol; the rest is always the same."""

    parts: Sequence[str] = ("Two of you are online together.",)
    title: str = "Live chat conduct"
    placeholders: Sequence[DraftPlaceholder] = field(default_factory=tuple)
    ids: Sequence[UUID | None] = ()


def protocol(told: Told) -> Draft:
    ids = [*told.ids, *[None] * (len(told.parts) - len(told.ids))]
    return Draft(
        kind="protocol",
        protocol_kind="conduct",
        title=told.title,
        source_language="en",
        jurisdictions=["england"],
        review_by=REVIEW,
        blocks=[DraftBlock(text, id=one) for text, one in zip(told.parts, ids, strict=True)],
        placeholders=told.placeholders,
    )


def answer(
    question: str, text: str, *, placeholders: Sequence[DraftPlaceholder] = (), **other: Any
) -> Draft:
    facts: dict[str, Any] = {
        "title": question,
        "keywords": ["help"],
        "use_limits": ["reply-only"],
        **other,
    }
    return Draft(
        kind="answer",
        question=question,
        source_language="en",
        jurisdictions=["england"],
        review_by=REVIEW,
        blocks=[DraftBlock(text)],
        placeholders=placeholders,
        channels=["live-chat"],
        **facts,
    )


async def approved(session: AsyncSession, members: Members, draft: Draft) -> Item:
    item = await draft_item(session, members.reviewer, draft, NOW)
    return await looked_over(session, members, item.id)


async def looked_over(session: AsyncSession, members: Members, item_id: UUID) -> Item:
    """Ask for a review of what the reviewer wrote, and let the coordinator see and approve it."""
    item = await ask_for_review(session, members.reviewer, item_id, NOW)
    return await approve(session, members.coordinator, item_id, NOW, seen=item.version)


async def released(
    session: AsyncSession,
    members: Members,
    draft: Draft,
    acknowledgement: AcknowledgementClass = "re-read",
    **marks: Any,
) -> Release:
    item = await approved(session, members, replace(draft, acknowledgement=acknowledgement))
    return await release_approved(session, members, item.id, **marks)


async def release_approved(
    session: AsyncSession,
    members: Members,
    item_id: UUID,
    acknowledgement: AcknowledgementClass | None = None,
    **marks: Any,
) -> Release:
    """Release it; with another class than its author chose, it is looked over once more."""
    item = await session.get_one(Item, item_id)
    if acknowledgement is not None and acknowledgement != item.acknowledgement:
        await choose_acknowledgement(session, members.reviewer, item_id, acknowledgement, NOW)
        await looked_over(session, members, item_id)
    return await release(session, members.coordinator, item_id, sign=signer, now=NOW, **marks)


async def partner(session: AsyncSession, node_id: str = "node-south") -> str:
    session.add(
        Partner(
            node_id=node_id,
            name="South",
            base_url="https://south.example",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=[],
            we_grant=[],
            they_grant=[],
            met_at=NOW,
        )
    )
    await session.flush()
    return node_id


def sender_of(node_id: str, project_id: UUID) -> Sender:
    return Sender(
        node_id=node_id, name="South", feed_kind="project/releases", subject=str(project_id)
    )


async def events(session: AsyncSession) -> list[FeedEvent]:
    return list(await session.scalars(select(FeedEvent).order_by(FeedEvent.seq)))


async def recall_statements(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(FeedRecall.statement).order_by(FeedRecall.at)))


async def verbs(session: AsyncSession) -> list[tuple[str, str]]:
    query = select(AuditEntry.verb, AuditEntry.subject).order_by(AuditEntry.id)
    return [(verb, subject) for verb, subject in await session.execute(query)]


async def revised(
    session: AsyncSession,
    members: Members,
    before: Release,
    told: Told,
    acknowledgement: AcknowledgementClass = "re-read",
    **marks: Any,
) -> Release:
    """Publish the next release of a protocol; its first parts keep their ids."""
    item_id = (await session.scalars(select(Item.id).where(Item.urn == before.urn))).one()
    ids = [part.id for part in read_manifest(before.manifest).blocks][: len(told.parts)]
    draft = protocol(replace(told, ids=ids))
    draft = replace(draft, acknowledgement=acknowledgement)
    await revise_item(session, members.reviewer, item_id, draft, NOW)
    await looked_over(session, members, item_id)
    return await release_approved(session, members, item_id, **marks)


async def take_up(
    session: AsyncSession, members: Members, published: Release, **more: Any
) -> Adoption:
    return await adopt(
        session,
        members.coordinator,
        urn=published.urn,
        number=published.number,
        now=NOW,
        **more,
    )


async def change_values(
    session: AsyncSession, members: Members, published: Release, values: dict[str, str]
) -> Adoption:
    """Change what is in use, as two people do."""
    await give_values(session, members.reviewer, published.urn, values, NOW)
    return await approve_own(session, members, published.urn)


async def approve_own(session: AsyncSession, members: Members, urn: str) -> Adoption:
    """Ask for approval of what the reviewer changed, and give it."""
    asked = await ask_approval(session, members.reviewer, urn, NOW)
    seen = asked.asked_hash or b""
    return await approve_change(session, members.coordinator, urn, seen=seen, now=NOW)


async def read(session: AsyncSession, asker: Asker, urn: str, language: str = "en") -> None:
    """Do what the button under a text does."""
    text = await text_of_project(session, asker.project_id, urn)
    shown = hash_to_acknowledge(text, language) if text else None
    await acknowledge(session, asker, urn=urn, text_hash=shown or b"", language=language, now=NOW)


async def withdraw(
    session: AsyncSession, members: Members, published: Release, **holds: Any
) -> Recall:
    return await recall(
        session,
        members.coordinator,
        urn=published.urn,
        number=published.number,
        reason="The law has changed.",
        sign=signer,
        now=NOW,
        **holds,
    )
