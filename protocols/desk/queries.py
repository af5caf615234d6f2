from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker, require_role
from protocols.comments.models import ItemComment
from protocols.comments.queries import comments_of
from protocols.desk.rules import Line, OnDesk
from protocols.history.models import ItemVersion
from protocols.history.queries import last_released, saved_states, when_translated, written_at_each
from protocols.history.rules.differences import Differences, differences
from protocols.history.rules.saved import Saved
from protocols.history.rules.written import Written
from protocols.items.actions import AUTHORS
from protocols.items.models import Item, Variant
from protocols.items.queries import item_of, written_of
from protocols.items.rules.drafts import source_hash
from protocols.items.rules.states import State, waits_for
from protocols.items.rules.translations import stale_languages
from protocols.lived_reviews.queries import reviews_of
from protocols.releases.models import Release
from protocols.releases.rules import next_number
from protocols.screening.queries import found_by_screen
from protocols.screening.rules import passages_of


class Translating(NamedTuple):
    """What a translator works from: the source now, and as it was when it was translated last."""

    written: Written
    version: int
    before: Written | None


class _Words(NamedTuple):
    """How a text is called in its own language, and in which others it is to be read."""

    title: str
    languages: list[str]
    stale: list[str]


async def texts_on_desk(session: AsyncSession, asker: Asker, now: datetime) -> list[Line]:
    """List what the asker's project writes: what waits for the asker first, then by review date."""
    require_role(asker, *AUTHORS)
    query = select(Item).where(Item.project_id == asker.project_id)
    lines = await _lines(session, asker, list(await session.scalars(query)), now)
    return sorted(lines, key=lambda line: (not line.yours, line.review_by, line.title.casefold()))


async def text_on_desk(session: AsyncSession, asker: Asker, item_id: UUID, now: datetime) -> OnDesk:
    """Give a text with everything that whoever writes, reviews or releases it has to see."""
    require_role(asker, *AUTHORS)
    item, owner, published = await _with_owner(session, asker, item_id)
    written = await written_of(session, item)
    released = await last_released(session, item.id)
    since, before = released or (None, None)
    comments = await comments_of(session, asker, item)
    return OnDesk(
        line=_line(
            asker,
            item,
            _Words(written.source.title, sorted(written.variants), stale_languages(written)),
            owner=owner,
            comments=sum(one.resolved_at is None for one in comments),
            number=since.released_as if since else None,
            now=now,
        ),
        version=item.version,
        written=written,
        wrote=asker.person_id in item.authors,
        since=since,
        differences=differences(before, written),
        comments=comments,
        lived_reviews=await reviews_of(session, asker, item, written),
        found=await found_by_screen(session, asker.project_id, passages_of(written)),
        next_number=next_number(published, written.acknowledgement),
    )


async def _with_owner(
    session: AsyncSession, asker: Asker, item_id: UUID
) -> tuple[Item, str | None, str | None]:
    """Give a text of the asker's own project, its owner's name, and its newest number."""
    newest = (
        select(Release.number)
        .where(Release.urn == Item.urn, Release.node_id.is_(None))
        .order_by(Release.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Item, Person.name, newest)
        .outerjoin(Person, Person.id == Item.owner_id)
        .where(Item.id == item_id, Item.project_id == asker.project_id)
    )
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound
    item, owner, number = found
    return item, owner, number


async def history_on_desk(
    session: AsyncSession, asker: Asker, item_id: UUID
) -> tuple[str, list[Saved]]:
    """Give the title of a text of the asker's own project, and its saved versions, newest first."""
    require_role(asker, *AUTHORS)
    title = await session.scalar(
        select(Variant.title)
        .join(Item, (Item.id == Variant.item_id) & (Item.source_language == Variant.language))
        .where(Item.id == item_id, Item.project_id == asker.project_id)
    )
    if title is None:
        raise NotFound
    return title, await saved_states(session, item_id)


async def versions_between(
    session: AsyncSession, asker: Asker, item_id: UUID, earlier: int | None, later: int
) -> Differences:
    """Compare two saved states of a text; without an earlier one everything is new."""
    require_role(asker, *AUTHORS)
    item = await item_of(session, asker, item_id)
    versions = {later} if earlier is None else {earlier, later}
    written = await written_at_each(session, item.id, versions)
    return differences(None if earlier is None else written[earlier], written[later])


async def to_translate(
    session: AsyncSession, asker: Asker, item_id: UUID, language: str
) -> Translating:
    """Give a text to be translated, and what its source said when this language was last right."""
    require_role(asker, *AUTHORS)
    item = await item_of(session, asker, item_id)
    written = await written_of(session, item)
    if language == written.source_language:
        raise NotFound("This is the language that it was written in.")
    wording = written.variants.get(language)
    before = await when_translated(session, item.id, language, wording.source) if wording else None
    return Translating(written, item.version, before)


async def owners_to_choose(session: AsyncSession, asker: Asker) -> list[tuple[UUID, str]]:
    """List who may own a text: the people of the asker's own project."""
    require_role(asker, *AUTHORS)
    query = select(Person.id, Person.name).where(
        Person.project_id == asker.project_id, Person.left_at.is_(None)
    )
    found = [(person_id, name) for person_id, name in await session.execute(query)]
    return sorted(found, key=lambda person: person[1].casefold())


async def _lines(
    session: AsyncSession, asker: Asker, items: Collection[Item], now: datetime
) -> list[Line]:
    ids = [item.id for item in items]
    variants: dict[UUID, dict[str, Variant]] = {item_id: {} for item_id in ids}
    for variant in await session.scalars(select(Variant).where(Variant.item_id.in_(ids))):
        variants[variant.item_id][variant.language] = variant
    owners = select(Person.id, Person.name).where(Person.id.in_({item.owner_id for item in items}))
    names = {row.id: row.name for row in await session.execute(owners)}
    comments, numbers = await _open_comments(session, ids), await _numbers(session, ids)
    return [
        _line(
            asker,
            item,
            _words(item, variants[item.id]),
            owner=names.get(item.owner_id) if item.owner_id else None,
            comments=comments.get(item.id, 0),
            number=numbers.get(item.id),
            now=now,
        )
        for item in items
    ]


async def _open_comments(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(ItemComment.item_id, func.count().label("open"))
        .where(ItemComment.item_id.in_(ids), ItemComment.resolved_at.is_(None))
        .group_by(ItemComment.item_id)
    )
    return {row.item_id: row.open for row in await session.execute(query)}


async def _numbers(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    query = (
        select(ItemVersion.item_id, ItemVersion.released_as)
        .where(ItemVersion.item_id.in_(ids), ItemVersion.released_as.is_not(None))
        .order_by(ItemVersion.version)
    )
    return {item_id: number for item_id, number in await session.execute(query) if number}


def _line(
    asker: Asker,
    item: Item,
    words: _Words,
    *,
    owner: str | None,
    comments: int,
    number: str | None,
    now: datetime,
) -> Line:
    state = cast("State", item.state)
    return Line(
        id=item.id,
        title=words.title,
        kind="protocol" if item.protocol_kind else "answer",
        protocol_kind=item.protocol_kind,
        state=state,
        yours=waits_for(state, asker.roles, wrote=asker.person_id in item.authors),
        owner_id=item.owner_id,
        owner=owner,
        review_by=item.review_by,
        overdue=item.review_by < now.date(),
        languages=words.languages,
        stale_languages=words.stale,
        open_comments=comments,
        number=number,
    )


def _words(item: Item, variants: Mapping[str, Variant]) -> _Words:
    source = variants[item.source_language]
    current = source_hash(source.texts)
    stale = [one for one in variants.values() if one is not source and one.source_hash != current]
    return _Words(source.title, sorted(variants), sorted(one.language for one in stale))
