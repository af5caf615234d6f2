from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from protocols.acknowledgement.actions import acknowledge
from protocols.acknowledgement.errors import TextChanged
from protocols.acknowledgement.models import Acknowledgement
from protocols.acknowledgement.queries import Reader, lacking, lacking_on_pool, readers_of
from protocols.acknowledgement.rules import LackingText
from protocols.items.actions import add_variant
from protocols.items.models import Item
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.pool_texts.actions import name_pool_text
from protocols.pool_texts.models import PoolText
from protocols.releases.models import Release
from protocols.releases.rules import AcknowledgementClass, read_manifest
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    World,
    answer,
    change_values,
    looked_over,
    protocol,
    read,
    release_approved,
    released,
    revised,
    take_up,
    verbs,
    withdraw,
)

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
DAYS = DraftPlaceholder("days", "two days", material=True)


async def on_the_pools_shifts(
    session: AsyncSession, projects: World, told: Told | None = None
) -> Release:
    published = await released(session, projects.north, protocol(told or Told()))
    await name_pool_text(
        session, projects.north.coordinator, pool_id=projects.pool, urn=published.urn, now=NOW
    )
    return published


def missing(published: Release) -> LackingText:
    return LackingText(
        urn=published.urn,
        title="Live chat conduct",
        protocol_kind="conduct",
        number=published.number,
    )


async def lacks(
    session: AsyncSession, projects: World, *people: Members
) -> list[list[LackingText]]:
    ids = [members.worker.person_id for members in people]
    found = await lacking(session, ids, pool_id=projects.pool)
    assert set(found) == set(ids)
    return [found[person_id] for person_id in ids]


async def test_a_pools_text_is_lacking_until_it_is_read(
    session: AsyncSession, projects: World
) -> None:
    published = await on_the_pools_shifts(session, projects)
    await take_up(session, projects.north, published)

    before = await lacks(session, projects, projects.north, projects.south)
    await read(session, projects.north.worker, published.urn)

    assert before == [[missing(published)], [missing(published)]]
    assert await lacks(session, projects, projects.north, projects.south) == [
        [],
        [missing(published)],
    ]
    assert (await verbs(session))[-1] == ("acknowledged", "acknowledgement")


async def test_each_project_reads_the_release_it_has_adopted(
    session: AsyncSession, projects: World
) -> None:
    first = await on_the_pools_shifts(session, projects)
    for members in (projects.north, projects.south):
        await take_up(session, members, first)
        await read(session, members.worker, first.urn)
    second = await revised(session, projects.north, first, Told(parts=("Two.", "More.")))

    await take_up(session, projects.north, second)

    assert await lacks(session, projects, projects.north, projects.south) == [
        [missing(second)],
        [],
    ]


@pytest.mark.parametrize("acknowledgement", ["none", "notify"])
async def test_a_release_that_asks_no_reading_lets_the_last_one_stand(
    session: AsyncSession, projects: World, acknowledgement: AcknowledgementClass
) -> None:
    first = await on_the_pools_shifts(session, projects)
    await read(session, projects.north.worker, first.urn)
    told = Told(parts=("A typo less.",))
    second = await revised(session, projects.north, first, told, acknowledgement)

    assert await lacks(session, projects, projects.north, projects.south) == [
        [],
        [missing(second)],
    ]


async def test_one_reading_serves_two_projects_that_differ_in_a_number(
    session: AsyncSession, projects: World
) -> None:
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])
    published = await on_the_pools_shifts(session, projects, told)
    await take_up(session, projects.north, published, values={"on_call": "0113 496 0000"})
    await read(session, projects.north.worker, published.urn)
    await change_values(session, projects.north, published, {"on_call": "0207 946 0000"})

    assert await lacks(session, projects, projects.north) == [[]]


async def test_one_acknowledgement_serves_two_projects_with_different_local_values(
    session: AsyncSession, projects: World
) -> None:
    """Somebody who sits for both has read it once; a material value is read for each project."""
    told = Told(parts=("Ring {{on_call}} within {{days}}.",), placeholders=[PHONE, DAYS])
    published = await on_the_pools_shifts(session, projects, told)
    north, south = projects.north, projects.south
    ours = {"on_call": "0113 496 0000", "days": "two days"}
    await take_up(session, north, published, values=ours)
    await take_up(session, south, published, values=ours | {"on_call": "0207 946 0000"})
    both = ({north.worker.person_id: one.project} for one in (north, south))
    as_north, as_south = both

    async def lacks_as(whose: dict[UUID, UUID]) -> list[LackingText]:
        found = await lacking_on_pool(session, whose, projects.pool)
        return found[north.worker.person_id]

    before = [await lacks_as(as_north), await lacks_as(as_south)]
    await read(session, north.worker, published.urn)
    after = [await lacks_as(as_north), await lacks_as(as_south)]
    await change_values(session, south, published, {"days": "a week"})

    assert before == [[missing(published)], [missing(published)]]
    assert after == [[], []]
    assert await session.scalar(select(func.count()).select_from(Acknowledgement)) == 1
    assert [await lacks_as(as_north), await lacks_as(as_south)] == [[], [missing(published)]]


async def test_reading_in_any_current_language_counts(
    session: AsyncSession, projects: World
) -> None:
    """Moodle records the language that was shown, and so does this."""
    published = await on_the_pools_shifts(session, projects)
    second = await translated(session, projects.north, published)
    await read(session, projects.south.worker, published.urn, "nl")

    assert second.number == "1.1.0"
    assert await lacks(session, projects, projects.south) == [[]]
    assert await session.scalar(select(Acknowledgement.language)) == "nl"


async def translated(session: AsyncSession, members: Members, published: Release) -> Release:
    item = (await session.scalars(select(Item).where(Item.urn == published.urn))).one()
    [part] = read_manifest(published.manifest).blocks
    await add_variant(
        session,
        members.reviewer,
        item.id,
        language="nl",
        title="Gedragsregels",
        texts={str(part.id): "Jullie zijn met zijn tweeën online."},
        now=NOW,
    )
    await looked_over(session, members, item.id)
    return await release_approved(session, members, item.id, "notify")


async def test_a_stale_translation_is_neither_shown_as_read_nor_counted(
    session: AsyncSession, projects: World
) -> None:
    """weblate#16177: a stale translation is not served as if it were right."""
    first = await on_the_pools_shifts(session, projects)
    dutch = await translated(session, projects.north, first)
    await read(session, projects.south.worker, first.urn, "nl")

    third = await revised(session, projects.north, dutch, Told(parts=("Three of you.",)))

    assert await lacks(session, projects, projects.south) == [[missing(third)]]
    with pytest.raises(TextChanged):
        await read(session, projects.south.worker, first.urn, "nl")


async def test_an_emergency_text_is_to_be_read_too(session: AsyncSession, projects: World) -> None:
    published = await on_the_pools_shifts(session, projects)
    await read(session, projects.north.worker, published.urn)
    await withdraw(session, projects.north, published, holds_texts={"en": "Close the chat."})

    [before] = await lacks(session, projects, projects.north)
    await read(session, projects.north.worker, published.urn)

    assert [text.urn for text in before] == [published.urn]
    assert await lacks(session, projects, projects.north) == [[]]


async def test_a_text_that_has_not_arrived_is_lacking(
    session: AsyncSession, projects: World
) -> None:
    urn = f"urn:uuid:{projects.pool}"
    session.add(PoolText(pool_id=projects.pool, protocol_kind="conduct", urn=urn))
    await session.flush()

    [[text]] = await lacks(session, projects, projects.north)

    assert (text.urn, text.number) == (urn, "")


async def test_without_a_pool_it_is_about_the_own_projects_texts(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.north, published)
    answered = await released(session, projects.north, answer("When?", "Tuesdays."))
    await take_up(session, projects.north, answered)
    people = [members.worker.person_id for members in (projects.north, projects.elsewhere)]

    found = await lacking(session, people)

    assert found == {people[0]: [missing(published)], people[1]: []}


async def test_pressing_twice_is_reading_once(session: AsyncSession, projects: World) -> None:
    published = await on_the_pools_shifts(session, projects)

    for _ in range(2):
        await read(session, projects.south.worker, published.urn)

    assert await session.scalar(select(func.count()).select_from(Acknowledgement)) == 1
    assert [verb for verb, _ in await verbs(session)].count("acknowledged") == 1


async def test_only_the_words_that_are_shown_now_are_acknowledged(
    session: AsyncSession, projects: World
) -> None:
    published = await on_the_pools_shifts(session, projects)

    with pytest.raises(TextChanged):
        await acknowledge(
            session,
            projects.south.worker,
            urn=published.urn,
            text_hash=b"0" * 32,
            language="en",
            now=NOW,
        )


async def test_nobody_acknowledges_a_text_of_strangers_or_with_a_reading_token(
    session: AsyncSession, projects: World
) -> None:
    published = await on_the_pools_shifts(session, projects)
    worker = projects.south.worker
    reading = Asker(worker.person_id, worker.project_id, worker.roles, frozenset({"read"}))

    with pytest.raises(NotFound):
        await read(session, projects.elsewhere.worker, published.urn)
    with pytest.raises(NotAllowed):
        await read(session, reading, published.urn)

    assert await session.scalar(select(func.count()).select_from(Acknowledgement)) == 0


async def test_a_coordinator_sees_who_has_read_of_their_own_people_only(
    session: AsyncSession, projects: World
) -> None:
    published = await on_the_pools_shifts(session, projects)
    await read(session, projects.north.worker, published.urn)
    await read(session, projects.south.worker, published.urn)

    seen = await readers_of(session, projects.north.coordinator, published.urn)

    north = projects.north
    assert seen == [
        Reader(north.coordinator.person_id, "north coordinator", None),
        Reader(north.reviewer.person_id, "north reviewer", None),
        Reader(north.worker.person_id, "north worker", NOW),
    ]
    with pytest.raises(NotAllowed):
        await readers_of(session, projects.north.worker, published.urn)
    with pytest.raises(NotFound):
        await readers_of(session, projects.elsewhere.coordinator, published.urn)
