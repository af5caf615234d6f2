import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed
from protocols.answers.queries import search_answers
from protocols.answers.searching import Looked
from protocols.items.actions import approve, ask_for_review
from protocols.items.errors import AuthorMayNotApprove
from protocols.items.models import Item, Variant
from protocols.reading.queries import protocols_in_force
from protocols.releases.models import Release
from protocols.starter.actions import add_starter_library
from tests.protocols.example_texts import NOW, World


async def items(session: AsyncSession, members: object) -> list[Item]:
    query = select(Item).where(Item.project_id == members)
    return list(await session.scalars(query))


async def test_it_comes_in_as_drafts_and_nothing_of_it_holds(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    found = await add_starter_library(session, north.coordinator, NOW)

    drafts = await items(session, north.project)
    assert (len(found.added), found.there) == (52, [])
    assert {item.state for item in drafts} == {"draft"}
    assert len(drafts) == 52
    assert await session.scalar(select(func.count()).select_from(Variant)) == 52 + 20
    assert await session.scalar(select(func.count()).select_from(Release)) == 0
    assert await protocols_in_force(session, north.worker, NOW) == []
    assert (await search_answers(session, north.worker, Looked(), now=NOW)).answers == []
    await ask_for_review(session, north.coordinator, drafts[0].id, NOW)
    with pytest.raises(AuthorMayNotApprove):
        await approve(session, north.coordinator, drafts[0].id, NOW)


async def test_it_comes_in_once_and_what_was_made_of_it_stays(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    await add_starter_library(session, north.coordinator, NOW)
    [renamed, *_] = await items(session, north.project)
    await session.execute(
        update(Variant).where(Variant.item_id == renamed.id).values(title="Our own")
    )

    again = await add_starter_library(session, north.coordinator, NOW)

    assert (again.added, len(again.there)) == ([], 52)
    assert len(await items(session, north.project)) == 52
    titles = await session.scalars(select(Variant.title).where(Variant.item_id == renamed.id))
    assert set(titles) == {"Our own"}


async def test_each_project_takes_it_in_for_itself_and_only_its_coordinator(
    session: AsyncSession, projects: World
) -> None:
    await add_starter_library(session, projects.elsewhere.coordinator, NOW)

    for asker in (projects.north.worker, projects.north.reviewer):
        with pytest.raises(NotAllowed):
            await add_starter_library(session, asker, NOW)
    assert await items(session, projects.north.project) == []
    assert len((await add_starter_library(session, projects.north.coordinator, NOW)).added) == 52
