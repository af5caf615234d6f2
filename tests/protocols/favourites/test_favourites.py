"""What somebody keeps at hand is theirs alone, and goes with them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.people.models import Person
from protocols.favourites.actions import (
    MOST_KEPT,
    MOST_RECENT,
    forget_choices,
    keep_at_hand,
    put_away,
    was_used,
)
from protocols.favourites.errors import EnoughFavourites
from protocols.favourites.models import FavouriteAnswer, RecentAnswer
from protocols.favourites.queries import favourites_of, recent_of
from tests.protocols.example_texts import NOW, World


async def test_favourites_are_seen_by_their_owner_alone(
    session: AsyncSession, projects: World
) -> None:
    mine, theirs = projects.north.worker, projects.north.coordinator
    for minute, urn in enumerate(("urn:a", "urn:b", "urn:a")):
        await keep_at_hand(session, mine, urn, NOW + timedelta(minutes=minute))
    await was_used(session, mine, "urn:c", NOW)

    assert await favourites_of(session, mine) == ["urn:b", "urn:a"]
    assert (await favourites_of(session, theirs), await recent_of(session, theirs)) == ([], [])
    assert list(await session.scalars(select(AuditEntry))) == []

    await put_away(session, mine, "urn:b")
    await put_away(session, theirs, "urn:a")

    assert await favourites_of(session, mine) == ["urn:a"]


async def test_no_more_are_kept_than_somebody_can_look_through(
    session: AsyncSession, projects: World
) -> None:
    for number in range(MOST_KEPT):
        await keep_at_hand(session, projects.north.worker, f"urn:{number}", NOW)

    with pytest.raises(EnoughFavourites):
        await keep_at_hand(session, projects.north.worker, "urn:more", NOW)
    await keep_at_hand(session, projects.south.worker, "urn:more", NOW)


async def test_only_the_last_used_are_remembered(session: AsyncSession, projects: World) -> None:
    for number in range(MOST_RECENT + 3):
        await was_used(
            session, projects.north.worker, f"urn:{number}", NOW + timedelta(minutes=number)
        )
    await was_used(session, projects.north.worker, "urn:5", NOW + timedelta(hours=1))

    assert await recent_of(session, projects.north.worker) == [
        "urn:5",
        *(f"urn:{number}" for number in range(MOST_RECENT + 2, 5, -1)),
        *(f"urn:{number}" for number in range(4, 2, -1)),
    ]


async def test_they_go_with_the_person(session: AsyncSession, projects: World) -> None:
    leaver, stays = projects.north.worker, projects.north.coordinator
    for asker in (leaver, stays):
        await keep_at_hand(session, asker, "urn:a", NOW)
        await was_used(session, asker, "urn:a", NOW)

    await forget_choices(session, leaver.person_id)

    for table in (FavouriteAnswer, RecentAnswer):
        assert list(await session.scalars(select(table.person_id))) == [stays.person_id]

    await session.execute(delete(Person).where(Person.id == stays.person_id))

    for table in (FavouriteAnswer, RecentAnswer):
        assert list(await session.scalars(select(table.person_id))) == []


async def test_a_token_that_only_reads_keeps_nothing(
    session: AsyncSession, projects: World
) -> None:
    reader = replace(projects.north.worker, scopes=frozenset({"read"}))

    with pytest.raises(NotAllowed):
        await keep_at_hand(session, reader, "urn:a", NOW)
    with pytest.raises(NotAllowed):
        await put_away(session, reader, "urn:a")
