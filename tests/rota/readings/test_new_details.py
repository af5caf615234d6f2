"""A release of the class "notify": readers are told, once, and what they have read still counts."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.rota_jobs import look_at_all_readings
from database.session import door
from federation.notices.models import Notice
from federation.people.models import Person
from federation.permissions.rules import Asker
from protocols.acknowledgement.queries import lacking
from protocols.items.actions import add_variant
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.releases.models import Release
from protocols.releases.rules import AcknowledgementClass
from rota.readings.details import NEW_DETAIL, TEXT, tell_of_details
from tests.api.feeds.test_feed_kinds import statements
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    looked_over,
    protocol,
    read,
    release_approved,
    released,
    revised,
    take_up,
    withdraw,
    world,
)

DETAIL = Told(parts=("Two of you are online together, with a tea.",))
TYPO = Told(parts=("Two of you are online together, with a cup.",))


@dataclass
class Known:
    """North and South use a text; South's worker has read it, South's coordinator has not."""

    session: AsyncSession
    projects: World
    text: Release

    @property
    def reader(self) -> Asker:
        return self.projects.south.worker

    async def next_one(self, told: Told, asks: AcknowledgementClass) -> Release:
        newer = await revised(self.session, self.projects.north, self.text, told, asks)
        await take_up(self.session, self.projects.south, newer)
        return newer

    async def told(self) -> list[tuple[Asker, str]]:
        """Look twice; give who has a notice of it that they have not put away."""
        for _ in range(2):
            await tell_of_details(self.session, NOW)
        rows = await self.session.scalars(
            select(Notice.person_id).where(Notice.code == NEW_DETAIL, Notice.seen_at.is_(None))
        )
        people = {
            one.person_id: (one, members.name)
            for members in (self.projects.north, self.projects.south, self.projects.elsewhere)
            for one in (members.coordinator, members.reviewer, members.worker)
        }
        return [people[person_id] for person_id in rows]


@pytest.fixture
async def known(session: AsyncSession) -> Known:
    projects = await world(session)
    text = await released(session, projects.north, protocol(Told()))
    for members in (projects.north, projects.south):
        await take_up(session, members, text)
        await read(session, members.worker, text.urn)
    return Known(session, projects, text)


async def test_who_has_read_it_is_told_once_and_need_not_read_again(
    session: AsyncSession, known: Known
) -> None:
    await known.next_one(DETAIL, "notify")

    assert await known.told() == [(known.reader, "south")]
    assert await session.scalar(select(Notice.text)) == TEXT
    assert await lacking(session, [known.reader.person_id]) == {known.reader.person_id: []}


async def test_nobody_is_told_before_their_project_has_taken_it_up(known: Known) -> None:
    await revised(known.session, known.projects.north, known.text, DETAIL, "notify")

    assert await known.told() == []


@pytest.mark.parametrize("asks", ["none", "re-read"])
async def test_other_classes_tell_nobody_of_a_detail(
    known: Known, asks: AcknowledgementClass
) -> None:
    await known.next_one(DETAIL, asks)

    assert await known.told() == []


async def test_a_mended_letter_afterwards_tells_nobody_again(known: Known) -> None:
    await known.next_one(DETAIL, "notify")
    assert await known.told() == [(known.reader, "south")]

    await known.next_one(TYPO, "none")
    assert await known.told() == [(known.reader, "south")]


async def test_a_second_detail_is_told_in_place_of_the_first(known: Known) -> None:
    for told in (DETAIL, TYPO):
        await known.next_one(told, "notify")
        assert await known.told() == [(known.reader, "south")]


async def test_who_has_left_or_reads_other_languages_is_told_nothing(
    session: AsyncSession, known: Known
) -> None:
    """A translation that is new leaves the words of who has read another language as they were."""
    item = (await session.scalars(select(Item).where(Item.urn == known.text.urn))).one()
    words = {str(one.id): "Met zijn tweeën." for one in await blocks_of(session, item.id)}
    north = known.projects.north
    await add_variant(
        session, north.reviewer, item.id, language="nl", title="Gedrag", texts=words, now=NOW
    )
    await looked_over(session, north, item.id)
    dutch = await release_approved(session, north, item.id, "notify")
    await take_up(session, known.projects.south, dutch)
    assert await known.told() == []

    (await session.get_one(Person, known.reader.person_id)).left_at = NOW
    await known.next_one(DETAIL, "notify")
    assert await known.told() == []


async def test_what_is_withdrawn_is_no_news(session: AsyncSession, known: Known) -> None:
    newer = await known.next_one(DETAIL, "notify")
    await withdraw(session, known.projects.north, newer, holds_number="1.0.0")

    assert await known.told() == []


async def test_more_readers_take_no_more_questions(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        text = await released(session, projects.north, protocol(Told()))
        await take_up(session, projects.south, text)
    counts = []
    for people in (1, 3, 9):
        async with door(committing_engine) as session:
            await more_readers(session, projects.south.project, text.urn, people)
            told = Told(parts=(f"A detail for {people} more.",))
            newer = await revised(session, projects.north, text, told, "notify")
            await take_up(session, projects.south, newer)
            await tell_of_details(session, NOW)
        async with door(committing_engine) as session:
            with statements(committing_engine) as asked:
                await tell_of_details(session, NOW)
        counts.append(len(asked))
    assert len({*counts}) == 1


async def more_readers(session: AsyncSession, project: UUID, urn: str, count: int) -> None:
    for _ in range(count):
        person = Person(project_id=project, name="Somebody", languages=["en"])
        session.add(person)
        await session.flush()
        await read(session, Asker(person.id, project, frozenset({"worker"})), urn)


async def test_the_worker_does_it(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        projects = await world(session)
        text = await released(session, projects.north, protocol(Told()))
        await take_up(session, projects.south, text)
        await read(session, projects.south.worker, text.urn)
        newer = await revised(session, projects.north, text, DETAIL, "notify")
        await take_up(session, projects.south, newer)

    await look_at_all_readings(committing_engine, {}, NOW)

    async with door(committing_engine) as session:
        told = await session.scalars(select(Notice.person_id).where(Notice.code == NEW_DETAIL))
        assert list(told) == [projects.south.worker.person_id]
