"""The demo's texts, written, approved, released, adopted and read through the people's actions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.demo.cast import Troupe
from api.demo.library import CannedText, Library, read_library
from api.demo.stage import Stage, clock, wait_until_agreed
from database.session import door
from federation.partners.actions import grant
from federation.people.models import RoleGrant
from federation.permissions.rules import Asker
from protocols.acknowledgement.actions import acknowledge
from protocols.adoption.actions import adopt
from protocols.items.actions import add_variant, approve, draft_item, revise_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import Draft, DraftBlock
from protocols.pool_texts.actions import name_pool_text
from protocols.reading.queries import read_text
from protocols.releases.actions import release
from protocols.releases.rules import AcknowledgementClass

REVIEWED_IN = timedelta(days=300)
READERS_OF_THE_SECOND = 2


@dataclass(frozen=True)
class Published:
    """A text that is out: by which name, and which gaps its adopters fill."""

    urn: str
    draft: Draft


async def share_texts(host: Stage, member: Stage, pool_id: UUID) -> None:
    """Publish one project's protocol and answers; every project adopts and reads them."""
    library = read_library((clock() + REVIEWED_IN).date())
    protocol, *answers = await publish(host, pool_id, library)
    await _open_releases(host, member)
    await wait_until_agreed(host, member)
    for stage in (host, member):
        for troupe in stage.troupes:
            await take_up(stage, troupe, [protocol, *answers], library)
            await read_by_all(stage, troupe, protocol.urn)


async def second_release(host: Stage, member: Stage) -> None:
    """Publish the protocol's second release: the writing project adopts it, the others wait."""
    library = read_library((clock() + REVIEWED_IN).date())
    owner = host.troupes[0]
    async with door(host.engine) as session:
        item = await _written_protocol(session, host.askers[owner.slug])
        draft = await _with_known_parts(session, item, library)
        await revise_item(session, _author(host), item.id, draft, clock())
        await _approve_and_release(session, host, item.id, "re-read")
    await wait_until_agreed(host, member)
    published = Published(item.urn, library.second)
    await take_up(host, owner, [published], library)
    await read_by_all(host, owner, item.urn, at_most=READERS_OF_THE_SECOND)


async def publish(stage: Stage, pool_id: UUID, library: Library) -> list[Published]:
    """Write, approve and release everything, the protocol first; it is in force on the pool."""
    async with door(stage.engine) as session:
        item = await draft_item(session, _author(stage), library.first, clock())
        await _approve_and_release(session, stage, item.id, "re-read")
        coordinator = stage.askers[stage.troupes[0].slug]
        await name_pool_text(session, coordinator, pool_id=pool_id, urn=item.urn, now=clock())
    published = [Published(item.urn, library.first)]
    for canned in library.answers:
        async with door(stage.engine) as session:
            urn = await _publish_answer(session, stage, canned)
        published.append(Published(urn, canned.draft))
    return published


async def take_up(
    stage: Stage, troupe: Troupe, texts: Sequence[Published], library: Library
) -> None:
    """Adopt texts for one project, with its own values."""
    async with door(stage.engine) as session:
        for text in texts:
            await adopt(
                session,
                stage.askers[troupe.slug],
                urn=text.urn,
                values=library.values_for(troupe.slug, text.draft),
                now=clock(),
            )


async def read_by_all(
    stage: Stage, troupe: Troupe, urn: str, *, at_most: int | None = None
) -> None:
    """Let the workers of a project who read their texts do so."""
    readers = [player for player in troupe.players if player.windows and player.reads]
    async with door(stage.engine) as session:
        for player in readers[:at_most]:
            person_id = stage.people[troupe.slug, player.name]
            asker = await _as_they_sign_in(session, stage.askers[troupe.slug], person_id)
            reading = await read_text(session, asker, urn, "en", clock())
            if reading.text and reading.to_acknowledge:
                await acknowledge(
                    session,
                    asker,
                    urn=urn,
                    text_hash=reading.to_acknowledge,
                    language=reading.text.language,
                    now=clock(),
                )


async def _open_releases(host: Stage, member: Stage) -> None:
    coordinator = host.askers[host.troupes[0].slug]
    async with door(host.engine) as session:
        await grant(
            session,
            asker=coordinator,
            node_id=member.node.node_id,
            capability=f"releases:{coordinator.project_id}",
            now=clock(),
        )


async def _publish_answer(session: AsyncSession, stage: Stage, canned: CannedText) -> str:
    item = await draft_item(session, _author(stage), canned.draft, clock())
    [block] = await blocks_of(session, item.id)
    for language, translation in canned.translations.items():
        await add_variant(
            session,
            _author(stage),
            item.id,
            language=language,
            title=translation.title,
            question=translation.question,
            keywords=translation.keywords,
            texts={str(block.id): translation.text},
            now=clock(),
        )
    await _approve_and_release(session, stage, item.id, "none")
    return item.urn


async def _approve_and_release(
    session: AsyncSession, stage: Stage, item_id: UUID, acknowledgement: AcknowledgementClass
) -> None:
    coordinator = stage.askers[stage.troupes[0].slug]
    await approve(session, coordinator, item_id, clock())
    await release(
        session,
        coordinator,
        item_id,
        acknowledgement=acknowledgement,
        sign=lambda raw: stage.node.keys.sign("release", raw),
        now=clock(),
    )


async def _written_protocol(session: AsyncSession, asker: Asker) -> Item:
    query = select(Item).where(Item.project_id == asker.project_id, Item.kind == "protocol")
    return (await session.scalars(query)).one()


async def _with_known_parts(session: AsyncSession, item: Item, library: Library) -> Draft:
    """Give the second release's draft, in which all parts but the added one keep their ids."""
    known: list[UUID | None] = [block.id for block in await blocks_of(session, item.id)]
    known.insert(library.added, None)
    parts: Sequence[DraftBlock] = library.second.blocks
    blocks = [replace(part, id=one) for part, one in zip(parts, known, strict=True)]
    return replace(library.second, blocks=blocks)


async def _as_they_sign_in(session: AsyncSession, own: Asker, person_id: UUID) -> Asker:
    roles = await session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id))
    return Asker(person_id, own.project_id, frozenset(roles))


def _author(stage: Stage) -> Asker:
    return stage.reviewers[stage.troupes[0].slug]
