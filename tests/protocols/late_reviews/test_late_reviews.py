"""Texts whose review date has passed: a project's own, and its own parts of what others wrote."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from protocols.adapting.actions import write_part
from protocols.items.actions import draft_item
from protocols.late_reviews.queries import LATE_OWN_PARTS, LATE_TEXTS
from protocols.overlays.rules.writing import Told as Part
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Told,
    World,
    approve_own,
    protocol,
    released,
    take_up,
)

PART_BY = date(2027, 2, 1)
LATER = date(2028, 1, 1)


async def test_each_is_late_from_the_day_after_and_to_its_own_project_alone(
    session: AsyncSession, projects: World
) -> None:
    north, south = projects.north, projects.south
    text = await draft_item(session, north.coordinator, protocol(Told(title="Conduct")), NOW)
    for members, day, found in (
        (north, REVIEW, []),
        (south, LATER, []),
        (north, LATER, [(str(text.id), "Conduct", REVIEW, False, "north coordinator")]),
    ):
        rows = await session.execute(LATE_TEXTS, {"project": members.project, "today": day})
        assert [tuple(row) for row in rows] == found


async def test_of_own_parts_the_first_that_is_due_counts_once_they_are_in_force(
    session: AsyncSession, projects: World
) -> None:
    north, south = projects.north, projects.south
    text = await released(session, north, protocol(Told(title="Safety", parts=("One.", "Two."))))
    await take_up(session, south, text)
    blocks = [one.id for one in read_manifest(text.manifest).blocks]
    for block, day in zip(blocks, (date(2027, 8, 1), PART_BY), strict=True):
        ours = Part(
            action="replace",
            block=block,
            after=None,
            texts={"en": "Our words."},
            reason="Our way.",
            review_by=day,
        )
        await write_part(session, south.reviewer, text.urn, ours, NOW)
    drafted = await session.execute(LATE_OWN_PARTS, {"project": south.project, "today": LATER})
    assert drafted.all() == []
    await approve_own(session, south, text.urn)
    item = text.urn.removeprefix("urn:uuid:")
    for members, day, found in (
        (south, PART_BY, []),
        (north, LATER, []),
        (south, date(2027, 2, 2), [(item, "Safety", PART_BY, True, None)]),
    ):
        rows = await session.execute(LATE_OWN_PARTS, {"project": members.project, "today": day})
        assert [tuple(row) for row in rows] == found
