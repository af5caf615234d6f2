from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from protocols.items.actions import add_variant, draft_item, revise_item
from protocols.items.queries import blocks_of
from protocols.lived_reviews.actions import attest_lived_review, erase_lived_reviewer
from protocols.lived_reviews.errors import NameTooLong
from protocols.lived_reviews.queries import lived_reviews_of
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    events,
    looked_over,
    protocol,
    release_approved,
)

WHO = "Robin, who came by on Tuesday"


async def test_a_release_says_only_that_the_review_took_place(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    await attest_lived_review(session, north.coordinator, item.id, who=WHO, now=NOW)
    await looked_over(session, north, item.id)

    published = await release_approved(session, north, item.id)

    [event] = await events(session)
    assert read_manifest(published.manifest).lived_experience is True
    assert b"Robin" not in published.manifest
    assert b"Robin" not in (event.payload or b"")


async def test_a_review_is_of_the_words_that_were_reviewed(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    await attest_lived_review(session, north.reviewer, item.id, who=None, now=NOW)
    [block] = await blocks_of(session, item.id)

    told = Told(parts=("Be there alone.",), ids=(block.id,))
    await revise_item(session, north.reviewer, item.id, protocol(told), NOW)
    [other_words] = await lived_reviews_of(session, north.coordinator, item.id)
    await looked_over(session, north, item.id)
    published = await release_approved(session, north, item.id)

    assert other_words.current is False
    assert read_manifest(published.manifest).lived_experience is False


async def test_a_translation_or_another_date_leaves_the_review_standing(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    await attest_lived_review(session, north.reviewer, item.id, who=None, now=NOW)
    [block] = await blocks_of(session, item.id)

    told = replace(protocol(Told(ids=(block.id,))), acknowledgement="none")
    await revise_item(session, north.reviewer, item.id, told, NOW)
    await add_variant(
        session,
        north.reviewer,
        item.id,
        language="nl",
        title="Gedrag",
        texts={str(block.id): "Samen."},
        now=NOW,
    )

    [review] = await lived_reviews_of(session, north.coordinator, item.id)
    assert review.current is True


async def test_who_it_was_is_for_coordinators_and_can_be_erased(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    made = await attest_lived_review(session, north.coordinator, item.id, who=f" {WHO} ", now=NOW)

    [to_coordinator] = await lived_reviews_of(session, north.coordinator, item.id)
    [to_reviewer] = await lived_reviews_of(session, north.reviewer, item.id)
    await erase_lived_reviewer(session, north.coordinator, made.id, NOW)
    [erased] = await lived_reviews_of(session, north.coordinator, item.id)

    assert (to_coordinator.who, to_reviewer.who) == (WHO, None)
    assert (erased.who, erased.current) == (None, True)


async def test_the_record_is_restricted(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    made = await attest_lived_review(session, north.coordinator, item.id, who=WHO, now=NOW)

    with pytest.raises(NotAllowed):
        await attest_lived_review(session, north.worker, item.id, who=None, now=NOW)
    with pytest.raises(NotAllowed):
        await lived_reviews_of(session, north.worker, item.id)
    with pytest.raises(NotAllowed):
        await erase_lived_reviewer(session, north.reviewer, made.id, NOW)
    for stranger in (projects.south.coordinator, projects.elsewhere.coordinator):
        with pytest.raises(NotFound):
            await lived_reviews_of(session, stranger, item.id)
        with pytest.raises(NotFound):
            await attest_lived_review(session, stranger, item.id, who=None, now=NOW)
        with pytest.raises(NotFound):
            await erase_lived_reviewer(session, stranger, made.id, NOW)
    with pytest.raises(NameTooLong):
        await attest_lived_review(session, north.coordinator, item.id, who="x" * 201, now=NOW)

    assert made.who == WHO
