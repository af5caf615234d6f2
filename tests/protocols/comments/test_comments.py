from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from protocols.comments.actions import (
    ask_for_changes,
    comment_on,
    erase_comment,
    reopen_comment,
    resolve_comment,
)
from protocols.comments.errors import CommentErased, CommentLength
from protocols.comments.models import ItemComment
from protocols.comments.queries import comments_on
from protocols.items.actions import ask_for_review, draft_item, revise_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from tests.protocols.example_texts import NOW, Told, World, protocol

LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def item(session: AsyncSession, projects: World) -> Item:
    return await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)


async def test_a_comment_stands_at_its_part_until_it_is_resolved(
    session: AsyncSession, projects: World, item: Item
) -> None:
    north = projects.north
    [block] = await blocks_of(session, item.id)
    first = await comment_on(
        session, north.coordinator, item.id, said=" Who is the second? ", block=block.id, now=NOW
    )
    second = await comment_on(session, north.reviewer, item.id, said="And at night?", now=LATER)

    await resolve_comment(session, north.reviewer, first.id, LATER)

    seen = await comments_on(session, north.reviewer, item.id)
    assert [(one.id, one.block, one.said, one.by, one.mine, one.resolved_at) for one in seen] == [
        (second.id, None, "And at night?", "north reviewer", True, None),
        (first.id, block.id, "Who is the second?", "north coordinator", False, LATER),
    ]
    await reopen_comment(session, north.coordinator, first.id, LATER)
    again = await comments_on(session, north.reviewer, item.id)
    assert [one.id for one in again] == [first.id, second.id]


async def test_a_comment_stays_when_its_part_is_gone(
    session: AsyncSession, projects: World, item: Item
) -> None:
    [block] = await blocks_of(session, item.id)
    await comment_on(
        session, projects.north.coordinator, item.id, said="Why?", block=block.id, now=NOW
    )

    told = Told(parts=("Another part.",))
    await revise_item(session, projects.north.reviewer, item.id, protocol(told), NOW)

    [kept] = await comments_on(session, projects.north.reviewer, item.id)
    assert (kept.block, kept.said, kept.version) == (block.id, "Why?", 1)


async def test_asking_for_changes_says_why_and_hands_it_back(
    session: AsyncSession, projects: World, item: Item
) -> None:
    north = projects.north
    await ask_for_review(session, north.reviewer, item.id, NOW)

    await ask_for_changes(session, north.coordinator, item.id, said="Name the tool.", now=NOW)

    [why] = await comments_on(session, north.reviewer, item.id)
    assert (item.state, why.said) == ("draft", "Name the tool.")


async def test_changes_without_a_word_are_not_asked_for(
    session: AsyncSession, projects: World, item: Item
) -> None:
    item_id = item.id
    await ask_for_review(session, projects.north.reviewer, item_id, NOW)

    for said in ("", "  ", "x" * 4001):
        with pytest.raises(CommentLength):
            async with session.begin_nested():
                await ask_for_changes(
                    session, projects.north.coordinator, item_id, said=said, now=NOW
                )

    await session.refresh(item)
    assert item.state == "in-review"


async def test_an_erased_comment_has_neither_words_nor_author(
    session: AsyncSession, projects: World, item: Item
) -> None:
    north = projects.north
    comment = await comment_on(
        session, north.coordinator, item.id, said="The lead said so.", now=NOW
    )

    await erase_comment(session, north.coordinator, comment.id, LATER)
    await erase_comment(session, north.coordinator, comment.id, LATER)

    [left] = await comments_on(session, north.coordinator, item.id)
    assert (left.said, left.by, left.mine) == (None, None, False)
    with pytest.raises(CommentErased):
        await reopen_comment(session, north.coordinator, comment.id, LATER)


async def test_who_wrote_it_may_erase_it_and_a_coordinator(
    session: AsyncSession, projects: World, item: Item
) -> None:
    north = projects.north
    of_coordinator = await comment_on(session, north.coordinator, item.id, said="A", now=NOW)
    of_reviewer = await comment_on(session, north.reviewer, item.id, said="B", now=NOW)

    with pytest.raises(NotAllowed):
        await erase_comment(session, north.reviewer, of_coordinator.id, NOW)
    await erase_comment(session, north.coordinator, of_reviewer.id, NOW)

    said = await session.scalars(select(ItemComment.said).order_by(ItemComment.id))
    assert list(said) == ["A", None]


async def test_the_database_erases_whole_or_not_at_all(
    session: AsyncSession, projects: World, item: Item
) -> None:
    await comment_on(session, projects.north.coordinator, item.id, said="A", now=NOW)

    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(ItemComment).values(said=None))

    assert broken_constraint(broken.value) == "ck_item_comment_erased_whole"


async def test_comments_are_for_those_who_work_on_the_text(
    session: AsyncSession, projects: World, item: Item
) -> None:
    north = projects.north
    comment = await comment_on(session, north.coordinator, item.id, said="Secret", now=NOW)

    with pytest.raises(NotAllowed):
        await comments_on(session, north.worker, item.id)
    with pytest.raises(NotAllowed):
        await comment_on(session, north.worker, item.id, said="B", now=NOW)
    for stranger in (projects.south.coordinator, projects.elsewhere.reviewer):
        with pytest.raises(NotFound):
            await comments_on(session, stranger, item.id)
        with pytest.raises(NotFound):
            await comment_on(session, stranger, item.id, said="B", now=NOW)
        for change in (resolve_comment, reopen_comment, erase_comment):
            with pytest.raises(NotFound):
                await change(session, stranger, comment.id, NOW)
    with pytest.raises(NotFound):
        await comment_on(session, north.coordinator, item.id, said="B", block=uuid4(), now=NOW)

    assert list(await session.scalars(select(ItemComment.said))) == ["Secret"]
