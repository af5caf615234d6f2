"""Where a project differs from what others wrote: one list, and always the same few questions."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.ids import new_id
from federation.errors import NotAllowed
from protocols.adapting.actions import follow, give_values, write_part
from protocols.adapting.approval.actions import ask_approval
from protocols.overlays.rules.writing import Told as Part
from protocols.overview.queries import texts_at_a_glance, texts_to_take_up
from protocols.overview.rules import Line, Offered
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    World,
    answer,
    approve_own,
    protocol,
    released,
    revised,
    take_up,
    withdraw,
)
from tests.questions import counted

SOON = date(2027, 2, 1)
PLAIN: dict[str, Any] = {
    "kind": "protocol",
    "number": "1.0.0",
    "newer": None,
    "mode": "tracking",
    "on_shifts": False,
    "withdrawn": False,
    "replaced": 0,
    "added": 0,
    "hidden": 0,
    "overdue": False,
    "values": 0,
    "state": None,
    "yours": False,
}


def line(published: Release, title: str, **facts: Any) -> Line:
    return Line(**PLAIN | {"urn": published.urn, "title": title} | facts)


def part(published: Release, action: Any, place: int) -> Part:
    blocks: list[UUID] = [one.id for one in read_manifest(published.manifest).blocks]
    adding = action == "add"
    return Part(
        action=action,
        block=new_id() if adding else blocks[place],
        after=blocks[place] if adding else None,
        texts={"en": "Our words."},
        reason="Our way.",
        review_by=SOON,
    )


async def adopted(session: AsyncSession, world: World, title: str) -> Release:
    told = Told(title=title, parts=("One.", "Two.", "Three."))
    published = await released(session, world.north, protocol(told))
    await take_up(session, world.south, published)
    return published


async def own(session: AsyncSession, members: Members, published: Release, *actions: str) -> None:
    for place, action in enumerate(actions):
        await write_part(
            session, members.reviewer, published.urn, part(published, action, place), NOW
        )


async def test_each_text_says_how_far_it_differs_and_what_waits(
    session: AsyncSession, projects: World
) -> None:
    north, south = projects.north, projects.south
    same, ours, asked, newer, pinned, gone = [
        await adopted(session, projects, title)
        for title in ("Same", "Ours", "Asked", "Newer", "Pinned", "Gone")
    ]
    await own(session, south, ours, "replace", "add", "hide")
    await approve_own(session, south, ours.urn)
    await own(session, south, asked, "add")
    await ask_approval(session, south.reviewer, asked.urn, NOW)
    told = Told(title="Newer", parts=("One!", "Two.", "Three."))
    await revised(session, north, newer, told)
    await revised(session, north, pinned, replace(told, title="Pinned"))
    await follow(session, south.coordinator, pinned.urn, "pinned", NOW)
    await withdraw(session, north, gone, holds_texts={"en": "Stop."})
    wrong = await revised(session, north, same, replace(told, title="Same"))
    await withdraw(session, north, wrong, holds_number="1.0.0")
    await name_pool_text(session, north.coordinator, pool_id=projects.pool, urn=same.urn, now=NOW)
    drafted = await released(session, north, answer("Do I pay tax?", "You do."), "none")
    await give_values(session, south.reviewer, drafted.urn, {}, NOW)

    found = await texts_at_a_glance(session, south.coordinator, NOW)
    later = await texts_at_a_glance(session, south.coordinator, NOW.replace(year=2028))

    assert found == [
        line(asked, "Asked", state="asked", yours=True),
        line(
            drafted,
            "Do I pay tax?",
            kind="answer",
            number=None,
            mode=None,
            state="draft",
        ),
        line(gone, "Gone", withdrawn=True),
        line(newer, "Newer", newer="2.0.0"),
        line(ours, "Ours", replaced=1, added=1, hidden=1),
        line(pinned, "Pinned", newer="2.0.0", mode="pinned"),
        line(same, "Same", on_shifts=True),
    ]
    assert [one.title for one in later if one.overdue] == ["Ours"]
    by_author = await texts_at_a_glance(session, south.reviewer, NOW)
    assert [one.title for one in by_author if one.yours] == ["Do I pay tax?"]


async def test_a_withdrawn_part_marks_its_text(session: AsyncSession, projects: World) -> None:
    text = await adopted(session, projects, "Partly gone")
    block = read_manifest(text.manifest).blocks[1].id
    await withdraw(session, projects.north, text, block=block, holds_texts={"en": "Stop."})

    found = await texts_at_a_glance(session, projects.south.coordinator, NOW)

    assert found == [line(text, "Partly gone", withdrawn=True)]


async def test_other_projects_and_workers_see_nothing_of_it(
    session: AsyncSession, projects: World
) -> None:
    ours = await adopted(session, projects, "Ours")
    await own(session, projects.south, ours, "add")

    assert await texts_at_a_glance(session, projects.north.coordinator, NOW) == []
    assert await texts_at_a_glance(session, projects.elsewhere.coordinator, NOW) == []
    assert await texts_to_take_up(session, projects.elsewhere.coordinator, "") == []
    for listing in (
        texts_at_a_glance(session, projects.south.worker, NOW),
        texts_to_take_up(session, projects.south.worker, ""),
    ):
        with pytest.raises(NotAllowed):
            await listing


async def test_what_partners_released_is_found_until_it_is_used(
    session: AsyncSession, projects: World
) -> None:
    north, south = projects.north, projects.south
    await adopted(session, projects, "Used already")
    first = await released(session, north, protocol(Told(title="Closing a session")))
    await revised(session, north, first, Told(title="Closing a session", parts=("Bye.",)))
    await released(session, south, answer("100% sure?", "Yes."), "none")

    every = [
        Offered(first.urn, "Closing a session", "protocol", "2.0.0", "North"),
    ]
    assert await texts_to_take_up(session, south.coordinator, "closing") == every
    titles = [one.title for one in await texts_to_take_up(session, south.coordinator, "")]
    assert titles == ["100% sure?", "Closing a session"]
    assert [one.title for one in await texts_to_take_up(session, south.coordinator, "%")] == [
        "100% sure?"
    ]


async def test_thirty_texts_take_as_many_queries_as_one(
    session: AsyncSession, engine: AsyncEngine, projects: World
) -> None:
    counts = []
    for more in (1, 2, 27):
        for number in range(more):
            text = await adopted(session, projects, f"Text {number}")
            await own(session, projects.south, text, "replace", "add")
            if number % 2 == 0:
                await approve_own(session, projects.south, text.urn)
        await session.flush()
        session.expunge_all()
        with counted(engine) as statements:
            listed = await texts_at_a_glance(session, projects.south.coordinator, NOW)
            offered = await texts_to_take_up(session, projects.south.coordinator, "")
        counts.append((len(listed), len(offered), len(statements)))
    assert counts == [(1, 0, 9), (3, 0, 9), (30, 0, 9)]
